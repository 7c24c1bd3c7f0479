using CsCheck;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Concentration.History;

/// <summary>Every height of a sliding window has the measures of a window that is counted for that height alone.</summary>
public sealed class SlidingWindowTests
{
    private const int Pools = 8;
    private const uint Start = 1_704_067_200;

    /// <summary>Pools a and b are a group from the third day to the sixth, the miners of c decide for themselves from the fourth.</summary>
    private static readonly LayerMap Layer = Map(
        File(Entity("both", Member("a", "from=2024-01-03", "to=2024-01-06"), Member("b", "from=2024-01-03")), Member("c", "from=2024-01-04")), Pools);

    /// <summary>A pool and the hours to the block before; few pools and many unknown blocks, so that equal counts and empty windows are common.</summary>
    private static readonly Gen<(ushort Pool, int Hours)[]> Chains = Gen.Select(
        Gen.Frequency((8, Gen.UShort[0, Pools - 1]), (2, Gen.Const(ChainView.UnknownPool)), (3, Gen.Const((ushort)2))), Gen.Int[0, 7]).Array[1, 120];

    [Fact]
    public void Every_height_equals_a_window_counted_for_it_alone() => Gen.Select(Chains, Gen.Int[1, 40], Gen.Int[0, 5]).Sample((blocks, length, first) =>
    {
        var chain = Chain(blocks, first);
        var window = new SlidingWindow(EntityColumn.Of(chain, Layer), length);
        Assert.Equal(first + length - 1, window.LowestHeight);
        var rows = new HistoryRow[Math.Max(0, chain.TipHeight - window.LowestHeight + 1)];
        window.Measure(window.LowestHeight, rows);
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(window.LowestHeight + i, rows[i].Height);
            AssertSame(Layer.Count(chain, new BlockWindow(first + i, window.LowestHeight + i)).Distribution, rows[i]);
        }
    });

    [Fact]
    public void Where_it_was_before_does_not_show() => Gen.Select(Chains, Gen.Int[1, 20], Gen.Int[0, 1000].Array[1, 12]).Sample((blocks, length, moves) =>
    {
        var chain = Chain(blocks, 0);
        var column = EntityColumn.Of(chain, Layer);
        if (column.Count < length)
        {
            return;
        }

        var window = new SlidingWindow(column, length);
        foreach (var move in moves)
        {
            var height = length - 1 + (move % (chain.Count - length + 1));
            window.MoveTo(height);
            var anew = new SlidingWindow(column, length);
            anew.MoveTo(height);
            Assert.Equal(anew.Measure(), window.Measure());
            var distribution = Layer.Count(chain, new BlockWindow(height - length + 1, height)).Distribution;
            Assert.Equal(distribution.Entities.ToDictionary(e => e.Entity, e => e.Blocks), Counted(window));
        }
    });

    [Fact]
    public void Nothing_drifts_over_a_million_steps()
    {
        var random = new Random(1);
        var chain = ChainView.StartingAt(0).Append([.. Enumerable.Range(0, 1_000_000).Select(h =>
            new ChainEntry((uint)h, (uint)h, random.Next(40) == 0 ? ChainView.UnknownPool : (ushort)(60 * Math.Pow(random.NextDouble(), 3))))]);
        var map = LayerMap.Create(LayerSet.None.Layers[0], Enumerable.Range(0, 60).Select(i => new LayerPool((ushort)i, $"p{i}", "")));
        var window = new SlidingWindow(EntityColumn.Of(chain, map), 2016);
        window.MoveTo(window.LowestHeight);
        window.Measure(window.LowestHeight, new HistoryRow[chain.TipHeight - window.LowestHeight + 1]);

        Assert.Equal(chain.TipHeight, window.Height);
        AssertSame(ShareDistribution.Of(chain, new BlockWindow(chain.TipHeight - 2015, chain.TipHeight)), window.Measure());
    }

    [Fact]
    public void A_window_of_one_entity_has_no_entropy_at_all()
    {
        var chain = Chain([.. Enumerable.Repeat(((ushort)3, 1), 300)], 0);
        var window = new SlidingWindow(EntityColumn.Of(chain, Layer), 299);
        window.MoveTo(299);
        var row = window.Measure();
        Assert.Equal((0.0, 1.0, 1.0, 1.0, 0.0, 1), (row.EntropyBits, row.EffectiveByEntropy, row.HhiSeparate, row.EffectiveByHhi, row.Gini, row.Entities));
    }

    [Fact]
    public void A_window_that_does_not_fit_is_refused()
    {
        var column = EntityColumn.Of(Chain([.. Enumerable.Repeat(((ushort)0, 1), 10)], 5), Layer);
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(column, 0));
        var window = new SlidingWindow(column, 4);
        Assert.Throws<InvalidOperationException>(() => window.Measure());
        Assert.Throws<ArgumentOutOfRangeException>(() => window.MoveTo(7));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.MoveTo(15));
        Assert.Throws<ArgumentOutOfRangeException>(() => window.Measure(12, new HistoryRow[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindow(column, 11).MoveTo(14));
        var row = new SlidingWindow(column, 1);
        row.MoveTo(5);
        Assert.Null(row.Measure().HhiUnbiased);
        Assert.Throws<ArgumentOutOfRangeException>(() => row.Measure().TopShare(7));
    }

    private static double Theil(int[] counts) => counts.Average(x => x / counts.Average() * Math.Log(x / counts.Average()));

    private static Dictionary<int, int> Counted(SlidingWindow window) =>
        window.BlocksByEntity.ToArray().Select((blocks, entity) => (entity, blocks)).Where(e => e.blocks > 0).ToDictionary(e => e.entity, e => e.blocks);

    private static ChainView Chain((ushort Pool, int Hours)[] blocks, int first)
    {
        var time = Start;
        return ChainView.StartingAt(first).Append([.. blocks.Select(b => new ChainEntry(0, time += 3_600u * (uint)b.Hours, b.Pool))]);
    }

    /// <summary>Exactly, where nothing but integers were added.</summary>
    private static void AssertSame(ShareDistribution expected, HistoryRow row)
    {
        var m = WindowMeasures.Of(expected);
        Assert.Equal((m.Blocks, m.Unknown.Blocks, m.Singles.Blocks), (row.Blocks, row.Unknown, row.Singles));
        Assert.Equal((m.Unknown.Share, m.Singles.Share), (row.UnknownShare, row.SinglesShare));
        Assert.Equal(m.Shares.Count + m.Unknown.Blocks + m.Singles.Blocks, row.Entities);
        Assert.Equal(m.TopShares, Enumerable.Range(1, WindowMeasures.MaxTop).Select(row.TopShare));
        Assert.Equal(m.Hhi, new HhiFigures(row.HhiSeparate, row.HhiExcluded, row.HhiLargest, row.HhiUnbiased));
        Assert.Equal(m.Nakamoto, row.Nakamoto);
        Assert.Equal((m.Effective.Hhi, 1 / m.Hhi.Largest, m.Gini), (row.EffectiveByHhi, row.EffectiveByHhiLargest, row.Gini));
        Assert.Equal(m.EntropyBits, row.EntropyBits, 1e-12);
        Assert.Equal(Theil([.. m.Shares.Select(e => e.Blocks), .. Enumerable.Repeat(1, m.Unknown.Blocks + m.Singles.Blocks)]), row.Theil, 1e-9);
        Assert.Equal(m.Effective.Entropy, row.EffectiveByEntropy, 1e-9);
        Assert.Equal(m.Evenness, row.Evenness, 1e-12);
        foreach (var (order, bits) in new[] { (0, row.HartleyBits), (2, row.CollisionBits), (double.PositiveInfinity, row.MinEntropyBits) })
        {
            Assert.Equal(ConcentrationMeasures.RenyiBits(expected.Counts, order, m.Unknown.Blocks + m.Singles.Blocks)!.Value, bits, 1e-12);
        }
    }
}
