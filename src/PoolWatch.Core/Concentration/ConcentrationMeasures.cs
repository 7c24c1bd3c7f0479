namespace PoolWatch.Core.Concentration;

/// <summary>Measures of how unequally blocks are spread over entities.</summary>
/// <remarks>
/// <para>Every function takes blocks per entity in any order, and <c>singletons</c>: the number of further entities with one block each,
/// which is how unattributed blocks enter without a list of them. A negative count is refused with
/// <see cref="ArgumentOutOfRangeException"/>. A measure that does not exist, as any without a block, is null and never 0 or NaN.</para>
/// <para>Entities without a block change nothing but <see cref="Gini"/>, <see cref="Theil"/> and <see cref="RenyiBits"/> of order 0. Sums are of integers and floating point starts at the last
/// division; those of logarithms add fractions, in descending order. So the order of the counts never shows in a result.</para>
/// </remarks>
public static partial class ConcentrationMeasures
{
    /// <summary>Number of entities with a block.</summary>
    /// <returns>0 or more.</returns>
    public static int Entities(ReadOnlySpan<int> counts, int singletons = 0)
    {
        Total(counts, singletons);
        return checked(counts.Length - counts.Count(0) + singletons);
    }

    /// <summary>Herfindahl-Hirschman index: the sum of squared shares, Σ s².</summary>
    /// <returns>
    /// 1/n (n equal entities) to 1 (one entity holds all); times 10,000 on the scale of competition authorities. Null without a block.
    /// </returns>
    /// <remarks>
    /// The probability that two blocks drawn with replacement have the same miner. Sources: Herfindahl 1950; US Department of Justice,
    /// Horizontal Merger Guidelines. As an estimate for hash rate it is biased upwards: see <see cref="UnbiasedHhi"/>.
    /// </remarks>
    public static double? Hhi(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var total = Total(counts, singletons);
        return total == 0 ? null : Ratio(SumOfSquares(counts) + (UInt128)singletons, (UInt128)total * (UInt128)total);
    }

    /// <summary>HHI without the bias of a finite sample: (N·H − 1) / (N − 1), which is Σ x(x − 1) / N(N − 1).</summary>
    /// <returns>0 (no entity has two blocks) to 1. Null below two blocks.</returns>
    /// <remarks>
    /// The probability that two different blocks of the window have the same miner. Its expectation is the HHI of the underlying
    /// hash-rate shares for independent blocks (Simpson, Nature 163, 1949), whereas that of <see cref="Hhi"/> is H + (1 − H)/N.
    /// </remarks>
    public static double? UnbiasedHhi(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var total = Total(counts, singletons);
        return total < 2
            ? null
            : Ratio(SumOfSquares(counts) + (UInt128)singletons - (UInt128)total, (UInt128)total * (UInt128)(total - 1));
    }

    /// <summary>Concentration ratio: the share of the <paramref name="n"/> largest entities together.</summary>
    /// <param name="counts">Blocks per entity.</param>
    /// <param name="n">How many, at least 1; where there are fewer entities the result is 1.</param>
    /// <param name="singletons">Further entities with one block each.</param>
    /// <returns>Above 0, up to 1; null without a block (the Edinburgh Decentralization Index has 0 there).</returns>
    public static double? TopShare(ReadOnlySpan<int> counts, int n, int singletons = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var total = Total(counts, singletons);
        if (total == 0)
        {
            return null;
        }

        var descending = PositiveDescending(counts);
        var held = descending.Take(n).Sum(static count => (long)count) + Math.Clamp(n - descending.Length, 0, singletons);
        return (double)held / total;
    }

