using PoolWatch.Core.Concentration.History;

namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>Sequential tests of what a pool list does not know, or what other lists contradict.</summary>
/// <remarks>
/// The limits are such that each begins at most one false alarm in 52,560 blocks, a year, while the true part is exactly the threshold; found by simulation, see
/// docs/adr/0015-alarms.md.
/// </remarks>
public static class ListAlarms
{
    /// <summary>More than a tenth of the blocks has no known miner. Watched over the last <see cref="ShareAlarms.Blocks"/> blocks.</summary>
    public static Cusum Unknown { get; } = new(new Threshold(1, 10), 6.4);

    /// <summary>Pool lists disagree about more than a twentieth of the blocks.</summary>
    public static Cusum Disagreement { get; } = new(new Threshold(1, 20), 6.75);

    /// <summary>The test of unknown blocks at the end of a column.</summary>
    /// <param name="entities">The last <see cref="ShareAlarms.Blocks"/> blocks in any layer, or more of them, or all: unknown is the same in each.</param>
    public static CusumState UnknownAt(EntityColumn entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        return entities.Last(ShareAlarms.Blocks) is { } window ? Watch(entities, window, ended: null) : default;
    }

    /// <summary>Every alarm about unknown blocks that began within a window when the test is begun with its first block: from which height to which, null for still on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the column.</exception>
    public static IReadOnlyList<(int From, int? To)> UnknownEpisodes(EntityColumn entities, BlockWindow window)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var episodes = new List<(int, int?)>();
        if (Watch(entities, window, (from, to) => episodes.Add((from, to))).Since is { } since)
        {
            episodes.Add((since, null));
        }

        return episodes;
    }

    private static CusumState Watch(EntityColumn entities, BlockWindow window, Action<int, int>? ended)
    {
        var mined = entities.EntitiesOf(window);
        var unknown = new bool[mined.Length];
        for (var i = 0; i < unknown.Length; i++)
        {
            unknown[i] = mined[i] == EntityColumn.Unknown;
        }

        return Unknown.Watch(unknown, window.FromHeight, ended);
    }
}
