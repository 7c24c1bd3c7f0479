using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>What the last 2016 blocks say of unknown miners, shared payees and lists that disagree. No text of the chain becomes a label.</summary>
internal static class InspectionGauges
{
    private static readonly string Window = MetricLabel.Of(BlockInspection.Length);

    public static void Add(MetricFactory metrics, Snapshot snapshot)
    {
        var candidates = Gauge(metrics, "poolwatch_unknown_candidates", "Groups of two unknown blocks or more in the window that seem to have one maker each.");
        var topTen = Gauge(metrics, "poolwatch_unknown_candidates_top_ten", "Of those groups, how many would be among the ten largest pools of the window.");
        var surely = Gauge(metrics, "poolwatch_unknown_candidates_surely_top_ten", "Of those groups, how many have more blocks than the tenth largest pool beyond chance.");
        var largest = Gauge(metrics, "poolwatch_unknown_candidate_largest_share_ratio", "Share of the window's blocks in the largest of those groups, 0 to 1.");
        var custody = Gauge(metrics, "poolwatch_custody_overlaps", "Payees that blocks of two pools or more in the window paid, each more than half of a block.");
        var disagreement = Gauge(metrics, "poolwatch_list_disagreement_ratio",
            "Share of the window's blocks about which our pool list, mempool's and bitcoin-data's disagree, 0 to 1.");
        var level = Gauge(metrics, "poolwatch_list_disagreement_alarm_level_ratio",
            "Evidence that the lists disagree about more than a twentieth of the blocks, over what an alarm needs; 0 to 1.25.");
        var alarm = Gauge(metrics, "poolwatch_list_disagreement_alarm", "1 from when that level reached 1 until it is back at 0.");
        var inspection = snapshot.Inspection;
        if (!inspection.IsWhole || !snapshot.Windows.TryGetValue(BlockInspection.Length, out var measures))
        {
            return;
        }

        var clusters = inspection.Clusters;
        candidates.WithLabels(Window).Set(clusters.Count);
        topTen.WithLabels(Window).Set(UnknownRanking.Rank(clusters, measures.Shares.Select(s => s.Blocks)).Count(rank => rank <= UnknownRanking.Top));
        surely.WithLabels(Window).Set(UnknownRanking.CountSurelyInTop(clusters.Select(c => c.Blocks.Count), measures.Shares.Select(s => s.Blocks)));
        largest.WithLabels(Window).Set(clusters.Count == 0 ? 0 : (double)clusters[0].Blocks.Count / BlockInspection.Length);
        custody.WithLabels(Window).Set(inspection.Overlaps.Count(o => !o.Minor));
        disagreement.WithLabels(Window).Set((double)inspection.Differing.Count / BlockInspection.Length);
        bool[] differs = [.. inspection.Blocks.Select(b => b.Difference is not null)];
        var test = ListAlarms.Disagreement.Watch(differs, inspection.Blocks[0].Height);
        level.WithLabels(Window).Set(test.Level);
        alarm.WithLabels(Window).Set(test.IsOn ? 1 : 0);
    }

    private static Gauge Gauge(MetricFactory metrics, string name, string help) => metrics.CreateGauge(name, help, "window");
}
