using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

/// <summary>Arithmetic and edges; that the range holds what it promises is in Coverage.</summary>
public sealed class NakamotoRangeTests
{
    // Of 144 blocks 85 prove a majority at 2.5 %, and 59 or fewer rule one out.
    [Theory]
    [InlineData(new[] { 85, 20, 20, 19 }, 1, 1)]
    [InlineData(new[] { 84, 20, 20, 20 }, 1, 2)]
    [InlineData(new[] { 60, 59, 25 }, 1, 2)]
    [InlineData(new[] { 59, 59, 26 }, 2, 2)]
    [InlineData(new[] { 144 }, 1, 1)]
    [InlineData(new[] { 0, 60, 25, 59, 0 }, 1, 2)]
    public void Ranges_by_hand_where_the_ranking_is_clear(int[] counts, int lower, int upper) =>
        Assert.Equal(new NakamotoRange(lower, upper), NakamotoRange.Of(counts, Threshold.Half));

    [Fact]
    public void Luck_in_the_ranking_must_be_overcome_too()
    {
        // 87 of 144 blocks prove a majority of three entities chosen beforehand. As the best three of six that are about equal they do not.
        Assert.InRange(BinomialTail.ExceedsPValue(87, 144, Threshold.Half), 0.005, 0.01);
        Assert.Equal(3, NakamotoRange.Of([29, 29, 29, .. Enumerable.Repeat(3, 19)], Threshold.Half)!.Value.Upper);
        Assert.Equal(4, NakamotoRange.Of([29, 29, 29, 19, 19, 19], Threshold.Half)!.Value.Upper);
    }

    [Fact]
    public void Other_thresholds_have_their_own_range()
    {
        Assert.Equal(new NakamotoRange(1, 1), NakamotoRange.Of([70, 74], Threshold.Third));
        Assert.Equal(new NakamotoRange(2, 2), NakamotoRange.Of([70, 74], Threshold.TwoThirds));
    }

    [Fact]
    public void What_is_unknown_belongs_to_no_proven_majority()
    {
        Assert.Equal(new NakamotoRange(2, null), NakamotoRange.Of([50, 20], Threshold.Half, 74));
        Assert.Equal(new NakamotoRange(60, null), NakamotoRange.Of([], Threshold.Half, 144));
        Assert.Equal(new NakamotoRange(2, 2), NakamotoRange.Of([59, 59], Threshold.Half, 26));
    }

    [Fact]
    public void Range_holds_the_coefficient_of_the_blocks() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 5], Gen.Int[0, 500]).Array[0, 25], Gen.Int[0, 60], Gen.Int[1, 5]).Where((counts, singletons, _) => counts.Sum() + singletons > 0)
            .Sample((counts, singletons, sixths) =>
        {
            var threshold = new Threshold(sixths, 6);
            var coefficient = ConcentrationMeasures.Nakamoto(counts, threshold, singletons)!.Value;
            var range = NakamotoRange.Of(counts, threshold, singletons)!.Value;
            Assert.InRange(coefficient, range.Lower, range.Upper ?? int.MaxValue);
            Assert.InRange(range.Lower, 1, coefficient);
            Assert.InRange(range.Upper ?? 1, 1, Math.Max(1, ConcentrationMeasures.Entities(counts)));
            Array.Reverse(counts);
            Assert.Equal(range, NakamotoRange.Of([0, .. counts], threshold, singletons));
        });

    [Fact]
    public void Many_times_the_blocks_leave_the_coefficient_alone() => Gen.Int[1, 50].Array[1, 12].Sample(counts =>
    {
        int[] many = [.. counts.Select(count => count * 100_000)];
        var range = NakamotoRange.Of(many, new Threshold(499_999, 1_000_000))!.Value;
        var (held, total) = (many.OrderDescending().Take(range.Lower - 1).Sum(static count => (double)count), many.Sum(static count => (double)count));
        Assert.True(range.Upper - range.Lower <= 1, $"{range}");
        Assert.True(held / total < 0.5001);
    });

    [Fact]
    public void No_block_has_no_range_and_no_threshold_is_refused()
    {
        Assert.Null(NakamotoRange.Of([], Threshold.Half));
        Assert.Null(NakamotoRange.Of([0, 0], Threshold.Half));
        Assert.Throws<ArgumentException>(() => NakamotoRange.Of([1], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => NakamotoRange.Of([1, -1], Threshold.Half));
    }
}
