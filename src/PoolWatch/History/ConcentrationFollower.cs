using PoolWatch.ReadModel;
using PoolWatch.Settings;
using PoolWatch.Storage;
using PoolWatch.Sync;

namespace PoolWatch.History;

/// <summary>Keeps the table <c>concentration</c> with the current snapshot, in the process that writes blocks.</summary>
internal sealed partial class ConcentrationFollower(
    CurrentSnapshot current,
    ConcentrationTable table,
    IngesterLease lease,
    SyncStatus status,
    PoolWatchSettings settings,
    TimeProvider time,
    ILogger<ConcentrationFollower> logger) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>A process that only stands by asks so often whether it is the one that writes now.</summary>
    private static readonly TimeSpan StandbyDelay = TimeSpan.FromSeconds(10);

    /// <summary>In a catch-up the rows of each block would be written and deleted again within minutes.</summary>
    private static readonly TimeSpan CatchUpInterval = TimeSpan.FromMinutes(10);

    private long? _written;
    private bool _failed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (settings.Ingest)
        {
            var next = current.Next;
            try
            {
                var delay = await TryUpdateAsync(stoppingToken);
                await (delay is { } wait ? Task.Delay(wait, time, stoppingToken) : next.WaitAsync(stoppingToken));
            }
            catch (Exception e) when (Database.IsStop(e, stoppingToken))
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Report(e);
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    /// <returns>Null where the table is up to date; else when to look again.</returns>
    private async Task<TimeSpan?> TryUpdateAsync(CancellationToken cancellationToken)
    {
        if (current.Value is not { } snapshot)
        {
            return null;
        }

        if (status.Report.State == SyncState.CatchingUp && (_written is not { } last || time.GetElapsedTime(last) < CatchUpInterval))
        {
            _written ??= time.GetTimestamp();
            return RetryDelay;
        }

        if (!await lease.TryHoldAsync(cancellationToken))
        {
            return StandbyDelay;
        }

        await table.UpdateAsync(snapshot, cancellationToken);
        (_written, _failed) = (time.GetTimestamp(), false);
        return null;
    }

    /// <summary>What is served and stored otherwise does not depend on it; an outage is reported by those who need the database.</summary>
    private void Report(Exception exception)
    {
        if (!_failed && !Database.IsOutage(exception))
        {
            Log.NotWritten(logger, exception);
        }

        _failed = true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "The table concentration can't be brought up to date; trying again. v_concentration shows no row that is out of date")]
        public static partial void NotWritten(ILogger logger, Exception exception);
    }
}
