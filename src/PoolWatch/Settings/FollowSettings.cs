using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Settings;

/// <summary>Where a pool list is followed from.</summary>
internal sealed record FollowSettings
{
    /// <summary>An http or https address without user and password; null where a file is followed.</summary>
    public required Uri? Url { get; init; }

    /// <summary>Full path; null where a URL is followed.</summary>
    public required string? File { get; init; }

    /// <summary>Whose form the list has; null for ours.</summary>
    public required PublicListKind? Form { get; init; }

    /// <summary>Time from one look to the next.</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>How long a transfer may take to its last byte.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>For people: what a query holds may be a secret.</summary>
    public override string ToString() => Url?.GetLeftPart(UriPartial.Path) ?? File!;
}
