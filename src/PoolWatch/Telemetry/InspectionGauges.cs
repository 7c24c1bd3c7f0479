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
        var largest = Gauge(metrics, "poolwatch_unknown_candidate_largest_share_ratio", "Share of the window's blocks in the largest of those groups, 0 to 1.");
        var custody = Gauge(metrics, "poolwatch_custody_overlaps", "Payees that blocks of two pools or more in the window paid, each more than half of a block.");
        var disagreement = Gauge(metrics, "poolwatch_list_disagreement_ratio",
            "Share of the window's blocks about which our pool list, mempool's and bitcoin-data's disagree, 0 to 1.");
        var inspection = snapshot.Inspection;
        if (!inspection.IsWhole || !snapshot.Windows.TryGetValue(BlockInspection.Length, out var measures))
        {
            return;
        }

        var clusters = inspection.Clusters;
        candidates.WithLabels(Window).Set(clusters.Count);
        topTen.WithLabels(Window).Set(UnknownRanking.Rank(clusters, measures.Shares.Select(s => s.Blocks)).Count(rank => rank <= UnknownRanking.Top));
        largest.WithLabels(Window).Set(clusters.Count == 0 ? 0 : (double)clusters[0].Blocks.Count / BlockInspection.Length);
        custody.WithLabels(Window).Set(inspection.Overlaps.Count(o => !o.Minor));
        disagreement.WithLabels(Window).Set((double)inspection.Differing.Count / BlockInspection.Length);
    }

    private static Gauge Gauge(MetricFactory metrics, string name, string help) => metrics.CreateGauge(name, help, "window");
}
