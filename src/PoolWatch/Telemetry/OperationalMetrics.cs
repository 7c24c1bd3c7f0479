using System.Reflection;
using System.Text.Json;
using PoolWatch.PoolLists;
using PoolWatch.ReadModel;
using PoolWatch.Sync;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>The part of /metrics that says how the service itself fares.</summary>
internal sealed class OperationalMetrics
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _runs;
    private readonly Histogram _duration;
    private readonly Counter _stored;
    private readonly Counter _reorgs;
    private readonly Histogram _reorgDepth;
    private readonly Counter _follows;
    private readonly Gauge _followed;

    public OperationalMetrics(SyncStatus status, CurrentSnapshot snapshot)
    {
        var metrics = Metrics.WithCustomRegistry(_registry);
        _runs = metrics.CreateCounter("poolwatch_sync_runs_total", "Scheduled runs by what kept them from following the chain; none is "
            + "success.", "problem");
        _duration = metrics.CreateHistogram("poolwatch_sync_duration_seconds", "Duration of scheduled runs.",
            new HistogramConfiguration { Buckets = [0.01, 0.1, 1, 10, 60, 600] });
        _stored = metrics.CreateCounter("poolwatch_sync_blocks_total", "Blocks written since the service started, those made active again included.");
        _reorgs = metrics.CreateCounter("poolwatch_reorgs_total", "Reorgs followed since the service started.");
        _reorgDepth = metrics.CreateHistogram("poolwatch_reorg_depth_blocks", "Blocks that became stale in each reorg.",
            new HistogramConfiguration { Buckets = [1, 2, 3, 6, 12, 100] });
        _follows = metrics.CreateCounter("poolwatch_pool_list_follow_total", "Looks at the followed pool list by how they ended.", "outcome");
        _followed = metrics.CreateGauge("poolwatch_pool_list_follow_success_timestamp_seconds", "When the followed pool list was last found or made "
            + "to be the active one.", new GaugeConfiguration { SuppressInitialValue = true });
        metrics.CreateGauge("poolwatch_build_info", "The running version. Always 1.", "version").WithLabels(Version).Set(1);
        foreach (var problem in Enum.GetValues<SyncProblem>())
        {
            _runs.WithLabels(Label(problem));
        }

        foreach (var outcome in Enum.GetValues<FollowOutcome>())
        {
            _follows.WithLabels(Label(outcome));
        }

        AddState(metrics, status, snapshot);
    }

    public static string Version =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>How enum values are written in labels and REST: <c>node_unreachable</c>.</summary>
    public static string Label(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    public void SyncRan(SyncProblem problem, TimeSpan duration)
    {
        _runs.WithLabels(Label(problem)).Inc();
        _duration.Observe(duration.TotalSeconds);
    }

    public void Stored(int blocks) => _stored.Inc(blocks);

    public void Reorged(int depth)
    {
        _reorgs.Inc();
        _reorgDepth.Observe(depth);
    }

    public void FollowedList(FollowOutcome outcome, DateTimeOffset now)
    {
        _follows.WithLabels(Label(outcome)).Inc();
        if (outcome is FollowOutcome.Applied or FollowOutcome.Unchanged)
        {
            _followed.Set(now.ToUnixTimeMilliseconds() / 1000.0);
        }
    }

    public Task WriteAsync(Stream text, CancellationToken cancellationToken) => _registry.CollectAndExportAsTextAsync(text, cancellationToken);

    /// <summary>Gauges that are read from the status when a scrape asks, so that they never lag behind it.</summary>
    private void AddState(MetricFactory metrics, SyncStatus status, CurrentSnapshot snapshot)
    {
        var optional = new GaugeConfiguration { SuppressInitialValue = true };
        var nodeUp = metrics.CreateGauge("poolwatch_node_up", "1 where the node's last answer could be used; absent where no node was "
            + "asked yet.", optional);
        var nodeHeight = metrics.CreateGauge("poolwatch_node_height", "Height of the node's tip when it last answered.", optional);
        var databaseUp = metrics.CreateGauge("poolwatch_database_up", "1 where the database answered when last asked; at 0 the page is "
            + "the last one known.");
        var state = metrics.CreateGauge("poolwatch_sync_state", "1 for the present state, 0 for the others.", "state");
        var problem = metrics.CreateGauge("poolwatch_sync_problem", "1 for what keeps the service from following the chain, 0 for the "
            + "others.", "problem");
        var left = metrics.CreateGauge("poolwatch_sync_left_blocks", "Blocks still to read in a catch-up; 0 outside of one.");
        var rate = metrics.CreateGauge("poolwatch_sync_blocks_per_second", "Blocks stored a second in the last half minute of a catch-up; 0 outside of one.");
        var leftSeconds = metrics.CreateGauge("poolwatch_sync_left_seconds", "Time that the rest of a catch-up takes at that rate; 0 outside of one.");
        var success = metrics.CreateGauge("poolwatch_sync_last_success_timestamp_seconds", "When the stored chain was last equal to the node's.", optional);
        _registry.AddBeforeCollectCallback(() =>
        {
            var report = status.Report;
            if (report.NodeUp is { } up)
            {
                nodeUp.Set(up ? 1 : 0);
            }

            databaseUp.Set(snapshot.DatabaseUp ? 1 : 0);
            left.Set(report.Progress is { } progress ? progress.TargetHeight - progress.Height : 0);
            rate.Set(report.Progress?.BlocksPerSecond ?? 0);
            leftSeconds.Set(report.Progress?.Left.TotalSeconds ?? 0);
            foreach (var one in Enum.GetValues<SyncState>())
            {
                state.WithLabels(Label(one)).Set(report.State == one ? 1 : 0);
            }

            foreach (var one in Enum.GetValues<SyncProblem>().Where(p => p != SyncProblem.None))
            {
                problem.WithLabels(Label(one)).Set(report.Problem == one ? 1 : 0);
            }

            if (report.NodeHeight is { } height)
            {
                nodeHeight.Set(height);
            }

            if (report.LastSuccess is { } last)
            {
                success.Set(last.ToUnixTimeMilliseconds() / 1000.0);
            }
        });
    }
}
