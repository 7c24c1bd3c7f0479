using Npgsql;
using PoolWatch.Settings;
using PoolWatch.Storage;
using PoolWatch.Sync;

namespace PoolWatch.ReadModel;

/// <summary>Keeps the current snapshot current: loads it, then again whenever the database announces a change, or after half a minute of silence.</summary>
internal sealed partial class SnapshotFollower(
    Installation installation,
    Database database,
    SnapshotLoader loader,
    CurrentSnapshot current,
    SyncStatus status,
    PoolWatchSettings settings,
    TimeProvider time,
    ILogger<SnapshotFollower> logger) : BackgroundService
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);

    /// <summary>Blocks may come in bursts; nobody reads so many snapshots.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A catch-up announces changes without end, and what is counted for a snapshot is taken from its pace.</summary>
    private static readonly TimeSpan CatchUpInterval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CatchUpStep = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private bool _reloads;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await installation.Ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (Database.IsStop(e, stoppingToken))
            {
                // The database may end before this hears of its own end.
                return;
            }
            catch (Exception e)
            {
                Report(e);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Whatever it was, what was read before is served on, and everything is read anew: a page that ends helps nobody.</summary>
    private void Report(Exception exception)
    {
        if (!Database.IsOutage(exception) && !_reloads)
        {
            Log.Unreadable(logger, exception);
        }

        current.DatabaseUp = false;
        StartAnew();
        status.Failed(SyncProblem.DatabaseUnavailable, DatabaseOutage.Describe(exception));
    }

    /// <summary>What was known may be another chain's after a restore, and the pool's other connections have probably ended with this one.</summary>
    private void StartAnew()
    {
        _reloads = true;
        database.ForgetIdleConnections();
    }

    /// <summary>Ends, for another to begin, when the server ends the session: that alone is no outage.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        await using var connection = await database.OpenUnpooledAsync(cancellationToken);
        // The channel is the schema's name, which was checked to be a plain identifier.
        await using (var listen = new NpgsqlCommand($"LISTEN \"{database.Schema}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            var begun = time.GetTimestamp();
            await RefreshAsync(cancellationToken);
            try
            {
                await connection.WaitAsync(LongestSilence, cancellationToken);
            }
            catch (PostgresException e) when (Database.IsEndOfSession(e) && time.GetElapsedTime(start) > RetryDelay)
            {
                StartAnew();
                return;
            }

            await RestAsync(begun, cancellationToken);
        }
    }

    private async Task RestAsync(long begun, CancellationToken cancellationToken)
    {
        if (ShortestInterval - time.GetElapsedTime(begun) is var early && early > TimeSpan.Zero)
        {
            await Task.Delay(early, time, cancellationToken);
        }

        // In steps: the end of a catch-up is to be seen at once, and a database that went away soon.
        while (status.Report.State == SyncState.CatchingUp && time.GetElapsedTime(begun) < CatchUpInterval)
        {
            await Task.Delay(CatchUpStep, time, cancellationToken);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var snapshot = await loader.LoadAsync(_reloads ? null : current.Value, cancellationToken);
        _reloads = false;
        if (snapshot is not null && snapshot != current.Value)
        {
            if (current.Value is { } former && former.Stored.PoolListId != snapshot.Stored.PoolListId)
            {
                Log.OtherList(logger, former.List.Version, former.Algorithm, snapshot.List.Version, snapshot.Algorithm);
            }

            await current.PublishAsync(snapshot, installation.Chain.Source.Name, cancellationToken);
        }

        current.DatabaseUp = true;
        if (!settings.Ingest)
        {
            ReportReader(snapshot);
        }
        else if (status.Report.Problem == SyncProblem.DatabaseUnavailable)
        {
            // The next run may be hours away by the schedule; until then this is no longer a problem.
            status.Waiting("The database answers again; the next scheduled run asks the node.");
        }
    }

    private void ReportReader(Snapshot? snapshot)
    {
        var network = installation.Chain.Network.Name;
        if (snapshot is null)
        {
            status.Waiting("No process has stored a block in this schema yet; this one only reads.");
        }
        else if (snapshot.Stored.Network != network)
        {
            status.Failed(SyncProblem.NodeOtherNetwork, $"This schema holds the chain of network '{snapshot.Stored.Network}', but PoolWatch:Network is "
                + $"'{network}'. Set PoolWatch:Network or PoolWatch:Schema.");
        }
        else
        {
            status.FollowingOthers(SyncProblem.None, null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The active pool list was {Former} ({FormerAlgorithm}) and is {List} ({Algorithm}); /v1/pool-lists says what moved")]
        public static partial void OtherList(ILogger logger, string former, string formerAlgorithm, string list, string algorithm);

        [LoggerMessage(Level = LogLevel.Error, Message = "The stored chain can't be read; serving what was read before and trying again. "
            + "If it stays, restore a backup or begin a new PoolWatch:Schema (docs/operations.md)")]
        public static partial void Unreadable(ILogger logger, Exception exception);
    }
}
