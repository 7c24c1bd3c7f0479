using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class WindowMeasuresTests
{
    private const int Foundry = 0;
    private const int AntPool = 1;

    /// <summary>
    /// Blocks by pool in the 30 days to block 946236 (2026-04-22), from the labels of sorukumar/bitcoin-mining-pools
    /// (blocks_post_2021.parquet at ca5ba78); 8 of the 4312 blocks have no pool.
    /// </summary>
    private static readonly EntityBlocks[] ThirtyDays =
    [
        new(Foundry, 1332), new(AntPool, 778), new(2, 480), new(3, 390), new(4, 353), new(5, 226), new(6, 206), new(7, 140), new(8, 95),
        new(9, 84), new(10, 62), new(11, 58), new(12, 21), new(13, 17), new(14, 13), new(15, 12), new(16, 10), new(17, 8), new(18, 6),
        new(19, 5), new(20, 4), new(21, 2), new(22, 1), new(23, 1),
    ];

    /// <summary>
    /// Those of them that mainnet-observer (0xB10C, commit a0c114a) lists as "AntPool and friends": AntPool, SecPool, Luxor, Binance Pool,
    /// Braiins, Ultimus, Mining Squared, BTC.com, Poolin.
    /// </summary>
    private static readonly int[] AntPoolAndFriends = [AntPool, 5, 7, 8, 11, 13, 14, 15, 16];

    [Fact]
    public void Thirty_days_of_mainnet_by_tag()
    {
        var measures = WindowMeasures.Of(ShareDistribution.FromCounts(ThirtyDays, unknown: 8));
        Assert.Equal(4312, measures.Blocks);
        Assert.Equal(new EntityShare(Foundry, 1332, 1332 / 4312.0, WilsonInterval.Of(1332, 4312)), measures.Shares[0]);
        Assert.Equal(new UnknownShare(8, 8 / 4312.0), measures.Unknown);
        Assert.Equal([0.3089, 0.4893, 0.6006, 0.6911, 0.7730, 0.8254], measures.TopShares.Select(static share => Math.Round(share, 4)));
        Assert.Equal(0.162656, measures.Hhi.Separate, 0.0000005);
        Assert.Equal(3, measures.Nakamoto.Half);
        Assert.Equal(3.1496, measures.EntropyBits, 0.00005);
    }

    [Fact]
    public void Thirty_days_of_mainnet_with_a_template_group_as_one()
    {
        var grouped = ThirtyDays.Select(static one =>
            AntPoolAndFriends.Contains(one.Entity) ? one with { Entity = AntPool } : one);
        var measures = WindowMeasures.Of(ShareDistribution.FromCounts(grouped, unknown: 8));
        Assert.Equal((AntPool, 1349), (measures.Shares[0].Entity, measures.Shares[0].Blocks));
        Assert.Equal([0.3128, 0.6218, 0.7331, 0.8235, 0.9054, 0.9532], measures.TopShares.Select(static share => Math.Round(share, 4)));
        Assert.Equal(0.223471, measures.Hhi.Separate, 0.0000005);
        Assert.Equal(2, measures.Nakamoto.Half);
        Assert.Equal(2.5392, measures.EntropyBits, 0.00005);
    }

    [Fact]
    public void Each_figure_sits_in_its_own_place()
    {
        // 6 + 3 + 1 known and 2 unknown of 12 blocks, worked out by hand.
        var measures = WindowMeasures.Of(ShareDistribution.FromCounts([new(4, 3), new(7, 6), new(2, 1)], unknown: 2));
        Assert.Equal([7, 4, 2], measures.Shares.Select(static one => one.Entity));
        Assert.Equal(new HhiFigures(48 / 144.0, 46 / 144.0, 74 / 144.0, 36 / 132.0), measures.Hhi);
        Assert.Equal(new NakamotoFigures(Half: 2, Third: 1, TwoThirds: 2, HalfLargest: 1, ThirdLargest: 1, TwoThirdsLargest: 2), measures.Nakamoto);
        Assert.Equal([6 / 12.0, 9 / 12.0, 10 / 12.0, 11 / 12.0, 1, 1], measures.TopShares);
        Assert.Equal(3, measures.Effective.Hhi);
        Assert.Equal(0.5 + (0.25 * 2) + (0.25 * Math.Log2(12)), measures.EntropyBits, 1e-14);
        Assert.Equal(Math.Pow(2, measures.EntropyBits), measures.Effective.Entropy);
        Assert.Equal(0.4, measures.Gini, 1e-15);
    }

    [Fact]
    public void Each_further_figure_is_that_of_its_own_measure()
    {
        var (measures, counts) = (WindowMeasures.Of(ShareDistribution.FromCounts(ThirtyDays, unknown: 8, singles: 3)), ThirtyDays.Select(static one => one.Blocks).ToArray());
        Assert.Equal(35, measures.Entities);
        Assert.Equal(ConcentrationMeasures.Theil(counts, 11), measures.Theil);
        Assert.Equal(measures.EntropyBits / Math.Log2(35), measures.Evenness, 1e-15);
        var rate = measures.HashRate;
        Assert.Equal((HashRateEstimate.Hhi(counts, 11), HashRateEstimate.EntropyBits(counts, 11)), (rate.Hhi, rate.EntropyBits));
        Assert.Equal((HashRateEstimate.EffectiveByHhi(counts, 11), HashRateEstimate.EffectiveByEntropy(counts, 11)), (rate.EffectiveByHhi, rate.EffectiveByEntropy));
        Assert.Equal(measures.Hhi.Unbiased, rate.Hhi!.Value.Estimate);
        Assert.Equal(NakamotoRange.Of(counts, Threshold.Third, 11), rate.NakamotoThird);
        Assert.Equal(NakamotoRange.Of(counts, Threshold.Half, 11), rate.NakamotoHalf);
        Assert.Equal(NakamotoRange.Of(counts, Threshold.TwoThirds, 11), rate.NakamotoTwoThirds);
        Assert.Equal([1, 2, 3, 6, 10], measures.DoubleSpends.Select(static risk => risk.Confirmations));
        Assert.Equal(DoubleSpend.Of(1332, 4315, 6), measures.DoubleSpends[3]);
    }

    // The month of the worked example: the coefficient of 3 might be 2, and 4 pools would be more than enough.
    [Fact]
    public void Thirty_days_of_mainnet_leave_two_or_three_pools_for_a_majority()
    {
        var rate = WindowMeasures.Of(ShareDistribution.FromCounts(ThirtyDays, unknown: 8)).HashRate;
        Assert.Equal(new NakamotoRange(2, 3), rate.NakamotoHalf);
        Assert.Equal((6.155, 5.914, 6.407), (Math.Round(rate.EffectiveByHhi!.Value.Estimate, 3), Math.Round(rate.EffectiveByHhi.Value.Lower, 3), Math.Round(rate.EffectiveByHhi.Value.Upper, 3)));
    }

    [Fact]
    public void Window_of_unknown_blocks_only_has_a_largest_entity_of_one_block()
    {
        var measures = WindowMeasures.Of(ShareDistribution.FromCounts([], unknown: 144));
        Assert.Equal(DoubleSpend.Of(1, 144, 1), measures.DoubleSpends[0]);
        Assert.Null(measures.HashRate.NakamotoHalf.Upper);
    }

    [Fact]
    public void Window_of_one_block_has_every_figure_but_the_unbiased_one()
    {
        var measures = WindowMeasures.Of(ShareDistribution.Of([3]));
        Assert.Equal(new HhiFigures(1, 1, 1, null), measures.Hhi);
        Assert.Equal(new NakamotoFigures(1, 1, 1, 1, 1, 1), measures.Nakamoto);
        Assert.Equal((null, null, new NakamotoRange(1, null)), (measures.HashRate.Hhi, measures.HashRate.EntropyBits, measures.HashRate.NakamotoHalf));
    }

    [Fact]
    public void Nothing_can_be_measured_without_a_block() =>
        Assert.Throws<ArgumentException>(() => WindowMeasures.Of(ShareDistribution.Of([])));

    [Fact]
    public void Shares_and_unknown_sum_to_one_and_top_shares_never_fall() =>
        Gen.OneOf(Gen.UShort[0, 9], Gen.Const(ChainView.UnknownPool)).Array[1, 300].Sample(pools =>
        {
            var measures = WindowMeasures.Of(ShareDistribution.Of(pools));
            Assert.Equal(pools.Length, measures.Shares.Sum(static one => one.Blocks) + measures.Unknown.Blocks);
            Assert.Equal(1, measures.Shares.Sum(static one => one.Share) + measures.Unknown.Share, 1e-12);
            Assert.All(measures.Shares, static one => Assert.InRange(one.Share, one.Interval.Lower, one.Interval.Upper));
            Assert.Equal(WindowMeasures.MaxTop, measures.TopShares.Count);
            Assert.Equal(measures.TopShares.Order(), measures.TopShares);
            Assert.InRange(measures.TopShares[^1], 0, 1);
            Assert.True(measures.Nakamoto.Third <= measures.Nakamoto.Half && measures.Nakamoto.Half <= measures.Nakamoto.TwoThirds);
        });
}
