using Npgsql;
using PoolWatch.Node;
using PoolWatch.PoolLists;
using PoolWatch.Settings;
using PoolWatch.Storage;
using PoolWatch.Sync;
using PoolWatch.Telemetry;
using Quartz;

namespace PoolWatch;

/// <summary>Brings up database, schema, source and schedule, in this order, while the web server already answers; then keeps the private PostgreSQL running.</summary>
internal sealed partial class Startup(
    PoolWatchSettings settings,
    PrivatePostgres postgres,
    SourceChoice choice,
    SchemaMigrator migrator,
    Database database,
    Installation installation,
    BlockStore blocks,
    PoolListStore poolLists,
    PoolListChanges listChanges,
    SyncStatus status,
    OperationalMetrics metrics,
    ISchedulerFactory schedulers,
    IHostApplicationLifetime lifetime,
    WebAddress address,
    TimeProvider time,
    ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TriggerKey SyncTrigger = new("sync");
    private readonly ILogger _logger = loggers.CreateLogger<Startup>();
    private (IBlockSource Source, Network Network, string Schema)? _choice;

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        Log.Stopping(_logger);
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lifetime.ApplicationStarted.Register(() => Log.Listening(_logger, OperationalMetrics.Version, address.Url));
        try
        {
            await PrepareWithRetriesAsync(stoppingToken);
            if (settings.Ingest)
            {
                await ScheduleAsync(stoppingToken);
            }

            await Task.WhenAll(WatchPostgresAsync(stoppingToken), WatchClockAsync(stoppingToken));
        }
        catch (Exception e) when (Database.IsStop(e, stoppingToken))
        {
            // What breaks while it stops is no fault.
        }
        catch (DatabaseSetupException e)
        {
            // Trying again would not help: somebody has to install, configure or upgrade something.
            Log.CannotStart(_logger, e.Message);
            Environment.ExitCode = 1;
            // Not before the web server has started: a start that is interrupted ends with an error of its own.
            lifetime.ApplicationStarted.Register(lifetime.StopApplication);
        }
    }

    private async Task PrepareWithRetriesAsync(CancellationToken cancellationToken)
    {
        while (!installation.IsReady)
        {
            try
            {
                await PrepareAsync(cancellationToken);
            }
            catch (Exception e) when ((e is NpgsqlException || Database.IsOutage(e)) && !cancellationToken.IsCancellationRequested)
            {
                status.Failed(SyncProblem.DatabaseUnavailable, DatabaseOutage.Describe(e));
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (settings.ConnectionString is null)
        {
            await postgres.EnsureRunningAsync(cancellationToken);
        }

        var connectionString = settings.ConnectionString ?? postgres.ConnectionString;
        _choice ??= await choice.DecideAsync(connectionString, cancellationToken);
        var (source, network, schema) = _choice.Value;
        await migrator.MigrateAsync(connectionString, schema, cancellationToken);
        database.Open(connectionString, schema);
        // The sample chain begins where it begins, whatever was configured for a real one.
        var fromHeight = network == Network.Sample ? 0 : settings.FromHeight;
        var sync = new ChainSync(source, network, fromHeight, settings.Algorithm, settings.PoolList, blocks, poolLists, listChanges, status, metrics, time, loggers.CreateLogger<ChainSync>());
        installation.Complete(new ServedChain(source, network, schema, sync));
    }

    private async Task ScheduleAsync(CancellationToken cancellationToken)
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var job = JobBuilder.Create<SyncJob>().WithIdentity(SyncJob.Key).StoreDurably().Build();
        await scheduler.ScheduleJob(job, Trigger(), cancellationToken: cancellationToken);
        if (settings.Schedule.Cron is not null)
        {
            await scheduler.TriggerJob(SyncJob.Key, cancellationToken: cancellationToken);
        }

        if (settings.Follow is { } follow)
        {
            await FollowJob.ScheduleAsync(scheduler, follow, cancellationToken);
        }
    }

    private ITrigger Trigger()
    {
        var trigger = TriggerBuilder.Create().WithIdentity(SyncTrigger).ForJob(SyncJob.Key);
        return settings.Schedule.Cron is { } cron
            ? trigger.WithCronSchedule(cron, s => s.InTimeZone(TimeZoneInfo.Utc).WithMisfireInstruction(CronTriggerMisfireInstruction.DoNothing)).Build()
            : trigger.StartNow().WithSimpleSchedule(s => s.WithInterval(settings.Schedule.Interval!.Value).RepeatForever()
                .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount)).Build();
    }

    private async Task WatchClockAsync(CancellationToken cancellationToken)
    {
        if (!settings.Ingest)
        {
            return;
        }

        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await new ClockWatch(time, loggers.CreateLogger<ClockWatch>())
            .RunAsync(() => RescheduleAsync(scheduler, cancellationToken), cancellationToken);
    }

    private async Task RescheduleAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        await scheduler.RescheduleJob(SyncTrigger, Trigger(), cancellationToken);
        if (settings.Follow is { } follow)
        {
            await FollowJob.RescheduleAsync(scheduler, follow, cancellationToken);
        }
    }

    /// <summary>A private server that died, or whose owner ended, is started again; a failure is reported by those who need it.</summary>
    private async Task WatchPostgresAsync(CancellationToken cancellationToken)
    {
        while (settings.ConnectionString is null)
        {
            await Task.Delay(RetryDelay, time, cancellationToken);
            try
            {
                await postgres.EnsureRunningAsync(cancellationToken);
            }
            catch (Exception e) when (e is DatabaseSetupException or NpgsqlException)
            {
                status.Failed(SyncProblem.DatabaseUnavailable, e.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "PoolWatch {Version} listens on {Url}")]
        public static partial void Listening(ILogger logger, string version, string url);

        [LoggerMessage(Level = LogLevel.Information, Message = "Stopping")]
        public static partial void Stopping(ILogger logger);

        [LoggerMessage(Level = LogLevel.Critical, Message = "PoolWatch can't start: {Reason}")]
        public static partial void CannotStart(ILogger logger, string reason);
    }
}
