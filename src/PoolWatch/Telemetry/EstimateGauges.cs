using System.Globalization;
using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>What each window says of the hash rate behind it: estimates without the bias of a sample, and how far chance may have moved them.</summary>
internal static class EstimateGauges
{
    public static void Add(MetricFactory metrics, Snapshot snapshot)
    {
        string[] labels = ["layer", "window"];
        var hhi = new Interval(metrics, "poolwatch_hhi_{0}_ratio", "HHI of the hash rate behind the window's blocks, 0 to 1", "unbiased", labels);
        var entropy = new Interval(metrics, "poolwatch_shannon_entropy_{0}", "Shannon entropy of the hash rate behind the window's blocks in bits", "estimate", labels);
        var atLeast = metrics.CreateGauge("poolwatch_nakamoto_lower_entities",
            "Fewest entities that may have more than half of the hash rate by the window's blocks, 95 %.", labels);
        var atMost = metrics.CreateGauge("poolwatch_nakamoto_upper_entities",
            "Fewest entities that have more than half of the hash rate beyond doubt by the window's blocks, 95 %; absent where none are.", labels);
        foreach (var layer in snapshot.Layers.All)
        {
            foreach (var (window, measures) in layer.Windows)
            {
                string[] values = [layer.Name, window.ToString(CultureInfo.InvariantCulture)];
                hhi.Set(measures.HashRate.Hhi, values);
                entropy.Set(measures.HashRate.EntropyBits, values);
                atLeast.WithLabels(values).Set(measures.HashRate.NakamotoHalf.Lower);
                if (measures.HashRate.NakamotoHalf.Upper is { } upper)
                {
                    atMost.WithLabels(values).Set(upper);
                }
            }
        }
    }

    /// <summary>An estimate with the two ends of its interval, each a gauge.</summary>
    private sealed class Interval(MetricFactory metrics, string name, string what, string estimate, string[] labels)
    {
        private readonly Gauge _estimate = metrics.CreateGauge(Name(name, estimate), $"{what}, without the bias of a sample.", labels);
        private readonly Gauge _lower = metrics.CreateGauge(Name(name, "lower"), $"{what}: lower end of the 95 % interval.", labels);
        private readonly Gauge _upper = metrics.CreateGauge(Name(name, "upper"), $"{what}: upper end of the 95 % interval.", labels);

        public void Set(SamplingInterval? interval, string[] values)
        {
            if (interval is { } found)
            {
                _estimate.WithLabels(values).Set(found.Estimate);
                _lower.WithLabels(values).Set(found.Lower);
                _upper.WithLabels(values).Set(found.Upper);
            }
        }

        private static string Name(string format, string part) => string.Format(CultureInfo.InvariantCulture, format, part);
    }
}
