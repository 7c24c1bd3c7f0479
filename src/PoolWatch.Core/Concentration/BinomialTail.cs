namespace PoolWatch.Core.Concentration;

/// <summary>Exact tails of the binomial distribution: how probable so many blocks of a window are for a given share of hash rate.</summary>
/// <remarks>
/// <para>Nothing is approximated by a normal distribution. Results are right to about 12 digits from 1 down to 1e-300, for any window up
/// to 1,000,000 blocks (checked there against whole-number arithmetic); below that the logarithms go on. A window costs time in proportion to the
/// square root of its length: a microsecond for a week, some ten for a million blocks.</para>
/// <para>Model: each block is found by the entity with the same probability, whoever found the others. It holds for windows that are
/// chosen beforehand; who asks at every block, or of the pool that happens to be largest, must expect more small values than the level says.</para>
/// </remarks>
public static class BinomialTail
{
    /// <summary>Probability of <paramref name="count"/> successes or more.</summary>
    /// <param name="count">Any number; 1 is the answer up to 0, and 0 above <paramref name="total"/>.</param>
    /// <param name="total">Trials, 0 or more.</param>
    /// <param name="probability">Of a success in each, 0..1.</param>
    /// <returns>0..1; 0 also for what is too small for a double, below about 5e-324.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a probability outside 0..1.</exception>
    public static double AtLeast(int count, int total, double probability) => Upper(count, total, Chance.Of(probability));

    /// <summary>Probability of <paramref name="count"/> successes or fewer; see <see cref="AtLeast"/>.</summary>
    /// <returns>0..1; 0 below 0 successes, 1 from <paramref name="total"/> on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a probability outside 0..1.</exception>
    public static double AtMost(int count, int total, double probability) => Lower(count, total, Chance.Of(probability));

    /// <summary>Natural logarithm of <see cref="AtLeast"/>, also where that is too small for a double.</summary>
    /// <returns>At most 0; −∞ for what cannot be.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a probability outside 0..1.</exception>
    public static double LogAtLeast(int count, int total, double probability) => LogUpper(count, total, Chance.Of(probability));

    /// <summary>Natural logarithm of <see cref="AtMost"/>, also where that is too small for a double.</summary>
    /// <returns>At most 0; −∞ for what cannot be.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a probability outside 0..1.</exception>
    public static double LogAtMost(int count, int total, double probability) => LogUpper(total - count, total, Chance.Of(probability).Reversed());

    /// <summary>p-value of the hypothesis that the true share is at most a threshold: the one-sided exact binomial test.</summary>
    /// <param name="count">Blocks of the entity, 0..<paramref name="total"/>.</param>
    /// <param name="total">Blocks of the window.</param>
    /// <param name="threshold">The share, an exact fraction: 1/3 is no double.</param>
    /// <returns>
    /// 0..1: how probable so many blocks or more are for a share of just the threshold, and so at most for any share below. Small: the
    /// share exceeds the threshold and it is no luck.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a count outside 0..<paramref name="total"/>.</exception>
    /// <exception cref="ArgumentException">A threshold that was never given a value.</exception>
    public static double ExceedsPValue(int count, int total, Threshold threshold)
    {
        RequireCount(count, total);
        return Upper(count, total, Chance.Of(threshold));
    }

    /// <summary>Natural logarithm of <see cref="ExceedsPValue"/>, also where that is too small for a double.</summary>
    /// <returns>At most 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a count outside 0..<paramref name="total"/>.</exception>
    /// <exception cref="ArgumentException">A threshold that was never given a value.</exception>
    public static double LogExceedsPValue(int count, int total, Threshold threshold)
    {
        RequireCount(count, total);
        return LogUpper(count, total, Chance.Of(threshold));
    }

    /// <summary>The fewest blocks at which <see cref="ExceedsPValue"/> is at most a level: from there on the test rejects.</summary>
    /// <param name="total">Blocks of the window, 0 or more.</param>
    /// <param name="threshold">The share that is put to the test.</param>
    /// <param name="level">Level of the test, above 0 and below 1; 0.05 for one in twenty.</param>
    /// <returns>1..<paramref name="total"/>; null where even all blocks of so short a window prove nothing.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative total, or a level that is none.</exception>
    /// <exception cref="ArgumentException">A threshold that was never given a value.</exception>
    public static int? SmallestRejecting(int total, Threshold threshold, double level)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        if (!(level is > 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        }

        var chance = Chance.Of(threshold);
        var (low, high) = (0, total);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = Upper(middle, total, chance) <= level ? (low, middle) : (middle + 1, high);
        }

        return Upper(low, total, chance) <= level ? low : null;
    }

    internal static double Upper(int count, int total, Chance chance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        if (Certain(count, total, chance) is { } certain)
        {
            return certain;
        }

        // The tail away from the expected number: its terms only fall, and its complement is then never small.
        return chance.Excess(count, total) > 0
            ? Math.Min(1, Math.Exp(chance.LogOfExactly(count, total)) * RatioSum(count, total, chance))
            : 1 - Upper(total - count + 1, total, chance.Reversed());
    }

    private static double Lower(int count, int total, Chance chance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        return count < 0 ? 0 : count >= total ? 1 : Upper(total - count, total, chance.Reversed());
    }

    private static double LogUpper(int count, int total, Chance chance)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        if (Certain(count, total, chance) is { } certain)
        {
            return Math.Log(certain);
        }

        return chance.Excess(count, total) > 0
            ? Math.Min(0, chance.LogOfExactly(count, total) + Math.Log(RatioSum(count, total, chance)))
            : NearOne.LogOnePlus(-Upper(total - count + 1, total, chance.Reversed()));
    }

    private static double? Certain(int count, int total, Chance chance) =>
        count <= 0 ? 1 : count > total || chance.Success == 0 ? 0 : chance.Failure == 0 ? 1 : null;

    /// <summary>The tail from a count on over its first term, for a count above the expected number.</summary>
    private static double RatioSum(int count, int total, Chance chance)
    {
        // Of what falls below this a million more terms would not change the sum.
        const double Negligible = 1e-22;
        var odds = chance.Odds;
        var (sum, term) = (1.0, 1.0);
        for (var i = count; i < total && term > Negligible * sum; i++)
        {
            term *= (total - i) * odds / (i + 1.0);
            sum += term;
        }

        return sum;
    }

    private static void RequireCount(int count, int total)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(total);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, total);
    }
}
