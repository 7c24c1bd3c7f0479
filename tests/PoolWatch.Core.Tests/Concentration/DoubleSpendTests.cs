using System.Numerics;
using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class DoubleSpendTests
{
    // Per cent, as in table 1 of Rosenfeld's paper and computed from his formula.
    [Theory]
    [InlineData(0.10, new[] { 20, 5.6, 1.712, 0.5456, 0.1782, 0.0591, 0.0008 })]
    [InlineData(0.20, new[] { 40, 20.8, 11.584, 6.6688, 3.9163, 2.3308, 0.3158 })]
    [InlineData(0.30, new[] { 60, 43.2, 32.616, 25.2072, 19.7617, 15.645, 6.5107 })]
    [InlineData(0.33, new[] { 66, 50.9652, 40.9926, 33.6428, 27.9552, 23.4281, 12.1575 })]
    [InlineData(0.40, new[] { 80, 70.4, 63.488, 57.9584, 53.3135, 49.3004, 37.2184 })]
    [InlineData(0.45, new[] { 90, 85.05, 81.3746, 78.3424, 75.7158, 73.3755, 65.7928 })]
    public void Probabilities_are_those_of_the_paper(double share, double[] percent)
    {
        int[] confirmations = [1, 2, 3, 4, 5, 6, 10];
        Assert.Equal(percent, confirmations.Select(n => Math.Round(100 * DoubleSpend.Probability(share, n), 4)));
    }

    /// <summary>
    /// The white paper's section 11 prints these. It takes a Poisson distribution for the attacker's blocks while the honest miners find theirs; the count is negative binomial, so
    /// that its numbers are too low everywhere, and PoolWatch has no function for them. Table and model are told apart here lest one be taken for the other.
    /// </summary>
    [Theory]
    [InlineData(0.1, 5, 0.0009137, 0.001782)]
    [InlineData(0.1, 10, 0.0000012, 0.000008)]
    [InlineData(0.3, 5, 0.1773523, 0.197617)]
    [InlineData(0.3, 10, 0.0416605, 0.065107)]
    public void The_white_papers_poisson_model_gives_less(double share, int confirmations, double poisson, double exact)
    {
        Assert.Equal(poisson, WhitePaper(share, confirmations), 0.5e-7);
        Assert.Equal(exact, DoubleSpend.Probability(share, confirmations), 0.5e-6);
        Assert.True(DoubleSpend.Probability(share, confirmations) > WhitePaper(share, confirmations));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(1000)]
    public void Regrouped_sum_equals_the_formula_of_the_paper_in_whole_numbers(int confirmations)
    {
        foreach (var percent in new[] { 1, 10, 30, 45, 49 })
        {
            var (expected, actual) = (Formula(percent, confirmations), DoubleSpend.Probability(percent / 100.0, confirmations));
            Assert.True(expected < 1e-300 ? actual < 1.1e-300 : Math.Abs((actual / expected) - 1) < 1e-12, $"{percent} %: {actual:R} instead of {expected:R}");
        }
    }

    [Fact]
    public void Half_of_the_hash_rate_always_succeeds_and_none_never()
    {
        Assert.Equal(1, DoubleSpend.Probability(0.5, 1000));
        Assert.Equal(1, DoubleSpend.Probability(1, 1));
        Assert.Equal(0, DoubleSpend.Probability(0, 1));
        Assert.InRange(DoubleSpend.Probability(Math.BitDecrement(0.5), 1000), 0.999, 1);
    }

    [Fact]
    public void More_share_never_lowers_the_risk_and_more_confirmations_never_raise_it() =>
        Gen.Select(Gen.Double[0, 0.5], Gen.Double[0, 0.5], Gen.Int[1, 1000]).Sample((a, b, confirmations) =>
        {
            var (less, more) = (Math.Min(a, b), Math.Max(a, b));
            Assert.InRange(DoubleSpend.Probability(less, confirmations), 0, DoubleSpend.Probability(more, confirmations) + 1e-14);
            Assert.InRange(DoubleSpend.Probability(more, confirmations + 1), 0, DoubleSpend.Probability(more, confirmations) + 1e-14);
        });

    [Fact]
    public void Risk_of_a_pool_is_at_its_share_and_at_the_upper_end_of_its_interval()
    {
        var risk = DoubleSpend.Of(302, 1008, 6);
        Assert.Equal(6, risk.Confirmations);
        Assert.Equal(DoubleSpend.Probability(302 / 1008.0, 6), risk.AtShare);
        Assert.Equal(DoubleSpend.Probability(WilsonInterval.Of(302, 1008).Upper, 6), risk.AtUpperBound);
        Assert.True(risk.AtUpperBound > risk.AtShare);
        Assert.Equal(1, DoubleSpend.Of(72, 144, 6).AtShare);
    }

    [Theory]
    [InlineData(-0.1, 1)]
    [InlineData(1.1, 1)]
    [InlineData(double.NaN, 1)]
    [InlineData(0.3, 0)]
    [InlineData(0.3, 1_000_000_001)]
    public void What_is_no_share_or_no_wait_is_refused(double share, int confirmations) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DoubleSpend.Probability(share, confirmations));

    /// <summary>1 − Σ λᵏe^(−λ)/k!·(1 − (q/p)^(z−k)) for k = 0..z, λ = z·q/p.</summary>
    private static double WhitePaper(double q, int z)
    {
        var (ratio, sum) = (q / (1 - q), 1.0);
        var term = Math.Exp(-z * ratio);
        for (var k = 0; k <= z; k++)
        {
            sum -= term * (1 - Math.Pow(ratio, z - k));
            term *= z * ratio / (k + 1);
        }

        return sum;
    }

    /// <summary>1 − Σ C(m+n−1, m)(pⁿqᵐ − pᵐqⁿ) for m = 0..n, over 100^(2n).</summary>
    private static double Formula(int q, int n)
    {
        var (p, one, choose, sum) = (100 - q, BigInteger.Pow(100, 2 * n), BigInteger.One, BigInteger.Zero);
        for (var m = 0; m <= n; m++)
        {
            var scale = BigInteger.Pow(100, n - m);
            sum += choose * ((BigInteger.Pow(p, n) * BigInteger.Pow(q, m)) - (BigInteger.Pow(p, m) * BigInteger.Pow(q, n))) * scale;
            choose = choose * (m + n) / (m + 1);
        }

        return WholeNumbers.Quotient(one - sum, one);
    }
}
