namespace PoolWatch.Core.Concentration;

/// <summary>Whether an entity's part of the blocks differs between two windows by more than luck.</summary>
/// <param name="Difference">Share in the later window less share in the earlier, −1..1.</param>
/// <param name="Lower">Lower end of the difference's 95 % interval (Newcombe, Statistics in Medicine 17, 1998, method 10), −1..1.</param>
/// <param name="Upper">Upper end, −1..1.</param>
/// <param name="Z">
/// The difference in standard errors of a common share; above 0 where the share rose. 0 where both windows have none or nothing but the entity's.
/// </param>
/// <param name="PValue">
/// 0..1: how probable a difference this large or larger, in either direction, is while the share stays the same (Fisher's exact test, twice
/// the smaller tail). For one entity and two windows chosen beforehand.
/// </param>
/// <remarks>
/// Fisher's test keeps its level at any share and length, at the price of some power: it is given the sum of both counts, whose
/// distribution no longer depends on the unknown common share. With K entities looked at in each of M pairs of windows, expect up to K·M·level
/// false alarms: divide the level by K·M for at most one in 1/level periods.
/// </remarks>
public readonly record struct ShareShift(double Difference, double Lower, double Upper, double Z, double PValue)
{
    /// <summary>Compares two windows that share no block.</summary>
    /// <param name="earlier">Blocks of the entity in the earlier window, 0..<paramref name="earlierTotal"/>.</param>
    /// <param name="earlierTotal">Blocks of the earlier window, 1 to 1,000,000,000.</param>
    /// <param name="later">Blocks of the entity in the later window, 0..<paramref name="laterTotal"/>.</param>
    /// <param name="laterTotal">Blocks of the later window, 1 to 1,000,000,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of its range.</exception>
    public static ShareShift Of(int earlier, int earlierTotal, int later, int laterTotal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlierTotal, 1_000_000_000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(laterTotal, 1_000_000_000);
        var (was, isNow) = (WilsonInterval.Of(earlier, earlierTotal), WilsonInterval.Of(later, laterTotal));
        var (from, to) = ((double)earlier / earlierTotal, (double)later / laterTotal);
        var difference = to - from;
        return new ShareShift(
            difference,
            difference - Root(to - isNow.Lower, was.Upper - from),
            difference + Root(isNow.Upper - to, from - was.Lower),
            StandardErrors(difference, earlier + later, earlierTotal, laterTotal),
            Math.Min(1, 2 * Math.Min(
                UpperTail(later, laterTotal, earlier, earlierTotal), UpperTail(earlier, earlierTotal, later, laterTotal))));
    }

    private static double Root(double a, double b) => Math.Sqrt((a * a) + (b * b));

    private static double StandardErrors(double difference, int count, int earlierTotal, int laterTotal)
    {
        var common = (double)count / (earlierTotal + laterTotal);
        var error = Math.Sqrt(common * (1 - common) * ((1.0 / earlierTotal) + (1.0 / laterTotal)));
        return error == 0 ? 0 : difference / error;
    }

    /// <summary>Probability that the first window has so many of both windows' blocks of the entity or more, if each of its blocks fell anywhere.</summary>
    private static double UpperTail(int count, int total, int other, int otherTotal)
    {
        // Above the expected number the terms only fall; below it the complement is the far tail.
        var excess = ((long)count * otherTotal) - ((long)other * total);
        return excess > 0
            ? Math.Min(1, Math.Exp(LogOfExactly(count, total, other, otherTotal)) * RatioSum(count, total, other, otherTotal))
            : other == otherTotal || count == 0 ? 1 : 1 - UpperTail(other + 1, otherTotal, count - 1, total);
    }

    /// <summary>ln of a hypergeometric probability as a quotient of binomial ones, which loses no digits in large windows (Loader 2000).</summary>
    private static double LogOfExactly(int count, int total, int other, int otherTotal)
    {
        if (count + other == total + otherTotal)
        {
            return 0;
        }

        var common = Chance.Of(count + other, total + otherTotal);
        return common.LogOfExactly(count, total) + common.LogOfExactly(other, otherTotal) - common.LogOfExactly(count + other, total + otherTotal);
    }

    private static double RatioSum(int count, int total, int other, int otherTotal)
    {
        var (sum, term) = (1.0, 1.0);
        for (int x = count, y = other; x < total && y > 0 && term > 1e-22 * sum; x++, y--)
        {
            term *= (double)(total - x) / (x + 1) * y / (otherTotal - y + 1.0);
            sum += term;
        }

        return sum;
    }
}
