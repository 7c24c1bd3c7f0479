using System.Globalization;
using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>What each pool, or group of pools, has of each window.</summary>
internal static class ShareGauges
{
    /// <summary>An entity that has a block in any window has a series in every window, so that a share of zero is a zero and not a gap.</summary>
    public static void Add(MetricFactory metrics, Snapshot snapshot)
    {
        string[] labels = ["layer", "pool", "window"];
        var blocks = metrics.CreateGauge("poolwatch_pool_blocks", "Blocks of this pool, or group of pools, in the window.", labels);
        var share = metrics.CreateGauge(
            "poolwatch_pool_share_ratio", "Share of the window's blocks attributed to this pool, or group of pools, 0 to 1.", labels);
        var lower = metrics.CreateGauge(
            "poolwatch_pool_share_lower_ratio", "Lower end of the Wilson 95 % interval of the pool's share of hashrate, 0 to 1.", labels);
        var upper = metrics.CreateGauge(
            "poolwatch_pool_share_upper_ratio", "Upper end of the Wilson 95 % interval of the pool's share of hashrate, 0 to 1.", labels);
        foreach (var layer in snapshot.Layers.All)
        {
            var entities = layer.Windows.Values.SelectMany(m => m.Shares).Select(s => s.Entity).Distinct().Order().ToList();
            foreach (var (window, measures) in layer.Windows)
            {
                var found = measures.Shares.ToDictionary(s => s.Entity);
                foreach (var entity in entities)
                {
                    string[] values = [layer.Name, layer.Map.NameOf(entity).Slug, window.ToString(CultureInfo.InvariantCulture)];
                    var here = found.TryGetValue(entity, out var some) ? some : new EntityShare(entity, 0, 0, WilsonInterval.Of(0, measures.Blocks));
                    blocks.WithLabels(values).Set(here.Blocks);
                    share.WithLabels(values).Set(here.Share);
                    lower.WithLabels(values).Set(here.Interval.Lower);
                    upper.WithLabels(values).Set(here.Interval.Upper);
                }
            }
        }
    }
}
