using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class BinomialTailTests
{
    private const double TwelveDigits = 1e-12;

    private static readonly Threshold[] Thresholds =
        [Threshold.Third, Threshold.Half, Threshold.TwoThirds, new(1, 4), new(2, 5), new(1, 1_000_000), new(999_999, 1_000_000)];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(17)]
    [InlineData(144)]
    [InlineData(432)]
    public void Every_tail_of_a_short_window_is_the_exact_sum(int total)
    {
        foreach (var threshold in Thresholds)
        {
            var exact = WholeNumbers.Of(total, threshold.Numerator, threshold.Denominator);
            for (var count = 0; count <= total; count++)
            {
                AssertSame(exact.AtLeast(count), BinomialTail.ExceedsPValue(count, total, threshold), TwelveDigits);
                Assert.Equal(exact.LogAtLeast(count), BinomialTail.LogExceedsPValue(count, total, threshold), Math.Max(1e-310, -exact.LogAtLeast(count) * TwelveDigits));
            }
        }
    }

    [Theory]
    [InlineData(1008)]
    [InlineData(4320)]
    [InlineData(52_560)]
    [InlineData(1_000_000)]
    public void Tails_of_a_long_window_are_exact_down_to_1e_300(int total)
    {
        foreach (var threshold in Thresholds.AsSpan(0, 5))
        {
            var exact = WholeNumbers.Near(total, threshold);
            var (part, expected) = ((double)threshold.Numerator / threshold.Denominator, (double)total * threshold.Numerator / threshold.Denominator);
            for (var sigmas = -36.5; sigmas <= 36.5; sigmas += 0.5)
            {
                var count = (int)(expected + (sigmas * Math.Sqrt(expected * (1 - part))));
                if (count > 0 && count < total && exact.AtLeast(count) > 1e-300)
                {
                    AssertSame(exact.AtLeast(count), BinomialTail.ExceedsPValue(count, total, threshold), TwelveDigits);
                    Assert.Equal(exact.LogAtLeast(count), BinomialTail.LogExceedsPValue(count, total, threshold), TwelveDigits);
                }
            }
        }
    }

    [Fact]
    public void Tails_for_any_probability_are_the_exact_sum_for_that_double() =>
        Gen.Select(Gen.Int[1, 120], Gen.OneOf(Gen.Double[0, 1], Gen.Double[0, 1e-9], Gen.Double[1 - 1e-9, 1]).Where(p => p is > 1e-15 and < 1), Gen.Int[0, 120])
            .Sample((total, probability, count) =>
        {
            count = Math.Min(count, total);
            var (numerator, denominator) = WholeNumbers.Fraction(probability);
            var exact = WholeNumbers.Of(total, numerator, denominator);
            if (exact.AtLeast(count) > 1e-300)
            {
                AssertSame(exact.AtLeast(count), BinomialTail.AtLeast(count, total, probability), TwelveDigits);
            }

            if (exact.AtMost(count) > 1e-300)
            {
                AssertSame(exact.AtMost(count), BinomialTail.AtMost(count, total, probability), TwelveDigits);
            }
        }, iter: 400);

    [Theory]
    [InlineData(10_000, 1, 3)]
    [InlineData(1_000_000, 1, 3)]
    [InlineData(1_000_000, 2, 5)]
    public void Logarithms_go_on_where_doubles_end(int total, int numerator, int denominator)
    {
        var threshold = new Threshold(numerator, denominator);
        Assert.Equal(0, BinomialTail.ExceedsPValue(total, total, threshold));
        AssertSame(total * Math.Log((double)numerator / denominator), BinomialTail.LogExceedsPValue(total, total, threshold), 1e-14);
        AssertSame(total * Math.Log(0.75), BinomialTail.LogAtMost(0, total, 0.25), 1e-14);
        Assert.Equal(double.NegativeInfinity, BinomialTail.LogAtLeast(total + 1, total, 0.5));
    }

    // The table of issue 5: where a test at 5 % begins to reject "share ≤ t".
    [Theory]
    [InlineData(1, 4, new[] { 46, 124, 276, 537, 1128 })]
    [InlineData(1, 3, new[] { 58, 161, 362, 708, 1492 })]
    [InlineData(2, 5, new[] { 68, 191, 430, 844, 1782 })]
    [InlineData(1, 2, new[] { 83, 234, 531, 1046, 2215 })]
    public void Smallest_counts_that_reject_at_five_percent(int numerator, int denominator, int[] expected)
    {
        var threshold = new Threshold(numerator, denominator);
        int[] lengths = [144, 432, 1008, 2016, 4320];
        Assert.Equal(expected, lengths.Select(total => BinomialTail.SmallestRejecting(total, threshold, 0.05)!.Value));
    }

    /// <summary>
    /// Per cent of windows of 144, 432, 1008, 2016 and 4320 blocks in which a share that is lower in truth is seen above a threshold: why no alert may go by the plain share.
    /// </summary>
    [Theory]
    [InlineData(0.30, 1, 3, new[] { 16.7, 6.0, 1.0, 0.06, 0 })]
    [InlineData(0.31, 1, 3, new[] { 24.2, 13.6, 5.2, 1.1, 0.05 })]
    [InlineData(0.33, 1, 3, new[] { 42.7, 41.9, 39.7, 36.5, 31.4 })]
    [InlineData(0.40, 1, 2, new[] { 0.6, 0, 0, 0, 0 })]
    [InlineData(0.45, 1, 2, new[] { 9.9, 1.6, 0.07, 0, 0 })]
    public void A_plain_threshold_is_crossed_by_luck(double share, int numerator, int denominator, double[] percent)
    {
        int[] lengths = [144, 432, 1008, 2016, 4320];
        foreach (var (total, expected) in lengths.Zip(percent))
        {
            // Strictly more than the threshold's blocks.
            var crossed = 100 * BinomialTail.AtLeast((total * numerator / denominator) + 1, total, share);
            Assert.Equal(expected, crossed, expected < 0.1 ? 0.005 : 0.05);
        }
    }

    [Fact]
    public void Smallest_rejecting_count_is_where_the_p_value_crosses_the_level() =>
        Gen.Select(Gen.Int[0, 3000], Gen.Int[1, 9], Gen.Double[1e-9, 0.9]).Sample((total, tenths, level) =>
        {
            var threshold = new Threshold(tenths, 10);
            if (BinomialTail.SmallestRejecting(total, threshold, level) is { } count)
            {
                Assert.True(BinomialTail.ExceedsPValue(count, total, threshold) <= level);
                Assert.True(BinomialTail.ExceedsPValue(count - 1, total, threshold) > level);
            }
            else
            {
                Assert.True(BinomialTail.ExceedsPValue(total, total, threshold) > level);
            }
        });

    [Fact]
    public void Tails_meet_mirror_and_fall() =>
        Gen.Select(Gen.Int[1, 1_000_000], Gen.Int[0, 1 << 20], Gen.Double[-40, 40]).Sample((total, numerator, sigmas) =>
        {
            var probability = (double)numerator / (1 << 20);
            var count = (int)Math.Clamp((total * probability) + (sigmas * Math.Sqrt(total * probability * (1 - probability))), 0, total);
            var atLeast = BinomialTail.AtLeast(count, total, probability);
            Assert.Equal(1, atLeast + BinomialTail.AtMost(count - 1, total, probability), 1e-12);
            Assert.Equal(atLeast, BinomialTail.AtMost(total - count, total, 1 - probability));
            Assert.True(BinomialTail.AtLeast(count + 1, total, probability) <= atLeast);
            if (atLeast > 1e-300)
            {
                Assert.Equal(Math.Log(atLeast), BinomialTail.LogAtLeast(count, total, probability), 1e-12);
            }
        }, iter: 1000);

    /// <summary>P(X ≥ k) = ∫ n·P(k − 1 of n − 1) dp from 0 to p: the regularised incomplete beta function I_p(k, n − k + 1).</summary>
    [Theory]
    [InlineData(144, 60)]
    [InlineData(4320, 1500)]
    [InlineData(52_560, 17_700)]
    [InlineData(1_000_000, 334_000)]
    public void Upper_tail_is_the_integral_of_the_beta_density(int total, int count)
    {
        const double Share = 1 / 3.0;
        const int Steps = 2000;
        var start = Math.Max(1e-6, Share - (20 * Math.Sqrt(Share * (1 - Share) / total)));
        var step = (Share - start) / Steps;
        var simpson = Enumerable.Range(0, Steps + 1).Sum(i => (i is 0 or Steps ? 1 : i % 2 == 1 ? 4 : 2) * Density(start + (i * step))) * step / 3;
        AssertSame(BinomialTail.AtLeast(count, total, Share), simpson, 1e-8);

        double Density(double p) => total * Math.Exp(BinomialTail.LogAtLeast(count - 1, total - 1, p))
            * -(Math.Exp(BinomialTail.LogAtLeast(count, total - 1, p) - BinomialTail.LogAtLeast(count - 1, total - 1, p)) - 1);
    }

    [Fact]
    public void Ends_are_certain()
    {
        Assert.Equal(1, BinomialTail.AtLeast(0, 10, 0));
        Assert.Equal(0, BinomialTail.AtLeast(1, 10, 0));
        Assert.Equal(1, BinomialTail.AtLeast(10, 10, 1));
        Assert.Equal(0, BinomialTail.AtLeast(11, 10, 1));
        Assert.Equal(1, BinomialTail.AtLeast(-3, 10, 0.5));
        Assert.Equal(0, BinomialTail.AtMost(-1, 10, 0.5));
        Assert.Equal(1, BinomialTail.AtMost(10, 10, 0.5));
        Assert.Equal(0, BinomialTail.AtMost(9, 10, 1));
        Assert.Equal(1, BinomialTail.AtLeast(0, 0, 0.5));
        Assert.Equal(0, BinomialTail.LogAtLeast(0, 10, 0.5));
        Assert.Equal(double.NegativeInfinity, BinomialTail.LogAtMost(-1, 10, 0.5));
        Assert.Null(BinomialTail.SmallestRejecting(4, Threshold.Half, 0.05));
        Assert.Equal(5, BinomialTail.SmallestRejecting(5, Threshold.Half, 0.05));
        Assert.Null(BinomialTail.SmallestRejecting(0, Threshold.Half, 0.05));
    }

    [Fact]
    public void What_is_no_probability_count_or_level_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.AtLeast(1, 2, -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.AtLeast(1, 2, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.AtLeast(1, 2, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.AtLeast(1, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.AtMost(1, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.LogAtMost(1, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.ExceedsPValue(3, 2, Threshold.Half));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.LogExceedsPValue(-1, 2, Threshold.Half));
        Assert.Throws<ArgumentException>(() => BinomialTail.ExceedsPValue(1, 2, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.SmallestRejecting(10, Threshold.Half, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BinomialTail.SmallestRejecting(10, Threshold.Half, 1));
    }

    private static void AssertSame(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(actual - expected) <= Math.Abs(expected) * relative || (expected < 1e-300 && actual < 1.1e-300), $"{actual:R} instead of {expected:R}");
}
