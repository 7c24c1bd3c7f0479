using System.Globalization;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>Which blocks a request is about: the last <c>window</c>, or from one height or time to another.</summary>
internal static class WindowQuery
{
    public const int DefaultWindow = 2016;
    public const int LongestWindow = 1_000_000;

    /// <exception cref="ProblemException">The parameters are malformed or contradictory (400), or the chain does not have those blocks (404).</exception>
    public static BlockWindow Read(Snapshot snapshot, WindowParameters parameters)
    {
        var (window, from, to) = parameters;
        if (window is not null && (from is not null || to is not null))
        {
            throw ProblemException.BadParameter("window", "Give either window, or from and to.");
        }

        return Required(snapshot.Chain, from is null && to is null ? snapshot.Chain.Last(ReadLength(window)) : Between(snapshot.Chain, from, to));
    }

    /// <summary>The same as of a moment: a window by its length ends with the last block up to it.</summary>
    /// <exception cref="ProblemException">The parameters are malformed or contradictory (400), or the chain does not have those blocks (404).</exception>
    public static BlockWindow ReadUpTo(Snapshot snapshot, WindowParameters parameters, long time)
    {
        if (parameters.From is not null || parameters.To is not null || snapshot.Chain.Count == 0)
        {
            return Read(snapshot, parameters);
        }

        var chain = snapshot.Chain;
        var since = chain.FirstHeight == 0 ? -1L : chain.MedianTimePast(chain.FirstHeight);
        var tip = Required(chain, time > since ? chain.Times(since, time) : chain.Times(since - 1, since)).ToHeight;
        return Required(chain, chain.Heights(Math.Max(tip - ReadLength(parameters.Window) + 1, 0), tip));
    }

    private static int ReadLength(string? window) => QueryRules.ReadInteger("window", window, DefaultWindow, 1, LongestWindow);

    private static BlockWindow Required(ChainView chain, WindowLookup lookup) => lookup.TryGet(out var found)
        ? found
        : lookup.Absence == WindowAbsence.InvalidBounds
            ? throw ProblemException.BadParameter("from", "from must not be above to; a time must be before to, because it is exclusive.")
            : throw ProblemException.NotFound("No such window", Explain(chain, lookup));

    public static WindowAnswer Describe(ChainView chain, BlockWindow window) => new(
        window.Blocks, window.FromHeight, window.ToHeight,
        DateTime.UnixEpoch.AddSeconds(chain.MedianTimePast(window.FromHeight)),
        DateTime.UnixEpoch.AddSeconds(chain.MedianTimePast(window.ToHeight)));

    private static WindowLookup Between(ChainView chain, string? from, string? to)
    {
        if (from is null || to is null)
        {
            throw ProblemException.BadParameter(from is null ? "from" : "to", "from and to belong together; only one of them is given.");
        }

        if (QueryRules.TryInteger(from, out var fromHeight) && QueryRules.TryInteger(to, out var toHeight))
        {
            return chain.Heights(fromHeight, toHeight);
        }

        if (TryUnixTime(from, out var fromTime) && TryUnixTime(to, out var toTime))
        {
            return chain.Times(fromTime, toTime);
        }

        var wrong = QueryRules.TryInteger(from, out _) || TryTime(from, out _) ? "to" : "from";
        throw ProblemException.BadParameter(wrong, "from and to must both be heights such as 944221, or both be times such as "
            + "2026-04-22T00:00:00Z (RFC 3339, with a zone).");
    }

    private static bool TryUnixTime(string text, out long unixSeconds)
    {
        var parsed = TryTime(text, out var time);
        unixSeconds = time.ToUnixTimeSeconds();
        return parsed;
    }

    /// <summary>A time as it is written, to the fraction of a second.</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        string[] formats = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        return DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal));
    }

    private static string Explain(ChainView chain, WindowLookup lookup) => chain.Count == 0
        ? "No block is stored yet."
        : string.Create(CultureInfo.InvariantCulture,
            $"{lookup.Reason} Stored are heights {chain.FirstHeight} to {chain.TipHeight}, median times "
                + $"{Time(chain, chain.FirstHeight)} to {Time(chain, chain.TipHeight)}.");

    private static string Time(ChainView chain, int height) =>
        DateTime.UnixEpoch.AddSeconds(chain.MedianTimePast(height)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
