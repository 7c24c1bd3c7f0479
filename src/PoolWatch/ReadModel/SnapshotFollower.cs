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
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Report(e);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <summary>Whatever it was, what was read before is served on, and everything is read anew: a page that ends helps nobody.</summary>
    private void Report(Exception exception)
    {
        var outage = Database.IsOutage(exception);
        if (current.DatabaseUp && outage)
        {
            Log.Lost(logger);
        }
        else if (current.DatabaseUp || (!outage && !_reloads))
        {
            Log.Unreadable(logger, exception);
        }

        current.DatabaseUp = false;
        _reloads = true;
        if (!settings.Ingest)
        {
            status.Failed(SyncProblem.DatabaseUnavailable, "The database does not answer; what was read before is still served.");
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenUnpooledAsync(cancellationToken);
        // The channel is the schema's name, which was checked to be a plain identifier.
        await using (var listen = new NpgsqlCommand($"LISTEN \"{database.Schema}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await RefreshAsync(cancellationToken);
            current.DatabaseUp = true;
            await connection.WaitAsync(LongestSilence, cancellationToken);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var snapshot = await loader.LoadAsync(_reloads ? null : current.Value, cancellationToken);
        _reloads = false;
        if (snapshot is null)
        {
            return;
        }

        if (snapshot != current.Value)
        {
            await current.PublishAsync(snapshot, installation.Chain.Source.Name, cancellationToken);
        }

        if (!settings.Ingest)
        {
            status.FollowingOthers(SyncProblem.None, null);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer; serving what was read before")]
        public static partial void Lost(ILogger logger);

        [LoggerMessage(Level = LogLevel.Error, Message = "The stored chain can't be read; serving what was read before")]
        public static partial void Unreadable(ILogger logger, Exception exception);
    }
}
