using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>
/// The part of /metrics that says how concentrated mining is, written as a whole from one snapshot: a scrape never mixes two tips, and a pool that
/// left every window leaves no series behind.
/// </summary>
internal static class ConcentrationPage
{
    public static async Task<ReadOnlyMemory<byte>> WriteAsync(Snapshot snapshot, string source, CancellationToken cancellationToken)
    {
        var registry = Metrics.NewCustomRegistry();
        var metrics = Metrics.WithCustomRegistry(registry);
        ChainGauges.Add(metrics, snapshot, source);
        var layers = LayerSeries.Of(snapshot);
        ShareGauges.Add(metrics, layers);
        RiskGauges.Add(metrics, layers);
        MeasureGauges.Add(metrics, snapshot);
        EstimateGauges.Add(metrics, snapshot);
        InspectionGauges.Add(metrics, snapshot);
        AlarmGauges.Add(metrics, snapshot.Chain, layers);
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text, cancellationToken);
        return text.ToArray();
    }
}
