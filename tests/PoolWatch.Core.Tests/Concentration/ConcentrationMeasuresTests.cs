using PoolWatch.Core.Concentration;
using PoolWatch.Core.Tests.Concentration.Coverage;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class ConcentrationMeasuresTests
{
    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0, 0 })]
    public void Nothing_is_defined_without_a_block(int[] counts)
    {
        Assert.Null(ConcentrationMeasures.Hhi(counts));
        Assert.Null(ConcentrationMeasures.UnbiasedHhi(counts));
        Assert.Null(ConcentrationMeasures.TopShare(counts, 1));
        Assert.Null(ConcentrationMeasures.Nakamoto(counts, Threshold.Half));
        Assert.Null(ConcentrationMeasures.EntropyBits(counts));
        Assert.Null(ConcentrationMeasures.EffectiveByHhi(counts));
        Assert.Null(ConcentrationMeasures.EffectiveByEntropy(counts));
        Assert.Null(ConcentrationMeasures.Gini(counts));
    }

    // The Edinburgh Decentralization Index shifts negative values in Gini ([11, 2, -1]); a block count can't be one.
    [Theory]
    [InlineData(new[] { 11, 2, -1 }, 0)]
    [InlineData(new[] { 11, 2 }, -1)]
    public void Negative_counts_are_refused(int[] counts, int singletons)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Hhi(counts, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.UnbiasedHhi(counts, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.TopShare(counts, 1, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Nakamoto(counts, Threshold.Half, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.EntropyBits(counts, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.EffectiveByHhi(counts, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.EffectiveByEntropy(counts, singletons));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Gini(counts, singletons));
    }

    [Fact]
    public void One_entity_with_everything_is_the_end_of_every_scale()
    {
        int[] counts = [144];
        Assert.Equal(1, ConcentrationMeasures.Hhi(counts));
        Assert.Equal(1, ConcentrationMeasures.UnbiasedHhi(counts));
        Assert.Equal(1, ConcentrationMeasures.TopShare(counts, 1));
        Assert.Equal(1, ConcentrationMeasures.Nakamoto(counts, Threshold.TwoThirds));
        Assert.Equal(0, ConcentrationMeasures.EntropyBits(counts));
        Assert.Equal(1, ConcentrationMeasures.EffectiveByHhi(counts));
        Assert.Equal(1, ConcentrationMeasures.EffectiveByEntropy(counts));
        Assert.Equal(0, ConcentrationMeasures.Gini(counts));
    }

    [Fact]
    public void Unbiased_hhi_needs_two_blocks()
    {
        Assert.Null(ConcentrationMeasures.UnbiasedHhi([1]));
        Assert.Equal(0, ConcentrationMeasures.UnbiasedHhi([1, 1]));
        Assert.Equal(1, ConcentrationMeasures.UnbiasedHhi([2]));
    }

    // E[H] = H + (1 − H)/N: for H = 0.16 an observed HHI is expected 58, 8 and 2 points of 10,000 too high.
    [Theory]
    [InlineData(144, 58.33)]
    [InlineData(1008, 8.33)]
    [InlineData(4320, 1.94)]
    public void Unbiased_hhi_takes_the_sampling_bias_off(int blocks, double points)
    {
        const int Windows = 2000;
        const double Truth = 0.16;
        var sampler = new WindowSampler([0.3, .. Enumerable.Repeat(0.1, 7)]);
        var (random, biased, unbiased, squares) = (new Random(1), 0.0, 0.0, 0.0);
        for (var i = 0; i < Windows; i++)
        {
            var counts = sampler.Draw(blocks, random);
            var estimate = ConcentrationMeasures.UnbiasedHhi(counts)!.Value;
            Assert.Equal(((blocks * ConcentrationMeasures.Hhi(counts)!.Value) - 1) / (blocks - 1), estimate, 1e-14);
            biased += ConcentrationMeasures.Hhi(counts)!.Value / Windows;
            unbiased += estimate / Windows;
            squares += (estimate - Truth) * (estimate - Truth) / Windows;
        }

        // The mean of so many windows is known to its standard error, that of the difference much better.
        Assert.Equal(Truth, unbiased, 3 * Math.Sqrt(squares / Windows));
        Assert.Equal(points, (biased - unbiased) * 10_000, 0.1);
    }

    [Fact]
    public void More_of_the_largest_than_there_are_is_everything() =>
        Assert.Equal(1, ConcentrationMeasures.TopShare([3, 2], 6));

    [Fact]
    public void Zero_largest_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.TopShare([1], 0));

    [Fact]
    public void Very_large_counts_do_not_overflow()
    {
        int[] counts = [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue];
        Assert.Equal(0.25, ConcentrationMeasures.Hhi(counts));
        Assert.Equal(0.5, ConcentrationMeasures.TopShare(counts, 2));
        Assert.Equal(3, ConcentrationMeasures.Nakamoto(counts, Threshold.Half));
        Assert.Equal(4, ConcentrationMeasures.Nakamoto(counts, new Threshold(int.MaxValue - 1, int.MaxValue)));
        Assert.Equal(2, ConcentrationMeasures.EntropyBits(counts));
        Assert.Equal(0, ConcentrationMeasures.Gini(counts));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    [InlineData(1, 0)]
    public void A_threshold_lies_between_nothing_and_everything(int numerator, int denominator) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Threshold(numerator, denominator));

    [Fact]
    public void A_threshold_without_a_value_is_refused() =>
        Assert.Throws<ArgumentException>(() => ConcentrationMeasures.Nakamoto([1], default));

    [Fact]
    public void An_unnamed_rule_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Nakamoto([1], Threshold.Half, rule: (ThresholdRule)2));
}
