using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>Which chain, lists and layers the page is made of, and what fell off the chain.</summary>
internal static class ChainGauges
{
    public static void Add(MetricFactory metrics, Snapshot snapshot, string source)
    {
        metrics.CreateGauge("poolwatch_chain_info", "Which chain this is; sample is 1 for the bundled sample chain. Always 1.", "network", "sample", "source")
            .WithLabels(snapshot.Stored.Network, snapshot.IsSample ? "1" : "0", source).Set(1);
        metrics.CreateGauge("poolwatch_layers_info", "Version of the layers that this process was started with. Always 1.", "version")
            .WithLabels(snapshot.Layers.Set.Version).Set(1);
        metrics.CreateGauge("poolwatch_pool_list_info", "The active pool list version and attribution algorithm. Always 1.", "version", "algorithm")
            .WithLabels(snapshot.List.Version, snapshot.Algorithm).Set(1);
        metrics.CreateGauge("poolwatch_pool_list_applied_timestamp_seconds", "When the active pool list became active, by the database's history.")
            .Set(snapshot.ListSince.ToUnixTimeSeconds());
        if (snapshot.Chain.Count > 0)
        {
            metrics.CreateGauge("poolwatch_chain_height", "Height of the highest stored active block.").Set(snapshot.Chain.TipHeight);
            metrics.CreateGauge("poolwatch_tip_timestamp_seconds", "Header time of the highest stored active block, as its miner set it.")
                .Set(snapshot.Chain.Time(snapshot.Chain.TipHeight));
        }

        AddStaleBlocks(metrics, snapshot);
    }

    private static void AddStaleBlocks(MetricFactory metrics, Snapshot snapshot)
    {
        var stale = metrics.CreateGauge("poolwatch_stale_blocks", "Stored blocks of this pool that are not on the active chain.", "pool");
        foreach (var (pool, blocks) in StaleSeries.Of(snapshot))
        {
            stale.WithLabels(pool).Set(blocks);
        }
    }
}
