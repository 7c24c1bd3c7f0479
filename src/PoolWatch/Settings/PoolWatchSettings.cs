using PoolWatch.Core.Layers;

namespace PoolWatch.Settings;

/// <summary>Every setting of the service, checked. Names, defaults and ranges are documented in docs/configuration.md.</summary>
internal sealed class PoolWatchSettings
{
    public required Network Network { get; init; }

    public required SourceKind Source { get; init; }

    public required NodeSettings Node { get; init; }

    /// <summary>First height to read and store.</summary>
    public required int FromHeight { get; init; }

    /// <summary>Folder of the private PostgreSQL.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folder with <c>initdb</c> and <c>postgres</c>; null to search PATH and Debian's folders.</summary>
    public required string? PostgresBinDirectory { get; init; }

    /// <summary>URL that the web server binds.</summary>
    public required string Listen { get; init; }

    /// <summary>Name of the attribution rule that a new database starts with.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The pool list that a new database starts with.</summary>
    public required PoolList PoolList { get; init; }

    /// <summary>What part of the last 2016 blocks a new list may move by itself, 0 to 1.</summary>
    public required double PoolListMaxMoved { get; init; }
    /// <summary>The layers of this process: who is one with whom.</summary>
    public required LayerSet Layers { get; init; }

    /// <summary>The pool list that is followed; null for none.</summary>
    public required FollowSettings? Follow { get; init; }

    /// <summary>Whether this process writes; any number of others may read the same schema.</summary>
    public required bool Ingest { get; init; }

    /// <summary>Database schema; null for the default, which depends on the network.</summary>
    public required string? Schema { get; init; }

    /// <summary>When the node is asked for new blocks.</summary>
    public required SyncSchedule Schedule { get; init; }

    /// <summary>An external PostgreSQL; null for the private one.</summary>
    public required string? ConnectionString { get; init; }
}

internal enum SourceKind
{
    Auto,
    Rest,
    Rpc,
    NBitcoin,
    Sample,
}

/// <summary>How to reach the node.</summary>
internal sealed record NodeSettings
{
    public required Uri Url { get; init; }

    /// <summary>The cookie that the node writes at each start; null where user and password are set.</summary>
    public required string? CookieFile { get; init; }

    public required string? User { get; init; }

    public required string? Password { get; init; }

    /// <summary>Whether any node setting was given: then a node is wanted, and its absence is a fault, never a reason for the sample.</summary>
    public required bool Configured { get; init; }

    // Without this a record would print its password wherever it is logged.
    public override string ToString() => Url.ToString();
}

/// <summary>Either an interval or a Quartz cron expression.</summary>
internal sealed record SyncSchedule(TimeSpan? Interval, string? Cron);
