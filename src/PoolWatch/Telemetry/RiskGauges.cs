using PoolWatch.Core.Concentration.Alarms;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>What the large ones could do, and whether what they did is more than luck.</summary>
internal static class RiskGauges
{
    /// <summary>
    /// Below a tenth of a window nobody comes near a third: their p-values are 1 but for the last digits, and their streaks short. So at most ten of a layer and window have these series.
    /// </summary>
    private const double LeastShare = 0.1;

    /// <summary>A streak's chance is that of a year, at the share of a month.</summary>
    private const int Year = 52560;
    private const int Month = 4320;

    public static void Add(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        AddStreaks(metrics, layers);
        AddLongestStreakChance(metrics, layers);
        AddStreakChance(metrics, layers);
        AddDoubleSpends(metrics, layers);
        AddPValues(metrics, layers);
    }

    private static void AddStreaks(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        var current = metrics.CreateGauge("poolwatch_current_streak_blocks", "Blocks in a row up to the tip; 0 where another has the tip.", "layer", "pool");
        var longest = metrics.CreateGauge("poolwatch_longest_streak_blocks", "Most blocks in a row within the window.", "layer", "pool", "window");
        foreach (var layer in layers.Where(l => l.Layer.Streaks.Count > 0))
        {
            var all = layer.Layer.Streaks[layer.Layer.Streaks.Keys.Max()];
            foreach (var entity in layer.Entities)
            {
                var slug = layer.SlugOf(entity);
                current.WithLabels(layer.Layer.Name, slug).Set(all.GetValueOrDefault(entity).Current);
                foreach (var (window, streaks) in layer.Layer.Streaks)
                {
                    longest.WithLabels(layer.Layer.Name, slug, MetricLabel.Of(window)).Set(streaks.GetValueOrDefault(entity).Longest);
                }
            }
        }
    }

    private static void AddLongestStreakChance(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        var chance = metrics.CreateGauge("poolwatch_longest_streak_probability",
            "Chance that a miner with this share of the window has a run at least as long as the longest one in so many blocks, 0 to 1; of those with a tenth of the window or more.",
            "layer", "pool", "window");
        foreach (var layer in layers)
        {
            foreach (var (window, measures) in layer.Layer.Windows)
            {
                foreach (var share in measures.Shares.Where(s => s.Share >= LeastShare && layer.Has(s.Entity)))
                {
                    chance.WithLabels(layer.Layer.Name, layer.SlugOf(share.Entity), MetricLabel.Of(window))
                        .Set(Streaks.ProbabilityOfRun(layer.Layer.Streaks[window][share.Entity].Longest, window, share.Share));
                }
            }
        }
    }

    private static void AddStreakChance(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        var chance = metrics.CreateGauge("poolwatch_streak_probability",
            "Chance that a miner with this share of the last 4320 blocks has a run at least as long as the present one within 52560 blocks, 0 to 1.", "layer", "pool");
        foreach (var layer in layers.Where(l => l.Layer.Streaks.ContainsKey(Month)))
        {
            var month = layer.Layer.Windows[Month];
            foreach (var streak in layer.Layer.Streaks[Month].Values.Where(s => s.Current > 0 && layer.Has(s.Entity)))
            {
                var share = month.Shares.First(s => s.Entity == streak.Entity).Share;
                chance.WithLabels(layer.Layer.Name, layer.SlugOf(streak.Entity)).Set(Streaks.ProbabilityOfRun(streak.Current, Year, share));
            }
        }
    }

    private static void AddDoubleSpends(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        string[] labels = ["confirmations", "layer", "window"];
        var observed = metrics.CreateGauge("poolwatch_double_spend_probability",
            "Chance that the window's largest undoes a payment with so many confirmations if it tries (Rosenfeld), at its share of the blocks, 0 to 1.", labels);
        var upper = metrics.CreateGauge("poolwatch_double_spend_upper_probability",
            "The same at the upper end of the 95 % interval of its share, 0 to 1.", labels);
        foreach (var layer in layers)
        {
            foreach (var (window, measures) in layer.Layer.Windows)
            {
                foreach (var risk in measures.DoubleSpends)
                {
                    string[] values = [MetricLabel.Of(risk.Confirmations), layer.Layer.Name, MetricLabel.Of(window)];
                    observed.WithLabels(values).Set(risk.AtShare);
                    upper.WithLabels(values).Set(risk.AtUpperBound);
                }
            }
        }
    }

    private static void AddPValues(MetricFactory metrics, IReadOnlyList<LayerSeries> layers)
    {
        var exceeds = metrics.CreateGauge("poolwatch_share_exceeds_pvalue",
            "p-value of the exact binomial test that the share of hashrate is at most the threshold, 0 to 1; of those with a tenth of the window or more.",
            "layer", "pool", "threshold", "window");
        foreach (var layer in layers)
        {
            foreach (var (window, measures) in layer.Layer.Windows)
            {
                foreach (var share in measures.Shares.Where(s => s.Share >= LeastShare && layer.Has(s.Entity)))
                {
                    foreach (var threshold in ShareAlarms.Thresholds)
                    {
                        exceeds.WithLabels(layer.Layer.Name, layer.SlugOf(share.Entity), MetricLabel.Of(threshold), MetricLabel.Of(window))
                            .Set(BinomialTail.ExceedsPValue(share.Blocks, measures.Blocks, threshold));
                    }
                }
            }
        }
    }
}
