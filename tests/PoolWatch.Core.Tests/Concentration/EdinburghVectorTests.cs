using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

/// <summary>
/// Vectors of the Edinburgh Decentralization Index (Blockchain-Technology-Lab/consensus-decentralization, commit 605ebc9,
/// tests/test_metrics.py and tests/test_analyze.py), on this project's scales. Where the index sums floating-point shares and so misses
/// a boundary, the exact value is expected.
/// </summary>
public sealed class EdinburghVectorTests
{
    [Theory]
    [InlineData(new[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, 1000)]
    [InlineData(new[] { 8, 6, 3, 3 }, 2950)]
    [InlineData(new[] { 2, 2 }, 5000)]
    [InlineData(new[] { 1 }, 10000)]
    public void Hhi_is_that_of_the_index_over_ten_thousand(int[] counts, int expected) =>
        Assert.Equal(expected / 10000.0, ConcentrationMeasures.Hhi(counts));

    [Theory]
    [InlineData(new[] { 5, 4, 3, 2, 1 }, 0.2666667)]
    [InlineData(new[] { 368, 156, 20, 7, 10, 49, 22, 1 }, 0.6779226)]
    [InlineData(new[] { 1, 1, 3, 0, 0 }, 0.56)]
    [InlineData(new[] { 1 }, 0)]
    [InlineData(new[] { 4, 2, 2, 1 }, 0.25)]
    [InlineData(new[] { 4, 2, 2 }, 0.1666667)]
    public void Gini_is_that_of_the_index(int[] counts, double expected) =>
        Assert.Equal(expected, ConcentrationMeasures.Gini(counts)!.Value, 0.00000005);

    [Theory]
    [InlineData(new[] { 3, 2, 1 }, 1.459, 0.0005)]
    [InlineData(new[] { 1, 1, 1 }, 1.585, 0.0005)]
    [InlineData(new[] { 4, 2, 2, 1 }, 1.836591668108979, 1e-15)]
    [InlineData(new[] { 4, 2, 2 }, 1.5, 0)]
    public void Entropy_is_that_of_the_index(int[] counts, double expected, double tolerance) =>
        Assert.Equal(expected, ConcentrationMeasures.EntropyBits(counts)!.Value, tolerance);

    [Theory]
    [InlineData(new[] { 3, 2, 1 }, 1, 1.459)]
    [InlineData(new[] { 3, 2, 1 }, double.PositiveInfinity, 1.0)]
    [InlineData(new[] { 432, 288, 216, 64 }, 0, 2.0)]
    [InlineData(new[] { 432, 288, 216, 64 }, 2, 1.642)]
    [InlineData(new[] { 432, 288, 0, 0 }, 0, 2.0)]
    public void Entropies_of_other_orders_are_those_of_the_index(int[] counts, double order, double expected) =>
        Assert.Equal(expected, ConcentrationMeasures.RenyiBits(counts, order)!.Value, 0.0005);

    [Theory]
    [InlineData(new[] { 3, 2, 1 }, 0.921)]
    [InlineData(new[] { 1, 1, 1, 0 }, 1)]
    [InlineData(new[] { 7, 0 }, 0)]
    public void Evenness_is_the_entropy_percentage_of_the_index(int[] counts, double expected) =>
        Assert.Equal(expected, ConcentrationMeasures.Evenness(counts)!.Value, 0.0005);

    [Theory]
    [InlineData(new[] { 3, 2, 1 }, 0.087)]
    [InlineData(new[] { 3, 2, 1, 1, 1, 1 }, 0.115)]
    [InlineData(new[] { 432, 0, 0, 0 }, 1.386)]
    [InlineData(new[] { 432 }, 0)]
    public void Theil_index_is_that_of_the_index(int[] counts, double expected) =>
        Assert.Equal(expected, ConcentrationMeasures.Theil(counts)!.Value, 0.0005);

    /// <summary>Without a block the index has no value, 0, or a division by zero; here none has one.</summary>
    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 0, 0 })]
    public void Nothing_is_measured_without_a_block(int[] counts)
    {
        Assert.Null(ConcentrationMeasures.Theil(counts));
        Assert.Null(ConcentrationMeasures.EntropyBits(counts));
        Assert.Null(ConcentrationMeasures.RenyiBits(counts, 0));
        Assert.Null(ConcentrationMeasures.RenyiBits(counts, 2));
        Assert.Null(ConcentrationMeasures.Evenness(counts));
        Assert.Null(ConcentrationMeasures.Hhi(counts));
        Assert.Null(ConcentrationMeasures.Gini(counts));
        Assert.Null(ConcentrationMeasures.Nakamoto(counts, new Threshold(33, 100), rule: ThresholdRule.AtLeast));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3 }, 3)]
    [InlineData(new[] { 0 }, 0)]
    [InlineData(new[] { 5, 0, 0 }, 1)]
    public void Entities_with_a_block(int[] counts, int expected)
    {
        Assert.Equal(expected, ConcentrationMeasures.Entities(counts));
        Assert.Equal(expected + 4, ConcentrationMeasures.Entities(counts, 4));
    }

    [Theory]
    [InlineData(new[] { 3, 2, 1 }, 3, 6, 6)]
    [InlineData(new[] { 3, 2, 1, 1, 1, 1 }, 3, 6, 9)]
    [InlineData(new[] { 1, 1, 1 }, 1, 3, 3)]
    public void Top_one_and_top_three_are_the_concentration_ratios_of_the_index(int[] counts, int first, int firstThree, int total)
    {
        Assert.Equal((double)first / total, ConcentrationMeasures.TopShare(counts, 1));
        Assert.Equal((double)firstThree / total, ConcentrationMeasures.TopShare(counts, 3));
    }

    [Theory]
    [InlineData(new[] { 3, 2, 1 }, 1, 2, 1)]
    [InlineData(new[] { 3, 2, 1, 1, 1, 1 }, 1, 2, 2)]
    [InlineData(new[] { 1 }, 1, 2, 1)]
    [InlineData(new[] { 4, 2, 2, 1 }, 1, 2, 2)]
    [InlineData(new[] { 4, 2, 2 }, 1, 2, 1)]
    [InlineData(new[] { 3, 2, 1 }, 33, 100, 1)]
    [InlineData(new[] { 3, 2, 1, 1, 1, 1 }, 33, 100, 1)]
    [InlineData(new[] { 1 }, 33, 100, 1)]
    [InlineData(new[] { 3, 2, 1 }, 66, 100, 2)]
    [InlineData(new[] { 3, 2, 1, 1, 1, 1 }, 66, 100, 3)]
    [InlineData(new[] { 1 }, 66, 100, 1)]
    public void Reaching_the_threshold_gives_the_tau_of_the_index(int[] counts, int numerator, int denominator, int expected) =>
        Assert.Equal(
            expected,
            ConcentrationMeasures.Nakamoto(counts, new Threshold(numerator, denominator), rule: ThresholdRule.AtLeast));

    // Sums of 1/12, 1/20 and 1/30 stay below 0.5 in floating point, and eight times 0.1 below 0.8.
    [Theory]
    [InlineData(10, 1, 2, 5, 6)]
    [InlineData(12, 1, 2, 6, 7)]
    [InlineData(20, 1, 2, 10, 11)]
    [InlineData(30, 1, 2, 15, 16)]
    [InlineData(10, 4, 5, 8, 9)]
    [InlineData(3, 1, 3, 1, 2)]
    [InlineData(3, 2, 3, 2, 3)]
    public void Equal_entities_at_the_exact_threshold(int entities, int numerator, int denominator, int atLeast, int moreThan)
    {
        var threshold = new Threshold(numerator, denominator);
        int[] counts = [.. Enumerable.Repeat(1, entities)];
        Assert.Equal(atLeast, ConcentrationMeasures.Nakamoto(counts, threshold, rule: ThresholdRule.AtLeast));
        Assert.Equal(moreThan, ConcentrationMeasures.Nakamoto(counts, threshold));
        Assert.Equal(atLeast, ConcentrationMeasures.Nakamoto([], threshold, entities, ThresholdRule.AtLeast));
        Assert.Equal(moreThan, ConcentrationMeasures.Nakamoto([], threshold, entities));
    }

    [Theory]
    [InlineData(new[] { 2, 2 }, 1, 2)]
    [InlineData(new[] { 3, 2, 1 }, 1, 2)]
    public void Exactly_half_is_no_majority(int[] counts, int atLeast, int moreThan)
    {
        Assert.Equal(atLeast, ConcentrationMeasures.Nakamoto(counts, Threshold.Half, rule: ThresholdRule.AtLeast));
        Assert.Equal(moreThan, ConcentrationMeasures.Nakamoto(counts, Threshold.Half));
    }
}
