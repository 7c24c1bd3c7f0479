using PoolWatch.Core.Concentration.History;
using PoolWatch.Telemetry;

namespace PoolWatch.History;

/// <summary>
/// Blocks of each entity of a layer at each moment, as /metrics would have shown them: who has a block in the longest window has a number in every
/// one, and of very many the largest have, the others one together (<see cref="LayerSeries"/>).
/// </summary>
/// <param name="layer">The layer.</param>
/// <param name="moments">The moments.</param>
/// <param name="windows">Lengths of all windows.</param>
internal sealed class PoolHistory(HistoryLayer layer, HistoryMoments moments, IReadOnlyList<int> windows)
{
    /// <summary>The window is not full, or the entity has no series then.</summary>
    public const int Absent = -1;

    /// <summary>Entities are counted in so many parts that their numbers fit into 16 MB.</summary>
    private const int CellsAtOnce = 4_000_000;

    /// <summary>Stands for all entities without a series of their own, behind the numbers of the others.</summary>
    public int Rest => layer.Column.Entities;

    /// <summary>Every entity that is there at any moment, with its blocks in a window at all of them.</summary>
    public IEnumerable<(int Entity, ArraySegment<int> Blocks)> Read(int window)
    {
        var atOnce = Math.Clamp(CellsAtOnce / moments.Count, 1, Rest + 1);
        var cells = new int[(long)atOnce * moments.Count];
        for (var from = 0; from <= Rest; from += atOnce)
        {
            var count = Math.Min(atOnce, Rest + 1 - from);
            Fill(cells, window, from, count);
            for (var i = 0; i < count; i++)
            {
                var blocks = new ArraySegment<int>(cells, i * moments.Count, moments.Count);
                if (blocks.AsSpan().ContainsAnyExcept(Absent))
                {
                    yield return (from + i, blocks);
                }
            }
        }
    }

    private void Fill(int[] cells, int window, int from, int count)
    {
        var sliding = new SlidingWindow(layer.Column, window);
        var longest = sliding;
        for (var at = 0; at < moments.Count; at++)
        {
            var height = moments.Heights[at];
            var full = height >= sliding.LowestHeight;
            if (full)
            {
                longest = LongestAt(height) is var length && length == longest.Blocks ? longest : new SlidingWindow(layer.Column, length);
                longest.MoveTo(height);
                sliding.MoveTo(height);
            }

            var own = full ? Own(longest.BlocksByEntity) : [];
            for (var i = 0; i < count; i++)
            {
                cells[(i * moments.Count) + at] = !full ? Absent : from + i == Rest ? RestOf(own, longest, sliding) : own[from + i] ? sliding.BlocksByEntity[from + i] : Absent;
            }
        }
    }

    /// <summary>Which entities have a series of their own.</summary>
    private static bool[] Own(ReadOnlySpan<int> blocks)
    {
        var own = new bool[blocks.Length];
        var present = new List<EntityBlocks>();
        for (var entity = 0; entity < own.Length; entity++)
        {
            if (blocks[entity] > 0)
            {
                own[entity] = true;
                present.Add(new EntityBlocks(entity, blocks[entity]));
            }
        }

        foreach (var small in present.OrderByDescending(e => e.Blocks).ThenBy(e => e.Entity).Skip(LayerSeries.Most))
        {
            own[small.Entity] = false;
        }

        return own;
    }

    private static int RestOf(bool[] own, SlidingWindow longest, SlidingWindow window)
    {
        var (rest, any) = (0, false);
        for (var entity = 0; entity < own.Length; entity++)
        {
            if (!own[entity] && longest.BlocksByEntity[entity] > 0)
            {
                rest += window.BlocksByEntity[entity];
                any = true;
            }
        }

        return any ? rest : Absent;
    }

    /// <summary>The longest window that is full at a height.</summary>
    private int LongestAt(int height)
    {
        var (stored, longest) = (height - layer.Column.FirstHeight + 1, 0);
        foreach (var window in windows)
        {
            longest = window <= stored ? Math.Max(longest, window) : longest;
        }

        return longest;
    }
}
