namespace PoolWatch.History;

/// <summary>The part of a stored chain that an export is about.</summary>
/// <param name="Blocks">Its blocks.</param>
/// <param name="FromTime">Its first moment, Unix seconds.</param>
/// <param name="ToTime">Its last moment, not after the tip's median time past: what comes later may still change.</param>
/// <param name="FromIsGiven">Whether somebody named its beginning.</param>
internal sealed record HistoryRange(BlockWindow Blocks, long FromTime, long ToTime, bool FromIsGiven)
{
    /// <summary>Finds the part between two ends; a missing one is that of the chain.</summary>
    /// <returns>Null and why there is none.</returns>
    public static (HistoryRange? Range, string? Error) Find(ChainView chain, HistoryBound? from, HistoryBound? to)
    {
        if (chain.Count == 0)
        {
            return (null, "No block is stored yet: start the service first.");
        }

        if (Outside(chain, "--from", from) is { } wrongFrom)
        {
            return (null, wrongFrom);
        }

        if (Outside(chain, "--to", to) is { } wrongTo)
        {
            return (null, wrongTo);
        }

        var (first, last) = (chain.MedianTimePast(chain.FirstHeight), chain.MedianTimePast(chain.TipHeight));
        var fromTime = from?.TimeOn(chain) ?? first;
        var toTime = Math.Min(to?.TimeOn(chain) ?? last, last);
        var fromHeight = from?.Height ?? (from is null ? chain.FirstHeight : chain.FirstHeight + CountUpTo(chain, fromTime));
        var toHeight = to?.Height ?? (chain.FirstHeight + CountUpTo(chain, toTime) - 1);
        if (from is { } begin && to is { } end && begin.TimeOn(chain) > end.TimeOn(chain))
        {
            return (null, "--from is later than --to.");
        }

        return fromTime > last ? (null, $"--from is later than the stored chain, whose tip has the median time past {Text(last)}.")
            : toTime < first ? (null, $"--to is earlier than the stored chain, whose first block has the median time past {Text(first)}.")
            : fromHeight > toHeight ? (null, "No block has a median time past between --from and --to.")
            : (new HistoryRange(new BlockWindow(fromHeight, toHeight), fromTime, toTime, from is not null), null);
    }

    private static string? Outside(ChainView chain, string option, HistoryBound? bound) =>
        bound is { Height: { } height } && (height < chain.FirstHeight || height > chain.TipHeight)
            ? $"{option}={height} is no stored height: there are {chain.FirstHeight} to {chain.TipHeight}."
            : null;

    /// <summary>How many blocks have a median time past of at most <paramref name="time"/>.</summary>
    private static int CountUpTo(ChainView chain, long time)
    {
        var (low, high) = (0, chain.Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = chain.MedianTimePast(chain.FirstHeight + middle) <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static string Text(long unixSeconds) => DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
