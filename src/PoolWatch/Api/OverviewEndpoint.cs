using Microsoft.AspNetCore.Http.HttpResults;
using PoolWatch.Commands;
using PoolWatch.ReadModel;
using PoolWatch.Sync;
using PoolWatch.Telemetry;

namespace PoolWatch.Api;

/// <summary>The front page as plain text: the table of the console and where the rest is.</summary>
internal static class OverviewEndpoint
{
    public static void MapOverview(this IEndpointRouteBuilder routes) => routes.MapGet("/", Write).ExcludeFromDescription();

    private static ContentHttpResult Write(CurrentSnapshot current, SyncStatus status)
    {
        var report = status.Report;
        using var text = new StringWriter();
        text.WriteLine("PoolWatch: how concentrated is Bitcoin mining?");
        text.WriteLine($"State: {OperationalMetrics.Label(report.State)}. {report.Detail}");
        if (current.Value is { } snapshot)
        {
            ConcentrationReport.Write(text, snapshot);
        }

        text.WriteLine();
        text.WriteLine($"/metrics  /v1/status  {(current.Value is { } s ? ConcentrationReport.Links(s) : "/v1/shares  /v1/concentration")}  /v1/blocks  /v1/pools  /runbooks  /openapi/v1.json  /health/ready");
        return TypedResults.Text(text.ToString(), "text/plain; charset=utf-8");
    }
}
