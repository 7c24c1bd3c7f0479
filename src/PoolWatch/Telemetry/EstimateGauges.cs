using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>What each window says of the hash rate behind it.</summary>
internal static class EstimateGauges
{
    public static void Add(MetricFactory metrics, Snapshot snapshot)
    {
        foreach (var family in EstimateFamily.All)
        {
            var gauge = metrics.CreateGauge(family.Name, family.Help, "layer", "window");
            foreach (var layer in snapshot.Layers.All)
            {
                foreach (var (window, measures) in layer.Windows)
                {
                    if (family.Value(measures.HashRate) is { } value)
                    {
                        gauge.WithLabels(layer.Name, MetricLabel.Of(window)).Set(value);
                    }
                }
            }
        }
    }
}
