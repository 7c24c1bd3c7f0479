using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.History;
using PoolWatch.Telemetry;

namespace PoolWatch.Tests.History;

/// <summary>Which pools have a sample at a moment, and the others together.</summary>
public sealed class PoolHistoryTests
{
    private const int Pools = 130;
    private const int Blocks = 600;
    private static readonly int[] Windows = [144, 432];

    /// <summary>Every pool has a block in turn; from the three hundredth on the last ten have none any more, and a few have two of three.</summary>
    private static readonly ChainView Chain = ChainView.StartingAt(0).Append(
        [.. Enumerable.Range(0, Blocks).Select(h => new ChainEntry(0, 1_000 * (uint)h, (ushort)(h < 300 ? h % Pools : h % 3 == 0 ? h / 3 % (Pools - 10) : h % 7)))]);

    private static readonly HistoryLayer Layer = OfPools();

    [Fact]
    public void At_every_moment_they_are_the_largest_of_the_longest_window_and_the_rest()
    {
        var (range, _) = HistoryRange.Find(Chain, null, null);
        var moments = HistoryMoments.Blocks(Chain, range!);
        var history = new PoolHistory(Layer, moments, Windows);
        foreach (var window in Windows)
        {
            var read = history.Read(window).ToDictionary(e => e.Entity, e => e.Blocks.ToArray());
            for (var height = 0; height < Blocks; height += 7)
            {
                Assert.Equal(Expected(height, window), read.Where(e => e.Value[height] != PoolHistory.Absent).ToDictionary(e => e.Key, e => e.Value[height]).OrderBy(e => e.Key));
            }
        }
    }

    [Fact]
    public void With_few_pools_there_is_no_rest()
    {
        var (range, _) = HistoryRange.Find(Chain, new HistoryBound(143, 0), new HistoryBound(200, 0));
        var moments = HistoryMoments.Blocks(Chain, range!);
        var few = Layer with { Column = EntityColumn.Of(ChainView.StartingAt(0).Append([.. Enumerable.Range(0, Blocks).Select(h => new ChainEntry(0, (uint)h, (ushort)(h % 50)))]), Layer.Map) };
        var history = new PoolHistory(few, moments, Windows);
        Assert.DoesNotContain(history.Read(144), e => e.Entity == history.Rest);
        Assert.Equal(50, history.Read(144).Count());
    }

    /// <summary>Counted for this height alone; the rest has the number behind all pools.</summary>
    private static IEnumerable<KeyValuePair<int, int>> Expected(int height, int window)
    {
        if (height < window - 1)
        {
            return [];
        }

        var longest = Count(height, Windows.Where(w => w <= height + 1).Max()).OrderByDescending(p => p.Value).ThenBy(p => p.Key).Select(p => p.Key).ToList();
        var here = Count(height, window);
        var own = longest.Take(LayerSeries.Most).Select(pool => KeyValuePair.Create(pool, here.GetValueOrDefault(pool)));
        var rest = longest.Skip(LayerSeries.Most).ToList();
        return own.Concat(rest.Count == 0 ? [] : [KeyValuePair.Create(Pools, rest.Sum(here.GetValueOrDefault))]).OrderBy(p => p.Key);
    }

    private static Dictionary<int, int> Count(int height, int window) =>
        Enumerable.Range(height - window + 1, window).Select(h => (int)Chain.Pool(h)).CountBy(p => p).ToDictionary();

    private static HistoryLayer OfPools()
    {
        var map = LayerMap.Create(LayerSet.None.Layers[0], Enumerable.Range(0, Pools).Select(i => new LayerPool((ushort)i, $"p{i}", "")));
        return new HistoryLayer("pool", map, EntityColumn.Of(Chain, map));
    }
}
