using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>What each pool, or group of pools, has of each window.</summary>
internal static class ShareGauges
{
    public static void Add(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        string[] labels = ["layer", "pool", "window"];
        var blocks = metrics.CreateGauge("poolwatch_pool_blocks", "Blocks of this pool, or group of pools, in the window.", labels);
        var share = metrics.CreateGauge(
            "poolwatch_pool_share_ratio", "Share of the window's blocks attributed to this pool, or group of pools, 0 to 1.", labels);
        var lower = metrics.CreateGauge(
            "poolwatch_pool_share_lower_ratio", "Lower end of the Wilson 95 % interval of the pool's share of hashrate, 0 to 1.", labels);
        var upper = metrics.CreateGauge(
            "poolwatch_pool_share_upper_ratio", "Upper end of the Wilson 95 % interval of the pool's share of hashrate, 0 to 1.", labels);
        foreach (var layer in layers)
        {
            foreach (var (length, measures) in layer.Layer.Windows)
            {
                var window = MetricLabel.Of(length);
                var found = measures.Shares.ToDictionary(s => s.Entity);
                foreach (var entity in layer.Entities)
                {
                    string[] values = [layer.Layer.Name, layer.SlugOf(entity), window];
                    var here = found.TryGetValue(entity, out var some) ? some : new EntityShare(entity, 0, 0, WilsonInterval.Of(0, measures.Blocks));
                    blocks.WithLabels(values).Set(here.Blocks);
                    share.WithLabels(values).Set(here.Share);
                    lower.WithLabels(values).Set(here.Interval.Lower);
                    upper.WithLabels(values).Set(here.Interval.Upper);
                }

                if (layer.HasRest)
                {
                    var rest = layer.RestOf(measures);
                    blocks.WithLabels(layer.Layer.Name, LayerSeries.Rest, window).Set(rest);
                    share.WithLabels(layer.Layer.Name, LayerSeries.Rest, window).Set((double)rest / measures.Blocks);
                }
            }
        }
    }
}
