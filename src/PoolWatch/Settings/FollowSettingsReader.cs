using System.Globalization;
using System.Text.RegularExpressions;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Settings;

/// <summary>Reads and checks the settings of a pool list that is followed.</summary>
/// <param name="text">The value of a key; null where it is not set.</param>
/// <param name="errors">Gets a sentence for each fault.</param>
internal sealed partial class FollowSettingsReader(Func<string, string?> text, List<string> errors)
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    /// <returns>Null where no list is followed, or its source is none.</returns>
    public FollowSettings? Read()
    {
        var (form, interval, timeout) = (Form(), Time("PoolWatch:PoolListInterval", "1d", LongestInterval), Time("PoolWatch:PoolListTimeout", "30s", LongestTimeout));
        if (text("PoolWatch:PoolListSource") is not { } source)
        {
            return null;
        }

        var isUrl = source.Contains("://", StringComparison.Ordinal);
        Uri? url = null;
        if (isUrl && !(Uri.TryCreate(source, UriKind.Absolute, out url) && url.Scheme is "http" or "https" && url.Port > 0 && url.UserInfo.Length == 0))
        {
            // The text is left out: people write passwords into URLs.
            errors.Add("PoolWatch:PoolListSource must be a file, or look like https://example.org/pools.json: http or https, no user or password in it.");
            return null;
        }

        return new FollowSettings { Url = url, File = isUrl ? null : Path.GetFullPath(source), Form = form, Interval = interval, Timeout = timeout };
    }

    private PublicListKind? Form()
    {
        var name = text("PoolWatch:PoolListFormat") ?? "poolwatch";
        switch (name)
        {
            case "poolwatch": return null;
            case "mempool": return PublicListKind.Mempool;
            case "bitcoin-data": return PublicListKind.BitcoinData;
            default:
                errors.Add($"PoolWatch:PoolListFormat is '{name}'; it must be one of poolwatch, mempool, bitcoin-data.");
                return null;
        }
    }

    private TimeSpan Time(string key, string without, TimeSpan longest)
    {
        var value = text(key) ?? without;
        if (IntervalText().Match(value) is { Success: true } match)
        {
            var number = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            var time = match.Groups[2].Value switch
            {
                "s" => TimeSpan.FromSeconds(number),
                "m" => TimeSpan.FromMinutes(number),
                "h" => TimeSpan.FromHours(number),
                _ => TimeSpan.FromDays(number),
            };
            if (time >= TimeSpan.FromSeconds(1) && time <= longest)
            {
                return time;
            }
        }

        var most = longest.TotalDays >= 1 ? $"{longest.TotalDays}d" : $"{longest.TotalMinutes}m";
        errors.Add($"{key} is '{value}'; it must be a time of 1s to {most} such as 30s, 5m, 1h{(longest.TotalDays >= 1 ? ", 1d" : "")}.");
        return longest;
    }

    [GeneratedRegex("^([0-9]{1,5})(s|m|h|d)\\z")]
    private static partial Regex IntervalText();
}
