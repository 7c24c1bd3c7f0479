using PoolWatch.Core.Concentration.Alarms;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>The tests that alert rules read, as they stand at the snapshot's tip: the blocks alone decide, not when or how often they are scraped.</summary>
internal static class AlarmGauges
{
    /// <summary>Half a year. Below it nothing is settled: what is not proved yet would look like a fall when it is.</summary>
    private const int LeastSettled = 26_280;

    public static void Add(MetricFactory metrics, ChainView chain, IReadOnlyList<LayerSeries> layers)
    {
        AddShares(metrics, chain, layers);
        AddLargest(metrics, chain, layers);
        AddUnknown(metrics, chain, layers[0]);
        AddShifts(metrics, chain, layers[0]);
        AddLeastRisks(metrics, layers);
    }

    private static void AddShares(MetricFactory metrics, ChainView chain, IReadOnlyList<LayerSeries> layers)
    {
        string[] labels = ["layer", "pool", "threshold"];
        var level = metrics.CreateGauge("poolwatch_share_alarm_level_ratio",
            "Evidence that the pool, or group of pools, has more of the hash rate than the threshold, over what an alarm needs; 0 to 1.25.", labels);
        var alarm = metrics.CreateGauge("poolwatch_share_alarm", "1 from when that level reached 1 until it is back at 0.", labels);
        foreach (var layer in layers)
        {
            foreach (var one in ShareAlarms.At(chain, layer.Layer.Recent).Where(a => layer.Has(a.Entity)))
            {
                string[] values = [layer.Layer.Name, layer.SlugOf(one.Entity), MetricLabel.Of(one.Threshold)];
                level.WithLabels(values).Set(one.Level);
                alarm.WithLabels(values).Set(one.IsOn ? 1 : 0);
            }
        }
    }

    private static void AddLargest(MetricFactory metrics, ChainView chain, IReadOnlyList<LayerSeries> layers)
    {
        string[] labels = ["layer", "n", "threshold"];
        var level = metrics.CreateGauge("poolwatch_top_share_alarm_level_ratio",
            "Evidence that the n largest together have more of the hash rate than the threshold, over what an alarm needs; 0 to 1.25.", labels);
        var alarm = metrics.CreateGauge("poolwatch_top_share_alarm", "1 from when that level reached 1 until it is back at 0.", labels);
        var settled = metrics.CreateGauge("poolwatch_settled_nakamoto_coefficient",
            "Smallest n with an alarm for one half: fewest that have more than half beyond chance; 6 for more than five.", "layer");
        foreach (var layer in layers.Select(l => l.Layer).Where(l => l.Windows.Count > 0))
        {
            var alarms = TopShareAlarms.At(layer.Recent);
            foreach (var one in alarms)
            {
                string[] values = [layer.Name, MetricLabel.Of(one.Largest), MetricLabel.Of(one.Threshold)];
                level.WithLabels(values).Set(one.Level);
                alarm.WithLabels(values).Set(one.IsOn ? 1 : 0);
            }

            if (chain.Count >= LeastSettled)
            {
                settled.WithLabels(layer.Name).Set(TopShareAlarms.Coefficient(alarms));
            }
        }
    }

    private static void AddUnknown(MetricFactory metrics, ChainView chain, LayerSeries pools)
    {
        if (chain.Count == 0)
        {
            return;
        }

        var test = ListAlarms.UnknownAt(pools.Layer.Recent);
        metrics.CreateGauge("poolwatch_unknown_share_alarm_level_ratio",
            "Evidence that more than a tenth of the blocks has no known miner, over what an alarm needs; 0 to 1.25.").Set(test.Level);
        metrics.CreateGauge("poolwatch_unknown_share_alarm", "1 from when that level reached 1 until it is back at 0.").Set(test.IsOn ? 1 : 0);
    }

    /// <summary>Of pools alone: a pool that joins a group on a date is no news about hash rate.</summary>
    private static void AddShifts(MetricFactory metrics, ChainView chain, LayerSeries pools)
    {
        var difference = metrics.CreateGauge("poolwatch_share_shift_ratio", "Share of the last 2016 blocks less that of the 4320 before them, -1 to 1.", "layer", "pool");
        var errors = metrics.CreateGauge("poolwatch_share_shift_score", "The same difference in standard errors of a share that did not change.", "layer", "pool");
        foreach (var (pool, shift) in RecentShift.Of(chain).Where(p => pools.Has(p.Key)).OrderBy(p => p.Key))
        {
            string[] values = [pools.Layer.Name, pools.SlugOf(pool)];
            difference.WithLabels(values).Set(shift.Difference);
            errors.WithLabels(values).Set(shift.Z);
        }
    }

    private static void AddLeastRisks(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        var risk = metrics.CreateGauge("poolwatch_double_spend_lower_probability",
            "Chance that the window's largest undoes a payment with so many confirmations if it tries (Rosenfeld), at the least share that it has with hardly any doubt, 0 to 1.",
            "confirmations", "layer", "window");
        foreach (var layer in layers.Select(l => l.Layer))
        {
            if (layer.Windows.TryGetValue(ShareFloor.Blocks, out var measures) && measures.Shares.Count > 0)
            {
                var share = ShareFloor.Of(measures.Shares[0].Blocks, measures.Blocks);
                foreach (var confirmations in WindowMeasures.Confirmations)
                {
                    string[] values = [MetricLabel.Of(confirmations), layer.Name, MetricLabel.Of(ShareFloor.Blocks)];
                    risk.WithLabels(values).Set(DoubleSpend.Probability(share, confirmations));
                }
            }
        }
    }
}
