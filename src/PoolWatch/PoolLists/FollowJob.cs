using PoolWatch.Settings;
using PoolWatch.Storage;
using Quartz;

namespace PoolWatch.PoolLists;

/// <summary>Looks after the followed pool list when it is due, in the one process that writes.</summary>
[DisallowConcurrentExecution]
internal sealed partial class FollowJob(ListFollower follower, IngesterLease lease, IHostApplicationLifetime lifetime, ILogger<FollowJob> logger) : IJob
{
    /// <summary>Who takes over from another process should not wait for a whole interval.</summary>
    private static readonly TimeSpan LongestTick = TimeSpan.FromMinutes(1);

    private static readonly JobKey Key = new("follow");
    private static readonly TriggerKey FollowTrigger = new("follow");

    public static async Task ScheduleAsync(IScheduler scheduler, FollowSettings settings, CancellationToken cancellationToken)
    {
        var job = JobBuilder.Create<FollowJob>().WithIdentity(Key).StoreDurably().Build();
        await scheduler.ScheduleJob(job, Trigger(settings), cancellationToken: cancellationToken);
    }

    /// <summary>Begins to wait anew: the clock was set.</summary>
    public static async Task RescheduleAsync(IScheduler scheduler, FollowSettings settings, CancellationToken cancellationToken) =>
        await scheduler.RescheduleJob(FollowTrigger, Trigger(settings), cancellationToken);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        if (!follower.IsDue)
        {
            return;
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var registration = lifetime.ApplicationStopping.Register(() => _ = stopping.CancelAsync());
        try
        {
            if (await lease.TryHoldAsync(stopping.Token))
            {
                await follower.RunAsync(stopping.Token);
            }
        }
        catch (Exception e) when (Database.IsOutage(e) || Database.IsStop(e, stopping.Token))
        {
            // The other job says that the database is away; this one tries again.
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.Unexpected(logger, e);
        }
    }

    private static ITrigger Trigger(FollowSettings settings) => TriggerBuilder.Create().WithIdentity(FollowTrigger).ForJob(Key).StartNow()
        .WithSimpleSchedule(s => s.WithInterval(settings.Interval < LongestTick ? settings.Interval : LongestTick).RepeatForever()
            .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)).Build();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Following the pool list failed for a reason that PoolWatch does not expect; it tries again in a while. "
            + "If it stays, report it with these lines")]
        public static partial void Unexpected(ILogger logger, Exception exception);
    }
}
