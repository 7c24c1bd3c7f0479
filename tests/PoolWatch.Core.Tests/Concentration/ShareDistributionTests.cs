using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class ShareDistributionTests
{
    private const ushort Unknown = ChainView.UnknownPool;

    private static readonly Gen<ushort[]> Pools =
        Gen.OneOf(Gen.UShort[0, 6], Gen.UShort[250, 260], Gen.Const(Unknown), Gen.Const((ushort)(Unknown - 1))).Array[0, 200];

    [Fact]
    public void Counts_go_down_and_ties_go_up_by_number()
    {
        var distribution = ShareDistribution.Of([9, 3, 3, 5, Unknown, 9, 1, Unknown]);
        Assert.Equal([new(3, 2), new(9, 2), new(1, 1), new(5, 1)], distribution.Entities);
        Assert.Equal([2, 2, 1, 1], distribution.Counts.ToArray());
        Assert.Equal((2, 8), (distribution.Unknown, distribution.Total));
    }

    [Fact]
    public void Only_the_window_is_counted()
    {
        var chain = ChainView.StartingAt(7).Append([new(1, 1, 4), new(2, 2, 5), new(3, 3, 5), new(4, 4, Unknown)]);
        var distribution = ShareDistribution.Of(chain, new BlockWindow(8, 9));
        Assert.Equal([new(5, 2)], distribution.Entities);
        Assert.Equal((0, 2), (distribution.Unknown, distribution.Total));
    }

    [Fact]
    public void Given_counts_are_added_up_and_empty_ones_left_out()
    {
        var distribution = ShareDistribution.FromCounts([new(70_000, 1), new(2, 0), new(3, 4), new(70_000, 2)], unknown: 5);
        Assert.Equal([new(3, 4), new(70_000, 3)], distribution.Entities);
        Assert.Equal((5, 12), (distribution.Unknown, distribution.Total));
    }

    [Fact]
    public void Singles_are_entities_of_one_block_and_nobody_elses()
    {
        var distribution = ShareDistribution.FromCounts([new(1, 3), new(2, 2)], unknown: 2, singles: 3);
        Assert.Equal((3, 10), (distribution.Singles, distribution.Total));

        // {3, 2, 1×3, 1×2}, {3, 2, 1×3} of 10, and {3 + 2, 2, 1×3}.
        Assert.Equal(0.18, distribution.Hhi(UnknownPolicy.Separate)!.Value, 12);
        Assert.Equal(0.16, distribution.Hhi(UnknownPolicy.Excluded)!.Value, 12);
        Assert.Equal(0.32, distribution.Hhi(UnknownPolicy.Largest)!.Value, 12);
        Assert.Equal(3, distribution.Nakamoto(UnknownPolicy.Separate, Threshold.Half));
        Assert.Equal(2, distribution.Nakamoto(UnknownPolicy.Largest, Threshold.Half));
    }

    [Fact]
    public void Where_there_are_only_singles_the_largest_of_them_takes_the_unknown_blocks()
    {
        var distribution = ShareDistribution.FromCounts([], unknown: 2, singles: 3);

        // {1 + 2, 1, 1} of 5.
        Assert.Equal(0.44, distribution.Hhi(UnknownPolicy.Largest)!.Value, 12);
        Assert.Equal(1, distribution.Nakamoto(UnknownPolicy.Largest, Threshold.Half));
        Assert.Equal(3, distribution.Nakamoto(UnknownPolicy.Separate, Threshold.Half));
    }

    [Fact]
    public void Impossible_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareDistribution.FromCounts([], 0, -1));
        Assert.Throws<OverflowException>(() => ShareDistribution.FromCounts([], int.MaxValue, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareDistribution.FromCounts([], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareDistribution.FromCounts([new(-1, 1)], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareDistribution.FromCounts([new(1, -1)], 0));
        Assert.Throws<OverflowException>(() => ShareDistribution.FromCounts([new(1, int.MaxValue)], 1));
    }

    [Fact]
    public void Counts_equal_plain_counting() => Pools.Sample(pools =>
    {
        var distribution = ShareDistribution.Of(pools);
        var expected = pools.Where(static pool => pool != Unknown)
            .GroupBy(static pool => (int)pool)
            .Select(static group => new EntityBlocks(group.Key, group.Count()))
            .OrderByDescending(static one => one.Blocks)
            .ThenBy(static one => one.Entity)
            .ToArray();
        Assert.Equal(expected, distribution.Entities);
        Assert.Equal(pools.Count(static pool => pool == Unknown), distribution.Unknown);
        Assert.Equal(pools.Length, distribution.Total);
        var fromCounts = ShareDistribution.FromCounts(expected.Reverse(), distribution.Unknown);
        Assert.Equal(distribution.Entities, fromCounts.Entities);
        Assert.Equal(distribution.Total, fromCounts.Total);
    });
}
