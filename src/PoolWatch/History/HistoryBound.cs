using System.Globalization;
using PoolWatch.Api;

namespace PoolWatch.History;

/// <summary>An end of a range as somebody writes it: a height, or a moment.</summary>
/// <param name="Height">A height; null for a moment.</param>
/// <param name="UnixSeconds">The moment; of no meaning for a height.</param>
internal readonly record struct HistoryBound(int? Height, long UnixSeconds)
{
    public const string Forms = "a date such as 2023-01-01, a time such as 2023-01-01T12:00:00Z or a height";

    public static bool TryParse(string text, out HistoryBound bound)
    {
        if (text.Length > 0 && QueryRules.TryInteger(text, out var height))
        {
            bound = new HistoryBound(height, 0);
            return true;
        }

        var parsed = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            || WindowQuery.TryTime(text, out time);
        bound = new HistoryBound(null, time.ToUnixTimeSeconds());
        return parsed;
    }

    /// <summary>The moment of it on a chain: of a height, its median time past.</summary>
    public long TimeOn(ChainView chain) => Height is { } height ? chain.MedianTimePast(height) : UnixSeconds;
}
