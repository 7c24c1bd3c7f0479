using PoolWatch.Telemetry;

namespace PoolWatch.Sync;

/// <summary>The four states of <c>/v1/status</c>.</summary>
internal enum SyncState
{
    Starting,
    CatchingUp,
    Following,
    Degraded,
}

/// <summary>What keeps the service from following the chain. Names in snake case are label values and part of REST.</summary>
internal enum SyncProblem
{
    None,
    DatabaseUnavailable,
    NodeUnreachable,
    NodeWarmingUp,
    NodeUnauthorized,
    NodeBadAnswer,
    NodeBehind,
    NodeOtherNetwork,
    BlocksMissing,
    BlocksInvalid,
    OtherIngester,
    Internal,
}

/// <summary>How far a catch-up is.</summary>
/// <param name="FromHeight">Where it began.</param>
/// <param name="Height">Last stored height.</param>
/// <param name="TargetHeight">The node's tip.</param>
/// <param name="BlocksPerSecond">Rate of the last half minute of this catch-up.</param>
/// <param name="Left">Time that the rest takes at that rate.</param>
internal sealed record SyncProgress(int FromHeight, int Height, int TargetHeight, double BlocksPerSecond, TimeSpan Left);

/// <summary>The state at one moment.</summary>
/// <param name="State">What the service does.</param>
/// <param name="Problem">What keeps it from it.</param>
/// <param name="Detail">A sentence for people: what is wrong and what to do; no secrets.</param>
/// <param name="Progress">While it catches up.</param>
/// <param name="NodeHeight">The node's tip when it last answered.</param>
/// <param name="NodeUp">Whether its last answer could be used; null where it was never asked, as by a process that only reads.</param>
/// <param name="LastSuccess">When the chain was last found or made equal to the node's.</param>
internal sealed record SyncReport(
    SyncState State, SyncProblem Problem, string? Detail, SyncProgress? Progress, int? NodeHeight, bool? NodeUp, DateTimeOffset? LastSuccess);

/// <summary>Where the work stands; written by the sync job, read by status, metrics and console. One log line for each change.</summary>
internal sealed partial class SyncStatus(TimeProvider time, ILogger<SyncStatus> logger)
{
    private readonly Lock _writing = new();
    private volatile SyncReport _report = new(SyncState.Starting, SyncProblem.None, null, null, null, NodeUp: null, null);

    public SyncReport Report => _report;

    public void NodeAnswered(int height) => Change(r => r with { NodeHeight = height, NodeUp = true });

    /// <param name="progress">How far it is.</param>
    /// <param name="detail">What else there is to know, such as that the node itself is still downloading.</param>
    public void CatchingUp(SyncProgress progress, string? detail = null) =>
        Change(r => r with { State = SyncState.CatchingUp, Problem = SyncProblem.None, Detail = detail, Progress = progress });

    public void Following() =>
        Change(r => r with { State = SyncState.Following, Problem = SyncProblem.None, Detail = null, Progress = null, LastSuccess = time.GetUtcNow() });

    /// <summary>The chain is followed through the database, into which another process writes: as a reader by choice, or as a standby that is ready to take over.</summary>
    public void FollowingOthers(SyncProblem reason, string? detail) =>
        Change(r => r with { State = SyncState.Following, Problem = reason, Detail = detail, Progress = null });

    /// <summary>Nothing is wrong, but there is nothing to follow yet.</summary>
    public void Waiting(string detail) => Change(r => r with { State = SyncState.Starting, Problem = SyncProblem.None, Detail = detail });

    public void Failed(SyncProblem problem, string detail) => Change(r => r with
    {
        State = SyncState.Degraded,
        Problem = problem,
        Detail = detail,
        Progress = null,
        NodeUp = IsNodeDown(problem) ? false : r.NodeUp,
    });

    private static bool IsNodeDown(SyncProblem problem) =>
        problem is SyncProblem.NodeUnreachable or SyncProblem.NodeWarmingUp or SyncProblem.NodeUnauthorized or SyncProblem.NodeBadAnswer;

    private void Change(Func<SyncReport, SyncReport> change)
    {
        SyncReport before, after;
        lock (_writing)
        {
            before = _report;
            _report = after = change(before);
        }

        if ((before.State, before.Problem) == (after.State, after.Problem))
        {
            return;
        }

        switch (after.State)
        {
            case SyncState.CatchingUp:
                Log.CatchingUp(logger, after.Progress!.FromHeight + 1, after.Progress.TargetHeight);
                break;
            case SyncState.Following when after.Problem != SyncProblem.None:
                Log.FollowingOthers(logger, after.Detail);
                break;
            case SyncState.Following:
                Log.Following(logger);
                break;
            case SyncState.Degraded:
                Log.Degraded(logger, OperationalMetrics.Label(after.Problem), after.Detail);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Catching up: heights {FirstHeight} to {TargetHeight}")]
        public static partial void CatchingUp(ILogger logger, int firstHeight, int targetHeight);

        [LoggerMessage(Level = LogLevel.Information, Message = "Following the chain")]
        public static partial void Following(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Following the chain through the database: {Detail}")]
        public static partial void FollowingOthers(ILogger logger, string? detail);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Not following the chain ({Problem}): {Detail}")]
        public static partial void Degraded(ILogger logger, string problem, string? detail);
    }
}
