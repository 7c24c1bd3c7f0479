using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>The sequential tests that alert rules read, as they stand at the snapshot's tip: the blocks alone decide, not when or how often they are scraped.</summary>
internal static class AlarmGauges
{
    public static void Add(MetricFactory metrics, Snapshot snapshot)
    {
        string[] labels = ["layer", "pool", "threshold"];
        var level = metrics.CreateGauge("poolwatch_share_alarm_level_ratio",
            "Evidence that the pool, or group of pools, has more of the hash rate than the threshold, over what an alarm needs; 0 to 1.25.", labels);
        var alarm = metrics.CreateGauge("poolwatch_share_alarm", "1 from when that level reached 1 until it is back at 0.", labels);
        foreach (var layer in snapshot.Layers.All)
        {
            var shown = layer.Windows.Values.SelectMany(m => m.Shares).Select(s => s.Entity).ToHashSet();
            foreach (var one in ShareAlarms.At(snapshot.Chain, layer.Map).Where(a => shown.Contains(a.Entity)))
            {
                string[] values = [layer.Name, layer.Map.NameOf(one.Entity).Slug, Label(one.Threshold)];
                level.WithLabels(values).Set(one.Level);
                alarm.WithLabels(values).Set(one.IsOn ? 1 : 0);
            }
        }
    }

    private static string Label(Threshold threshold) =>
        Math.Round((double)threshold.Numerator / threshold.Denominator, 6).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
