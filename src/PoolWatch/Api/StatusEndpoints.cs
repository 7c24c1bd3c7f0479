using PoolWatch.ReadModel;
using PoolWatch.Settings;
using PoolWatch.Sync;
using PoolWatch.Telemetry;

namespace PoolWatch.Api;

/// <summary>What the service does, and whether it is well; answered in every state.</summary>
internal static class StatusEndpoints
{
    public static void MapStatus(this RouteGroupBuilder routes) =>
        routes.MapGet("/status", GetStatus).WithName("GetStatus").WithSummary("What the service does, how far it is, what keeps it")
            .Produces<StatusAnswer>().ProducesProblem(400);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => new HealthAnswer("live", null)).WithSummary("200 while the process answers");
        routes.MapGet("/health/ready", GetReadiness).WithSummary("200 once there are numbers to serve, current or not; 503 before")
            .Produces<HealthAnswer>().Produces<HealthAnswer>(503);
    }

    private static IResult GetReadiness(CurrentSnapshot current) => current.Value is { Chain.Count: > 0 }
        ? TypedResults.Ok(new HealthAnswer("ready", null))
        : TypedResults.Json(new HealthAnswer("not ready", "No block is stored yet; /v1/status says why."), statusCode: StatusCodes.Status503ServiceUnavailable);

    private static StatusAnswer GetStatus(PoolWatchSettings settings, Installation installation, SyncStatus sync, CurrentSnapshot current)
    {
        var (report, snapshot) = (sync.Report, current.Value);
        var network = installation.IsReady ? installation.Chain.Network : settings.Network;
        return new StatusAnswer(
            snapshot?.Stored.Network ?? network.Name,
            installation.IsReady ? installation.Chain.Source.Name : settings.Source.ToString().ToLowerInvariant(),
            new NodeStatus(report.NodeHeight, report.NodeUp ?? false),
            snapshot is { Stored.Tip: { } tip } ? new TipStatus(snapshot.Chain.FirstHeight, tip.Height, tip.Hash.ToString(), Time(snapshot.Chain.Time(tip.Height))) : null,
            OperationalMetrics.Label(report.State),
            report.Problem == SyncProblem.None ? null : OperationalMetrics.Label(report.Problem),
            report.Detail,
            report.Progress is { } p ? new ProgressStatus(p.FromHeight, p.Height, p.TargetHeight, p.BlocksPerSecond, p.Left.TotalSeconds) : null,
            snapshot?.IsSample ?? (network == Network.Sample),
            current.DatabaseUp,
            settings.Ingest,
            new PoolListStatus(snapshot?.List.Version ?? settings.PoolList.Version, settings.PoolList.Version),
            snapshot?.Algorithm ?? settings.Algorithm,
            OperationalMetrics.Version);
    }

    private static DateTime Time(uint unixSeconds) => DateTime.UnixEpoch.AddSeconds(unixSeconds);
}
