using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class UnknownBoundTests
{
    private const double Rounding = 1e-12;

    [Fact]
    public void Each_figure_is_that_of_the_largest_with_every_unknown_block()
    {
        // 6 + 3 + 1 known and 2 unknown of 12 blocks: 8 + 3 + 1, worked out by hand.
        var bound = UnknownBound.Of(ShareDistribution.FromCounts([new(4, 3), new(7, 6), new(2, 1)], unknown: 2));

        Assert.Equal(3, bound.Entities);
        Assert.Equal([8 / 12.0, 11 / 12.0, 1, 1, 1, 1], bound.TopShares);
        Assert.Equal(144 / 74.0, bound.Effective.Hhi);
        Assert.Equal((8 / 12.0 * Math.Log2(1.5)) + (0.25 * 2) + (1 / 12.0 * Math.Log2(12)), bound.EntropyBits, Rounding);
        Assert.Equal(Math.Pow(2, bound.EntropyBits), bound.Effective.Entropy, Rounding);
        Assert.Equal(((-2 * 1) + (2 * 8)) / 36.0, bound.Gini, Rounding);
        Assert.Equal(Math.Log(3) - (bound.EntropyBits * Math.Log(2)), bound.Theil, Rounding);
        Assert.Equal([.. WindowMeasures.Confirmations.Select(n => DoubleSpend.Of(8, 12, n))], bound.DoubleSpends);
    }

    [Fact]
    public void Without_unknown_blocks_both_bounds_are_the_same()
    {
        var distribution = ShareDistribution.FromCounts([new(0, 5), new(1, 2)], unknown: 0, singles: 3);
        var (measures, bound) = (WindowMeasures.Of(distribution), UnknownBound.Of(distribution));

        Assert.Equal(measures.TopShares, bound.TopShares);
        Assert.Equal((measures.Entities, measures.Effective, measures.EntropyBits, measures.Gini, measures.Theil),
            (bound.Entities, bound.Effective, bound.EntropyBits, bound.Gini, bound.Theil));
        Assert.Equal(measures.DoubleSpends, bound.DoubleSpends);
    }

    [Fact]
    public void Unknown_blocks_alone_may_be_one_miner_who_can_do_everything()
    {
        var bound = UnknownBound.Of(ShareDistribution.FromCounts([], unknown: 144));

        Assert.Equal((1, 0, 1), (bound.Entities, bound.EntropyBits, bound.TopShares[0]));
        Assert.All(bound.DoubleSpends, static risk => Assert.Equal(1, risk.AtShare));
    }

    [Fact]
    public void Nothing_can_be_measured_without_a_block() => Assert.Throws<ArgumentException>(() => UnknownBound.Of(ShareDistribution.Of([])));

    /// <summary>Whoever mined the unknown blocks, pools of the list or miners whom nobody knows: the truth lies between both bounds.</summary>
    [Fact]
    public void However_the_unknown_blocks_are_spread_the_truth_is_between_both_bounds() =>
        Gen.Select(Gen.Int[1, 40].Array[0, 6], Gen.Int[0, 12].Array[0, 30], Gen.Int[0, 4]).Where(static (known, unknown, singles) => known.Length + unknown.Length + singles > 0)
            .Sample(static (known, unknown, singles) =>
            {
                var said = ShareDistribution.FromCounts([.. known.Select(static (blocks, pool) => new EntityBlocks(pool, blocks))], unknown.Length, singles);
                var (least, most) = (WindowMeasures.Of(said), UnknownBound.Of(said));

                var truth = WindowMeasures.Of(ShareDistribution.FromCounts(
                    [.. known.Select(static (blocks, pool) => new EntityBlocks(pool, blocks)), .. unknown.Select(static owner => new EntityBlocks(owner, 1))], 0, singles));

                for (var n = 0; n < WindowMeasures.MaxTop; n++)
                {
                    Assert.InRange(truth.TopShares[n], least.TopShares[n], most.TopShares[n]);
                }

                AssertBetween(most.EntropyBits, truth.EntropyBits, least.EntropyBits);
                AssertBetween(most.Effective.Entropy, truth.Effective.Entropy, least.Effective.Entropy);
                AssertBetween(most.Effective.Hhi, truth.Effective.Hhi, least.Effective.Hhi);
                AssertBetween(least.Hhi.Separate, truth.Hhi.Separate, least.Hhi.Largest);
                Assert.InRange(truth.Nakamoto.Third, least.Nakamoto.ThirdLargest, least.Nakamoto.Third);
                Assert.InRange(truth.Nakamoto.Half, least.Nakamoto.HalfLargest, least.Nakamoto.Half);
                Assert.InRange(truth.Nakamoto.TwoThirds, least.Nakamoto.TwoThirdsLargest, least.Nakamoto.TwoThirds);
                for (var i = 0; i < truth.DoubleSpends.Count; i++)
                {
                    AssertBetween(least.DoubleSpends[i].AtShare, truth.DoubleSpends[i].AtShare, most.DoubleSpends[i].AtShare);
                    AssertBetween(least.DoubleSpends[i].AtUpperBound, truth.DoubleSpends[i].AtUpperBound, most.DoubleSpends[i].AtUpperBound);
                }
            });

    private static void AssertBetween(double low, double value, double high) => Assert.InRange(value, low - Rounding, high + Rounding);
}
