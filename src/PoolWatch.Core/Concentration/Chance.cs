namespace PoolWatch.Core.Concentration;

/// <summary>A probability and its complement, each as the sum of two doubles: some 31 digits.</summary>
/// <remarks>
/// A third is no double. Over a million trials the error of the nearest one would show in the twelfth digit of a far tail, and 1 − p of a
/// small p would lose all that is behind p's last digit.
/// </remarks>
internal readonly record struct Chance(double Success, double SuccessRest, double Failure, double FailureRest)
{
    /// <exception cref="ArgumentOutOfRangeException">Not from 0 to 1.</exception>
    public static Chance Of(double probability)
    {
        if (!(probability is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability lies from 0 to 1.");
        }

        var failure = 1 - probability;
        return new Chance(probability, 0, failure, 1 - failure - probability);
    }

    /// <exception cref="ArgumentException">A threshold that was never given a value.</exception>
    public static Chance Of(Threshold threshold)
    {
        if (threshold == default)
        {
            throw new ArgumentException("The threshold has no value.", nameof(threshold));
        }

        return Of(threshold.Numerator, threshold.Denominator);
    }

    /// <summary>An exact fraction, 0 ≤ numerator ≤ denominator.</summary>
    public static Chance Of(int numerator, int denominator)
    {
        var (success, successRest) = Quotient(numerator, denominator);
        var (failure, failureRest) = Quotient(denominator - numerator, denominator);
        return new Chance(success, successRest, failure, failureRest);
    }

    public double Odds => Success / Failure * (1 + (SuccessRest / Success) - (FailureRest / Failure));

    public double LogSuccess => Math.Log(Success) + (SuccessRest / Success);

    public double LogFailure => Math.Log(Failure) + (FailureRest / Failure);

    /// <summary>The same seen from the failures.</summary>
    public Chance Reversed() => new(Failure, FailureRest, Success, SuccessRest);

    /// <summary>By how much successes are more than expected: count − total·p.</summary>
    public double Excess(int count, int total) => Difference(count, total, Success, SuccessRest);

    /// <summary>ln of the probability of exactly so many successes; both outcomes must be possible.</summary>
    /// <remarks>
    /// Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000: the distances from the expected numbers of successes and
    /// failures, so that numbers as large as ln total! never meet.
    /// </remarks>
    public double LogOfExactly(int count, int total)
    {
        if (count == 0)
        {
            return total * LogFailure;
        }

        var failures = total - count;
        if (failures == 0)
        {
            return total * LogSuccess;
        }

        return StirlingRest(total) - StirlingRest(count) - StirlingRest(failures)
            - Deviance(count, total, Success, SuccessRest) - Deviance(failures, total, Failure, FailureRest)
            - (0.5 * Math.Log(2 * Math.PI * count * ((double)failures / total)));
    }

    /// <summary>ln n! less Stirling's ln(√(2πn)·(n/e)ⁿ).</summary>
    private static double StirlingRest(int n)
    {
        if (n < 16)
        {
            var factorial = 1.0;
            for (var i = 2; i <= n; i++)
            {
                factorial *= i;
            }

            return Math.Log(factorial) - ((n + 0.5) * Math.Log(n)) + n - (0.5 * Math.Log(2 * Math.PI));
        }

        var square = 1.0 / ((double)n * n);
        return ((1.0 / 12) - (((1.0 / 360) - (((1.0 / 1260) - (((1.0 / 1680) - (square / 1188)) * square)) * square)) * square)) / n;
    }

    /// <summary>x·ln(x/e) + e − x for the expected number e = total·p; x at least 1.</summary>
    private static double Deviance(int x, int total, double p, double rest)
    {
        var (difference, expected) = (Difference(x, total, p, rest), total * p);
        var v = difference / (x + expected);
        if (Math.Abs(v) > 0.3)
        {
            return (x * Math.Log(x / expected)) - difference;
        }

        // ln(x/e) = 2·artanh v as a series: what cancels against the difference is left out from the start.
        var square = v * v;
        var (sum, power) = (0.0, v);
        for (var odd = 3; odd < 60; odd += 2)
        {
            power *= square;
            var before = sum;
            sum += power / odd;
            if (sum == before)
            {
                break;
            }
        }

        return (v * difference) + (2 * x * sum);
    }

    private static double Difference(int x, int total, double p, double rest)
    {
        var product = total * p;
        return x - product - (Math.FusedMultiplyAdd(total, p, -product) + (total * rest));
    }

    private static (double Quotient, double Remainder) Quotient(int numerator, int denominator)
    {
        var value = (double)numerator / denominator;
        return (value, -Math.FusedMultiplyAdd(value, denominator, -numerator) / denominator);
    }
}
