using PoolWatch.Core.Concentration.History;

namespace PoolWatch.History;

/// <summary>Blocks of each entity of a layer at each moment, as /metrics would have shown them: who has a block in any window has a number in every one.</summary>
/// <param name="layer">The layer.</param>
/// <param name="moments">The moments.</param>
/// <param name="windows">Lengths of all windows.</param>
internal sealed class PoolHistory(HistoryLayer layer, HistoryMoments moments, IReadOnlyList<int> windows)
{
    /// <summary>The window is not full, or the entity is in none.</summary>
    public const int Absent = -1;

    /// <summary>Entities are counted in so many parts that their numbers fit into 16 MB.</summary>
    private const int CellsAtOnce = 4_000_000;

    /// <summary>Every entity that is there at any moment, with its blocks in a window at all of them.</summary>
    public IEnumerable<(int Entity, ArraySegment<int> Blocks)> Read(int window)
    {
        var atOnce = Math.Clamp(CellsAtOnce / moments.Count, 1, Math.Max(1, layer.Column.Entities));
        var cells = new int[(long)atOnce * moments.Count];
        for (var from = 0; from < layer.Column.Entities; from += atOnce)
        {
            var count = Math.Min(atOnce, layer.Column.Entities - from);
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
        var column = layer.Column;
        var sliding = new SlidingWindow(column, window);
        var lastSeen = new int[column.Entities];
        Array.Fill(lastSeen, int.MinValue);
        var height = column.FirstHeight - 1;
        for (var at = 0; at < moments.Count; at++)
        {
            for (; height < moments.Heights[at]; height++)
            {
                if (column[height + 1] is >= 0 and var entity)
                {
                    lastSeen[entity] = height + 1;
                }
            }

            var full = height >= sliding.LowestHeight;
            if (full)
            {
                sliding.MoveTo(height);
            }

            var since = height - LongestAt(height);
            for (var i = 0; i < count; i++)
            {
                cells[(i * moments.Count) + at] = full && lastSeen[from + i] > since ? sliding.BlocksByEntity[from + i] : Absent;
            }
        }
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
