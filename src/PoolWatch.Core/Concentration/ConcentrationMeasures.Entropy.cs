namespace PoolWatch.Core.Concentration;

public static partial class ConcentrationMeasures
{
    /// <summary>Shannon entropy of the shares, Σ s·log2(1/s), in bits.</summary>
    /// <returns>0 (one entity holds all) to log2 n (n equal entities). Null without a block.</returns>
    /// <remarks>
    /// The bits needed on average to say who mined a block. Source: Shannon 1948; same convention as the Edinburgh Decentralization Index
    /// with α = 1. For hash rate it is biased downwards by about (n − 1) / (2·N·ln 2) bits (Miller 1955); not corrected here.
    /// </remarks>
    public static double? EntropyBits(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var total = (double)Total(counts, singletons);
        if (total == 0)
        {
            return null;
        }

        // Every term is positive, so nothing cancels; sorted, so that the result does not depend on the order given.
        var bits = singletons / total * Math.Log2(total);
        foreach (var count in PositiveDescending(counts))
        {
            bits += count / total * Math.Log2(total / count);
        }

        return bits;
    }

    /// <summary>Effective number of entities by entropy: 2^bits, the number of equal entities with the same entropy.</summary>
    /// <returns>1 to the number of entities, and at least <see cref="EffectiveByHhi"/>; null without a block.</returns>
    /// <remarks>Hill number of order 1 (Hill, Ecology 54, 1973). Small entities count for more than by HHI.</remarks>
    public static double? EffectiveByEntropy(ReadOnlySpan<int> counts, int singletons = 0) =>
        EntropyBits(counts, singletons) is { } bits ? Math.Pow(2, bits) : null;

    /// <summary>Rényi entropy of the shares, log2(Σ s^α) / (1 − α), in bits: how unequal entities look the more large ones are weighed.</summary>
    /// <param name="counts">Blocks per entity.</param>
    /// <param name="order">
    /// α, 0 or more: 0 is Hartley's log2 n, 1 Shannon's entropy (its limit), 2 the collision entropy −log2 HHI, <see cref="double.PositiveInfinity"/>
    /// the min-entropy −log2 of the largest share, which the Edinburgh Decentralization Index writes as −1.
    /// </param>
    /// <param name="singletons">Further entities with one block each.</param>
    /// <returns>0 (one entity holds all) to log2 n, never rising with the order. Null without a block.</returns>
    /// <remarks>
    /// At order 0 entities that are passed with 0 blocks count, as in that index; at any other they change nothing. Source: Rényi 1961.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">An order below 0, or none.</exception>
    public static double? RenyiBits(ReadOnlySpan<int> counts, double order, int singletons = 0)
    {
        if (!(order >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(order), order, "The order of an entropy is 0 or more.");
        }

        var total = (double)Total(counts, singletons);
        return total == 0 ? null : order switch
        {
            0 => Math.Log2(counts.Length + (double)singletons),
            1 => EntropyBits(counts, singletons),
            > 0.5 and < 1.5 => NearShannon(PositiveDescending(counts), singletons, total, order),
            _ => OfOrder(PositiveDescending(counts), singletons, total, order),
        };
    }

    /// <summary>Evenness: Shannon entropy over the entropy of as many equal entities, H / log2 n, those with a block counted.</summary>
    /// <returns>0 (also for one entity) to 1 (all equal); null without a block.</returns>
    /// <remarks>The Edinburgh Decentralization Index' entropy percentage, as a ratio. Source: Pielou 1966.</remarks>
    public static double? Evenness(ReadOnlySpan<int> counts, int singletons = 0)
    {
        return Entities(counts, singletons) switch
        {
            0 => null,
            1 => 0,
            var entities => Math.Min(1, EntropyBits(counts, singletons)!.Value / Math.Log2(entities)),
        };
    }

    /// <summary>Theil index: (1/n)·Σ (x/μ)·ln(x/μ) for the mean μ, which is ln n less the entropy in nats.</summary>
    /// <returns>0 (all equal, or one entity) to ln n (one of n holds all). Null without a block (the Edinburgh Decentralization Index has 0 for no entity).</returns>
    /// <remarks>Entities that are passed with 0 blocks count, as with <see cref="Gini"/>. Source: Theil 1967.</remarks>
    public static double? Theil(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var total = (double)Total(counts, singletons);
        if (total == 0)
        {
            return null;
        }

        var entities = counts.Length + (double)singletons;
        var sum = 0.0;
        foreach (var count in PositiveDescending(counts))
        {
            sum += count / total * Math.Log(count / total * entities);
        }

        return Math.Max(0, sum + (singletons / total * Math.Log(entities / total)));
    }

    /// <summary>Σ s^α is nearly 1 here: summed up is by how much it is not.</summary>
    private static double NearShannon(int[] counts, int singletons, double total, double order)
    {
        var excess = singletons / total * NearOne.ExpMinusOne((1 - order) * Math.Log(total));
        foreach (var count in counts)
        {
            excess += count / total * NearOne.ExpMinusOne((order - 1) * Math.Log(count / total));
        }

        return NearOne.LogOnePlus(excess) / ((1 - order) * Math.Log(2));
    }

    /// <summary>In parts of the largest share, so that no power of a high order is too small to be a number.</summary>
    private static double OfOrder(int[] counts, int singletons, double total, double order)
    {
        var largest = counts.Length == 0 ? 1 : (double)counts[0];
        if (double.IsPositiveInfinity(order))
        {
            return Math.Log2(total / largest);
        }

        var sum = singletons * Math.Pow(1 / largest, order);
        foreach (var count in counts)
        {
            sum += Math.Pow(count / largest, order);
        }

        // order / (1 − order) is 1 / (1 − order) − 1, which does not overflow.
        return (((1 / (1 - order)) - 1) * Math.Log2(largest / total)) + (Math.Log2(sum) / (1 - order));
    }
}
