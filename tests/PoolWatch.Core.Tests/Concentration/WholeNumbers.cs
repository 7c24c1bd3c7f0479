using System.Numerics;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

/// <summary>Binomial probabilities by whole numbers of any size: slow, and without any rounding that could be shared with what is tested.</summary>
internal sealed class WholeNumbers
{
    private readonly BigInteger[] _upper;
    private readonly int _first;

    private WholeNumbers(BigInteger[] upper, int first) => (_upper, _first) = (upper, first);

    /// <summary>Every term as a whole number over denominator^total.</summary>
    public static WholeNumbers Of(int total, BigInteger numerator, BigInteger denominator)
    {
        var term = BigInteger.Pow(denominator - numerator, total);
        var terms = new BigInteger[total + 1];
        for (var k = 0; k <= total; k++)
        {
            terms[k] = term;
            term = term * (total - k) * numerator / ((k + 1) * (denominator - numerator));
        }

        return SumUp(terms, 0);
    }

    /// <summary>The terms near the expected number relative to the largest, to 1300 binary places: those left out sum to less than 1e-400.</summary>
    public static WholeNumbers Near(int total, Threshold threshold)
    {
        var (success, failure) = (threshold.Numerator, threshold.Denominator - threshold.Numerator);
        var mode = (int)((long)total * success / threshold.Denominator);
        var reach = (int)(45 * Math.Sqrt((double)total * success * failure) / threshold.Denominator) + 45;
        var (first, last) = (Math.Max(0, mode - reach), Math.Min(total, mode + reach));
        var terms = new BigInteger[last - first + 1];
        terms[mode - first] = BigInteger.One << 1300;
        for (var k = mode; k < last; k++)
        {
            terms[k + 1 - first] = terms[k - first] * (total - k) * success / ((k + 1L) * failure);
        }

        for (var k = mode; k > first; k--)
        {
            terms[k - 1 - first] = terms[k - first] * k * failure / ((total - k + 1L) * success);
        }

        return SumUp(terms, first);
    }

    public static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        var denominator = BigInteger.One;
        while (value != Math.Floor(value))
        {
            (value, denominator) = (value * 2, denominator * 2);
        }

        return (new BigInteger(value), denominator);
    }

    public double AtLeast(int count) => Quotient(_upper[count - _first], _upper[0]);

    public double LogAtLeast(int count)
    {
        var rest = AtMost(count - 1);
        return rest < 0.5
            ? -Enumerable.Range(1, 60).Reverse().Sum(i => Math.Pow(rest, i) / i)
            : BigInteger.Log(_upper[count - _first]) - BigInteger.Log(_upper[0]);
    }

    public double AtMost(int count) => Quotient(_upper[0] - _upper[count + 1 - _first], _upper[0]);

    public static double Quotient(BigInteger numerator, BigInteger denominator)
    {
        if (numerator.IsZero)
        {
            return 0;
        }

        var shift = (int)(denominator.GetBitLength() - numerator.GetBitLength()) + 100;
        return Math.ScaleB((double)((numerator << shift) / denominator), -shift);
    }

    private static WholeNumbers SumUp(BigInteger[] terms, int first)
    {
        var upper = new BigInteger[terms.Length + 1];
        for (var i = terms.Length - 1; i >= 0; i--)
        {
            upper[i] = upper[i + 1] + terms[i];
        }

        return new WholeNumbers(upper, first);
    }
}
