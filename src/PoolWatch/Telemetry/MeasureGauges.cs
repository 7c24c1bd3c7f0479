using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>How concentrated each window is as a whole.</summary>
internal static class MeasureGauges
{
    public static void Add(MetricFactory metrics, Snapshot snapshot)
    {
        var unknown = metrics.CreateGauge("poolwatch_unknown_share_ratio", "Share of the window's blocks that no rule attributes, 0 to 1.", "window");
        var miners = metrics.CreateGauge("poolwatch_miners_share_ratio",
            "Share of the window's blocks whose miners count as one entity each in this layer, 0 to 1.", "layer", "window");
        var top = metrics.CreateGauge("poolwatch_top_share_ratio",
            "Share of the n largest together, 0 to 1; unknown blocks count as one miner each.", "layer", "n", "window");
        var hhi = metrics.CreateGauge("poolwatch_hhi_ratio",
            "Herfindahl-Hirschman index, 0 to 1; unknown blocks: separate (one miner each), excluded (in the total only), largest (all to the largest).",
            "layer", "unknown", "window");
        var effective = metrics.CreateGauge("poolwatch_effective_entities", "Effective number of entities, 1 / HHI.", "layer", "unknown", "window");
        var entropy = metrics.CreateGauge("poolwatch_shannon_entropy", "Shannon entropy in bits; unknown blocks count as one miner each.", "layer", "window");
        var gini = metrics.CreateGauge("poolwatch_gini_ratio",
            "Gini coefficient of the window's entities, 0 to 1; unknown blocks count as one miner each.", "layer", "window");
        foreach (var (layer, window, m) in Windows(snapshot))
        {
            unknown.WithLabels(window).Set(m.Unknown.Share);
            miners.WithLabels(layer, window).Set(m.Singles.Share);
            for (var n = 1; n <= m.TopShares.Count; n++)
            {
                top.WithLabels(layer, MetricLabel.Of(n), window).Set(m.TopShares[n - 1]);
            }

            hhi.WithLabels(layer, "separate", window).Set(m.Hhi.Separate);
            hhi.WithLabels(layer, "excluded", window).Set(m.Hhi.Excluded);
            hhi.WithLabels(layer, "largest", window).Set(m.Hhi.Largest);
            effective.WithLabels(layer, "separate", window).Set(m.Effective.Hhi);
            effective.WithLabels(layer, "largest", window).Set(1 / m.Hhi.Largest);
            entropy.WithLabels(layer, window).Set(m.EntropyBits);
            gini.WithLabels(layer, window).Set(m.Gini);
        }

        AddNakamoto(metrics, snapshot);
    }

    private static void AddNakamoto(MetricFactory metrics, Snapshot snapshot)
    {
        var nakamoto = metrics.CreateGauge("poolwatch_nakamoto_coefficient",
            "Smallest number of entities with strictly more than the threshold of the window's blocks.", "layer", "threshold", "unknown", "window");
        foreach (var (layer, window, m) in Windows(snapshot))
        {
            nakamoto.WithLabels(layer, MetricLabel.Of(Threshold.Third), "separate", window).Set(m.Nakamoto.Third);
            nakamoto.WithLabels(layer, MetricLabel.Of(Threshold.Half), "separate", window).Set(m.Nakamoto.Half);
            nakamoto.WithLabels(layer, MetricLabel.Of(Threshold.TwoThirds), "separate", window).Set(m.Nakamoto.TwoThirds);
            nakamoto.WithLabels(layer, MetricLabel.Of(Threshold.Third), "largest", window).Set(m.Nakamoto.ThirdLargest);
            nakamoto.WithLabels(layer, MetricLabel.Of(Threshold.Half), "largest", window).Set(m.Nakamoto.HalfLargest);
            nakamoto.WithLabels(layer, MetricLabel.Of(Threshold.TwoThirds), "largest", window).Set(m.Nakamoto.TwoThirdsLargest);
        }
    }

    private static IEnumerable<(string Layer, string Window, WindowMeasures Measures)> Windows(Snapshot snapshot) =>
        snapshot.Layers.All.SelectMany(layer => layer.Windows.Select(w => (layer.Name, MetricLabel.Of(w.Key), w.Value)));
}
