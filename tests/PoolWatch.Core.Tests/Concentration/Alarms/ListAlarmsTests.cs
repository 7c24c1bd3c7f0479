using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;

namespace PoolWatch.Core.Tests.Concentration.Alarms;

public sealed class ListAlarmsTests
{
    private static readonly LayerMap ByPool = LayerMap.Create(LayerSet.LoadBundled().Layers[0], [new LayerPool(0, "a", "A")]);

    [Fact]
    public void A_column_without_blocks_has_no_alarm() => Assert.Equal(default, ListAlarms.UnknownAt(EntityColumn.Of(ChainView.Empty, ByPool)));

    [Fact]
    public void A_fifth_of_unknown_blocks_is_an_alarm_that_ends_when_they_are_known()
    {
        var blocks = Blocks(1, 4_000, 0.2).Concat(Blocks(2, 4_000, 0.02)).ToList();
        var episode = Assert.Single(ListAlarms.UnknownEpisodes(Column(blocks), new BlockWindow(0, blocks.Count - 1)));
        Assert.InRange(episode.From, 50, 1_000);
        Assert.InRange(episode.To!.Value, 4_000, 5_000);

        Assert.Equal(new CusumState(0, null), ListAlarms.UnknownAt(Column(blocks)));
        var middle = ListAlarms.UnknownAt(Column(blocks[..4_000]));
        Assert.Equal(episode.From, middle.Since);
        Assert.InRange(middle.Level, 0.5, 1.25);
    }

    [Fact]
    public void Only_a_year_of_blocks_is_looked_at()
    {
        // Alarming for months, then exactly as much as keeps the level where it is: nothing of before may count.
        var blocks = Blocks(3, 20_000, 0.5).Concat(Blocks(4, ShareAlarms.Blocks, 0.05)).ToList();
        Assert.Equal(ListAlarms.UnknownAt(Column(blocks[20_000..])).Level, ListAlarms.UnknownAt(Column(blocks)).Level);
    }

    /// <summary>The whole budget is used at the threshold: fewer alarms would come later than need be.</summary>
    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.05, false)]
    public void At_the_threshold_itself_an_alarm_begins_at_most_once_in_a_year_of_blocks(double share, bool unknown)
    {
        const int Years = 60;
        bool[] blocks = [.. Blocks(2026, Years * ShareAlarms.Blocks, share)];
        var begun = 0;
        var state = (unknown ? ListAlarms.Unknown : ListAlarms.Disagreement).Watch(blocks, 0, (_, _) => begun++);
        Assert.InRange((begun + (state.IsOn ? 1 : 0)) / (double)Years, 0.4, 1);
    }

    [Fact]
    public void A_series_is_watched_as_block_by_block()
    {
        var test = ListAlarms.Disagreement;
        bool[] blocks = [.. Blocks(5, 3_000, 0.12), .. Blocks(6, 3_000, 0.01), .. Blocks(7, 3_000, 0.2)];
        var (level, since, ended) = (0L, default(int?), new List<(int, int)>());
        for (var i = 0; i < blocks.Length; i++)
        {
            level = Math.Clamp(level + (blocks[i] ? test.Own : -test.Other), 0, test.Cap);
            if (level == 0 && since is { } from)
            {
                ended.Add((from, 100 + i));
            }

            since = level == 0 ? null : since ?? (level >= test.Limit ? 100 + i : null);
        }

        var seen = new List<(int, int)>();
        Assert.Equal(new CusumState((double)level / test.Limit, since), test.Watch(blocks, 100, (from, to) => seen.Add((from, to))));
        Assert.Single(seen);
        Assert.Equal(ended, seen);
    }

    private static IEnumerable<bool> Blocks(int seed, int count, double share)
    {
        // Not the generator that a seed alone gives: its draws are too even for rare events.
        var state = (ulong)seed * 0x9E3779B97F4A7C15;
        for (var i = 0; i < count; i++)
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            yield return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53)) < share;
        }
    }

    private static EntityColumn Column(IEnumerable<bool> unknown)
    {
        ChainEntry[] entries = [.. unknown.Select((hidden, i) => new ChainEntry(600u * (uint)i, 600u * (uint)i, hidden ? ChainView.UnknownPool : (ushort)0))];
        return EntityColumn.Of(ChainView.StartingAt(0, entries.Length).Append(entries), ByPool);
    }
}