    /// <summary>Nakamoto coefficient: the smallest number of entities that together hold strictly more than a part of the blocks.</summary>
    /// <param name="counts">Blocks per entity.</param>
    /// <param name="threshold">The part; <see cref="Threshold.Half"/> for a majority.</param>
    /// <param name="singletons">Further entities with one block each.</param>
    /// <param name="rule">
    /// <see cref="ThresholdRule.AtLeast"/> gives the Edinburgh Decentralization Index' tau, which takes reaching the threshold for enough.
    /// </param>
    /// <returns>1 or more; null without a block.</returns>
    /// <remarks>
    /// Compared as integers, blocks × denominator against total × numerator: with sums of floating-point shares twelve equal entities
    /// come out one too high at exactly half. Source: Srinivasan and Lee, "Quantifying Decentralization", 2017.
    /// </remarks>
    /// <exception cref="ArgumentException">A threshold that was never given a value.</exception>
    public static int? Nakamoto(
        ReadOnlySpan<int> counts, Threshold threshold, int singletons = 0, ThresholdRule rule = ThresholdRule.MoreThan)
    {
        if (threshold == default)
        {
            throw new ArgumentException("The threshold has no value.", nameof(threshold));
        }

        var total = Total(counts, singletons);
        if (total == 0)
        {
            return null;
        }

        var needed = BlocksNeeded(total, threshold, rule);
        var entities = 0;
        var held = 0L;
        foreach (var count in PositiveDescending(counts))
        {
            held += count;
            entities++;
            if (held >= needed)
            {
                return entities;
            }
        }

        return checked((int)(entities + (needed - held)));
    }

    /// <summary>Effective number of entities by HHI: 1/HHI, the number of equal entities with the same HHI.</summary>
    /// <returns>1 to the number of entities; null without a block.</returns>
    /// <remarks>Hill number of order 2 (Hill, Ecology 54, 1973); Laakso and Taagepera 1979. Large entities dominate it.</remarks>
    public static double? EffectiveByHhi(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var total = Total(counts, singletons);
        return total == 0 ? null : Ratio((UInt128)total * (UInt128)total, SumOfSquares(counts) + (UInt128)singletons);
    }

    /// <summary>Gini coefficient: Σ (2i − n − 1)·x_i / (n·S) over the counts in ascending order, i = 1..n.</summary>
    /// <returns>0 (all equal, or one entity) to 1 − 1/n (one of n holds all). Null without a block.</returns>
    /// <remarks>
    /// Entities with 0 blocks count as entities when they are passed, as in the Edinburgh Decentralization Index, so the value depends on
    /// who is taken to be there at all: of all measures here it says least about who could abuse the chain. Source: Gini 1912.
    /// </remarks>
    public static double? Gini(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var total = Total(counts, singletons);
        if (total == 0)
        {
            return null;
        }

        var positive = PositiveDescending(counts);
        var entities = counts.Length + (long)singletons;
        var zeros = counts.Length - positive.Length;

        // The singletons take ranks zeros + 1 .. zeros + singletons: Σ (2i − n − 1) over them.
        var sum = (Int128)singletons * ((2L * zeros) + singletons - entities);
        for (var i = 0; i < positive.Length; i++)
        {
            sum += (Int128)(entities - 1 - (2L * i)) * positive[i];
        }

        return (double)sum / (double)((Int128)entities * total);
    }

    /// <summary>Σ (x / <paramref name="total"/>)² where the total includes blocks that belong to none of the entities.</summary>
    internal static double? HhiWithin(ReadOnlySpan<int> counts, int singletons, int total) =>
        total == 0 ? null : Ratio(SumOfSquares(counts) + (UInt128)singletons, (UInt128)total * (UInt128)total);

    /// <summary>The fewest blocks that satisfy the threshold.</summary>
    private static long BlocksNeeded(long total, Threshold threshold, ThresholdRule rule)
    {
        var (whole, rest) = Int128.DivRem((Int128)total * threshold.Numerator, threshold.Denominator);
        return rule switch
        {
            ThresholdRule.MoreThan => (long)whole + 1,
            ThresholdRule.AtLeast => (long)whole + (rest == 0 ? 0 : 1),
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, "No such rule."),
        };
    }

    private static long Total(ReadOnlySpan<int> counts, int singletons)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(singletons);
        var total = (long)singletons;
        foreach (var count in counts)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(counts));
            total += count;
        }

        return total;
    }

    private static UInt128 SumOfSquares(ReadOnlySpan<int> counts)
    {
        var sum = UInt128.Zero;
        foreach (var count in counts)
        {
            sum += (UInt128)((long)count * count);
        }

        return sum;
    }

    internal static int[] PositiveDescending(ReadOnlySpan<int> counts)
    {
        int[] sorted = [.. counts];
        Array.Sort(sorted);
        Array.Reverse(sorted);
        var positive = sorted.AsSpan().IndexOf(0);
        return positive < 0 ? sorted : sorted[..positive];
    }

    private static double Ratio(UInt128 numerator, UInt128 denominator) => (double)numerator / (double)denominator;
}
