using PoolWatch.ReadModel;

namespace PoolWatch.Telemetry;

/// <summary>/metrics in Prometheus' text format: the last snapshot's page as it was written, then the service's own state.</summary>
internal static class MetricsEndpoint
{
    private const string TextFormat = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", WriteAsync).ExcludeFromDescription();

    private static async Task WriteAsync(HttpResponse response, CurrentSnapshot snapshot, OperationalMetrics operational, CancellationToken cancellationToken)
    {
        response.ContentType = TextFormat;
        await response.Body.WriteAsync(snapshot.MetricsPage, cancellationToken);
        await operational.WriteAsync(response.Body, cancellationToken);
    }
}
