using PoolWatch.Core.Concentration;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Layers;

/// <summary>
/// The 30 days of median time up to block 946236 (2026-04-22), by blocks of each pool in blocks_post_2021.parquet of
/// sorukumar/bitcoin-mining-pools: there the template group changes the answer.
/// </summary>
public sealed class LastMonthTests
{
    private static readonly (string Pool, int Blocks)[] Month =
    [
        ("foundryusa", 1335), ("antpool", 778), ("f2pool", 480), ("viabtc", 390), ("spiderpool", 355), ("secpool", 226), ("marapool", 206), ("luxor", 140),
        ("binancepool", 95), ("sbicrypto", 85), ("ocean", 62), ("braiinspool", 58), ("whitepool", 21), ("ultimuspool", 17), ("miningsquared", 13),
        ("btccom", 12), ("poolin", 10), ("innopolistech", 8), ("nicehash", 6), ("redrockpool", 5), ("dpool", 4), ("solock", 2), ("publicpool", 1),
    ];

    /// <summary>Eight that the source leaves unknown, and one of a pool that our list does not have.</summary>
    private const int Unknown = 9;

    private static readonly IReadOnlyList<LayerPool> Pools =
        [.. PoolList.LoadBundled().Pools.Select((pool, i) => new LayerPool((ushort)i, pool.Slug, pool.Name))];

    [Fact]
    public void By_tag_the_index_is_0_163_and_three_pools_are_needed_for_half()
    {
        var m = Measure("pool");
        Assert.Equal(0.163, m.Hhi.Separate, 3);
        Assert.Equal((3, 3), (m.Nakamoto.Half, m.Nakamoto.HalfLargest));
        Assert.Equal([0.309, 0.489, 0.601], m.TopShares.Take(3).Select(s => Math.Round(s, 3)));
        Assert.Equal(0.825, m.TopShares[5], 3);
        Assert.Equal(0, m.Singles.Blocks);
    }

    [Fact]
    public void With_the_template_group_it_is_0_223_and_two_are_enough()
    {
        var m = Measure("template");
        Assert.Equal(0.223, m.Hhi.Separate, 3);
        Assert.Equal((2, 2), (m.Nakamoto.Half, m.Nakamoto.HalfLargest));
        Assert.Equal("antpoolfriends", Map("template").NameOf(m.Shares[0].Entity).Slug);
        Assert.Equal([0.312, 0.622, 0.733], m.TopShares.Take(3).Select(s => Math.Round(s, 3)));
        Assert.Equal(0.953, m.TopShares[5], 3);
        Assert.Equal(62, m.Singles.Blocks);
    }

    /// <summary>As told of this month elsewhere: of the pools alone, without the unknown blocks, and with OCEAN as one pool in either layer.</summary>
    [Theory]
    [InlineData("pool", 3.13)]
    [InlineData("template", 2.52)]
    public void Entropy_of_the_known_pools_is_3_13_bits_and_2_52_with_the_template_group(string layer, double bits)
    {
        var m = Measure(layer);
        int[] pools = [.. m.Shares.Select(s => s.Blocks), m.Singles.Blocks];
        Assert.Equal(bits, ConcentrationMeasures.EntropyBits(pools)!.Value, 0.005);
    }

    /// <summary>Ours has nine miners for the nine unknown blocks, and in the template layer one for each of OCEAN's 62.</summary>
    [Theory]
    [InlineData("pool", 0)]
    [InlineData("template", 62)]
    public void Entropy_of_a_window_is_the_plain_sum_with_a_miner_for_each_such_block(string layer, int singles)
    {
        var m = Measure(layer);
        double[] counts = [.. m.Shares.Select(s => (double)s.Blocks), .. Enumerable.Repeat(1.0, singles + Unknown)];
        Assert.Equal(m.Blocks, counts.Sum());
        Assert.Equal(-counts.Sum(x => x / m.Blocks * Math.Log2(x / m.Blocks)), m.EntropyBits, 1e-12);
    }

    [Fact]
    public void With_the_custodian_of_2024_two_are_enough_and_by_owner_three()
    {
        Assert.Equal((2, 3), (Measure("custody").Nakamoto.Half, Measure("legal").Nakamoto.Half));
        Assert.Equal("custodian2024", Map("custody").NameOf(Measure("custody").Shares[0].Entity).Slug);
        Assert.Equal("dcg", Map("legal").NameOf(Measure("legal").Shares[0].Entity).Slug);
    }

    [Theory]
    [InlineData("pool")]
    [InlineData("legal")]
    [InlineData("template")]
    [InlineData("custody")]
    public void The_index_is_the_plain_sum_of_squares(string layer)
    {
        var set = LayerSet.LoadBundled().Find(layer)!;
        var open = set.Memberships.Where(one => one.Membership is { To: null, KnownUntil: null }).ToDictionary(one => one.Membership.Pool, one => one.Entity?.Slug);
        var entities = Month.GroupBy(m => open.TryGetValue(m.Pool, out var entity) ? entity : m.Pool, m => m.Blocks).ToList();
        var total = (double)Month.Sum(m => m.Blocks) + Unknown;
        var squares = entities.Where(e => e.Key is not null).Sum(e => Math.Pow(e.Sum() / total, 2));
        var singles = entities.Where(e => e.Key is null).Sum(e => e.Sum()) + Unknown;
        Assert.Equal(squares + (singles / total / total), Measure(layer).Hhi.Separate, 1e-12);
    }

    private static LayerMap Map(string layer) => LayerMap.Create(LayerSet.LoadBundled().Find(layer)!, Pools);

    private static WindowMeasures Measure(string layer)
    {
        var time = Day("2026-04-01");
        var pools = Month.SelectMany(m => Enumerable.Repeat(Pools.Single(p => p.Slug == m.Pool).Id, m.Blocks))
            .Concat(Enumerable.Repeat(ChainView.UnknownPool, Unknown)).ToList();
        var chain = ChainView.Empty.Append([.. pools.Select(pool => new ChainEntry(time, time, pool))]);
        return WindowMeasures.Of(Map(layer).Count(chain, new BlockWindow(0, pools.Count - 1)).Distribution);
    }
}
