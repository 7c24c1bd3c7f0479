using PoolWatch.Storage;
using PoolWatch.Telemetry;
using Quartz;

namespace PoolWatch.Sync;

/// <summary>One scheduled run: hold the lease, make the chains equal, record how it went. The only place where sync errors end.</summary>
[DisallowConcurrentExecution]
internal sealed partial class SyncJob(
    IngesterLease lease,
    Installation installation,
    SyncStatus status,
    OperationalMetrics metrics,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<SyncJob> logger) : IJob
{
    public static readonly JobKey Key = new("sync");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        // The scheduler waits for its jobs when the service stops, so they must hear of it.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // On another thread: the driver tells the server of a cancelled query and waits for it, however long it hangs.
        using var registration = lifetime.ApplicationStopping.Register(() => _ = stopping.CancelAsync());
        var problem = await RunAsync(stopping.Token);
        metrics.SyncRan(problem, time.GetElapsedTime(start));
    }

    private async Task<SyncProblem> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await lease.TryHoldAsync(cancellationToken))
            {
                status.FollowingOthers(SyncProblem.OtherIngester, "Another PoolWatch process writes into this schema; this one only "
                    + "reads, and takes over when the other ends.");
                return SyncProblem.OtherIngester;
            }

            await installation.Chain.Sync.RunAsync(cancellationToken);
            return SyncProblem.None;
        }
        catch (Exception e) when (Database.IsStop(e, cancellationToken))
        {
            return SyncProblem.None;
        }
        catch (SyncException e)
        {
            return Fail(e.Problem, e.Message);
        }
        catch (BlockSourceException e)
        {
            return Fail(ProblemOf(e.Fault), e.Message);
        }
        catch (Exception e) when (e is InvalidBlockException or BlockFormatException)
        {
            return Fail(SyncProblem.BlocksInvalid, e.Message);
        }
        catch (ConcurrentWriterException e)
        {
            status.FollowingOthers(SyncProblem.OtherIngester, e.Message);
            return SyncProblem.OtherIngester;
        }
        catch (Exception e) when (Database.IsOutage(e))
        {
            return Fail(SyncProblem.DatabaseUnavailable, DatabaseOutage.Describe(e));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (status.Report.Problem != SyncProblem.Internal)
            {
                Log.Unexpected(logger, e);
            }

            return Fail(SyncProblem.Internal, "An error that PoolWatch does not expect. The next run tries again; if it "
                + "stays, report it with the log's lines.");
        }
    }

    private SyncProblem Fail(SyncProblem problem, string detail)
    {
        status.Failed(problem, detail);
        return problem;
    }

    private static SyncProblem ProblemOf(SourceFault fault) => fault switch
    {
        SourceFault.Unreachable => SyncProblem.NodeUnreachable,
        SourceFault.WarmingUp => SyncProblem.NodeWarmingUp,
        SourceFault.Unauthorized => SyncProblem.NodeUnauthorized,
        SourceFault.BlockMissing => SyncProblem.BlocksMissing,
        _ => SyncProblem.NodeBadAnswer,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Sync failed for a reason that PoolWatch does not expect; the next run tries again. "
            + "If it stays, report it with these lines")]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
