namespace PoolWatch.History;

/// <summary>Moments in rising order, each with the height that the chain had reached: that of the last block whose median time past is not later.</summary>
internal sealed class HistoryMoments
{
    /// <summary>A hundred years of days, or a year of half minutes.</summary>
    public const int Most = 1_000_000;

    private HistoryMoments(long[] times, int[] heights) => (Times, Heights) = (times, heights);

    /// <summary>Unix seconds.</summary>
    public IReadOnlyList<long> Times { get; }

    public IReadOnlyList<int> Heights { get; }

    public int Count => Times.Count;

    /// <summary>Every block of the range, at its median time past. Several may have the same.</summary>
    public static HistoryMoments Blocks(ChainView chain, HistoryRange range)
    {
        var times = new long[range.Blocks.Blocks];
        var heights = new int[times.Length];
        for (var i = 0; i < times.Length; i++)
        {
            heights[i] = range.Blocks.FromHeight + i;
            times[i] = chain.MedianTimePast(heights[i]);
        }

        return new HistoryMoments(times, heights);
    }

    /// <summary>Moments at equal distances, from the beginning of the range on, or from the first whole step where none was named.</summary>
    /// <returns>Null and why there are none.</returns>
    public static (HistoryMoments? Moments, string? Error) Every(ChainView chain, HistoryRange range, long stepSeconds)
    {
        var first = range.FromIsGiven ? range.FromTime : (range.FromTime + stepSeconds - 1) / stepSeconds * stepSeconds;
        var earliest = (long)chain.MedianTimePast(chain.FirstHeight);
        if (first < earliest)
        {
            first += (earliest - first + stepSeconds - 1) / stepSeconds * stepSeconds;
        }

        var count = first > range.ToTime ? 0 : ((range.ToTime - first) / stepSeconds) + 1;
        if (count is 0 or > Most)
        {
            return (null, count == 0 ? "No moment of the steps lies in the range: take a smaller --step or a longer range."
                : $"These are {count} steps, at most {Most} are possible: take a larger --step or a shorter range.");
        }

        var (times, heights) = (new long[count], new int[count]);
        var height = chain.FirstHeight;
        for (var i = 0; i < count; i++)
        {
            times[i] = first + (i * stepSeconds);
            while (height < chain.TipHeight && chain.MedianTimePast(height + 1) <= times[i])
            {
                height++;
            }

            heights[i] = height;
        }

        return (new HistoryMoments(times, heights), null);
    }
}
