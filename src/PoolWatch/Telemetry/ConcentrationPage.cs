using System.Globalization;
using PoolWatch.ReadModel;
using Prometheus;

namespace PoolWatch.Telemetry;

/// <summary>
/// The part of /metrics that says how concentrated mining is, written as a whole from one snapshot: a scrape never mixes two tips, and a pool that
/// left every window leaves no series behind.
/// </summary>
internal sealed class ConcentrationPage
{
    private readonly MetricFactory _metrics;
    private readonly Snapshot _snapshot;

    private ConcentrationPage(CollectorRegistry registry, Snapshot snapshot)
    {
        _metrics = Metrics.WithCustomRegistry(registry);
        _snapshot = snapshot;
    }

    public static async Task<ReadOnlyMemory<byte>> WriteAsync(Snapshot snapshot, string source, CancellationToken cancellationToken)
    {
        var registry = Metrics.NewCustomRegistry();
        var page = new ConcentrationPage(registry, snapshot);
        page.DescribeChain(source);
        page.AddShares();
        page.AddMeasures();
        page.AddStaleBlocks();
        InspectionGauges.Add(page._metrics, snapshot);
        using var text = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(text, cancellationToken);
        return text.ToArray();
    }

    private void DescribeChain(string source)
    {
        Gauge("poolwatch_chain_info", "Which chain this is; sample is 1 for the bundled sample chain. Always 1.", "network", "sample", "source")
            .WithLabels(_snapshot.Stored.Network, _snapshot.IsSample ? "1" : "0", source).Set(1);
        Gauge("poolwatch_layers_info", "Version of the layers that this process was started with. Always 1.", "version")
            .WithLabels(_snapshot.Layers.Set.Version).Set(1);
        Gauge("poolwatch_pool_list_info", "The active pool list version and attribution algorithm. Always 1.", "version", "algorithm")
            .WithLabels(_snapshot.List.Version, _snapshot.Algorithm).Set(1);
        if (_snapshot.Chain.Count > 0)
        {
            Gauge("poolwatch_chain_height", "Height of the highest stored active block.").Set(_snapshot.Chain.TipHeight);
            Gauge("poolwatch_tip_timestamp_seconds", "Header time of the highest stored active block, as its miner set it.")
                .Set(_snapshot.Chain.Time(_snapshot.Chain.TipHeight));
        }
    }

    /// <summary>An entity that has a block in any window has a series in every window, so that a share of zero is a zero and not a gap.</summary>
    private void AddShares()
    {
        string[] labels = ["layer", "pool", "window"];
        var blocks = Gauge("poolwatch_pool_blocks", "Blocks of this pool, or group of pools, in the window.", labels);
        var share = Gauge("poolwatch_pool_share_ratio", "Share of the window's blocks attributed to this pool, or group of pools, 0 to 1.", labels);
        var lower = Gauge("poolwatch_pool_share_lower_ratio", "Lower end of the Wilson 95 % interval of the pool's share of hashrate, "
            + "0 to 1.", labels);
        var upper = Gauge("poolwatch_pool_share_upper_ratio", "Upper end of the Wilson 95 % interval of the pool's share of hashrate, "
            + "0 to 1.", labels);
        foreach (var layer in _snapshot.Layers.All)
        {
            var entities = layer.Windows.Values.SelectMany(m => m.Shares).Select(s => s.Entity).Distinct().Order().ToList();
            foreach (var (window, measures) in layer.Windows)
            {
                var found = measures.Shares.ToDictionary(s => s.Entity);
                foreach (var entity in entities)
                {
                    string[] values = [layer.Name, layer.Map.NameOf(entity).Slug, Text(window)];
                    var here = found.TryGetValue(entity, out var some) ? some : new EntityShare(entity, 0, 0, WilsonInterval.Of(0, measures.Blocks));
                    blocks.WithLabels(values).Set(here.Blocks);
                    share.WithLabels(values).Set(here.Share);
                    lower.WithLabels(values).Set(here.Interval.Lower);
                    upper.WithLabels(values).Set(here.Interval.Upper);
                }
            }
        }
    }

    private void AddMeasures()
    {
        var unknown = Gauge("poolwatch_unknown_share_ratio", "Share of the window's blocks that no rule attributes, 0 to 1.", "window");
        var miners = Gauge("poolwatch_miners_share_ratio", "Share of the window's blocks whose miners count as one entity each in this layer, "
            + "0 to 1.", "layer", "window");
        var top = Gauge("poolwatch_top_share_ratio", "Share of the n largest together, 0 to 1; unknown blocks count as one miner "
            + "each.", "layer", "n", "window");
        var hhi = Gauge("poolwatch_hhi_ratio",
            "Herfindahl-Hirschman index, 0 to 1; unknown blocks: separate (one miner each), excluded (in the total only), largest (all "
                + "to the largest).",
            "layer", "unknown", "window");
        var effective = Gauge("poolwatch_effective_entities", "Effective number of entities, 1 / HHI.", "layer", "unknown", "window");
        var entropy = Gauge("poolwatch_shannon_entropy", "Shannon entropy in bits; unknown blocks count as one miner each.", "layer", "window");
        var gini = Gauge("poolwatch_gini_ratio", "Gini coefficient of the window's entities, 0 to 1; unknown blocks count as one miner "
            + "each.", "layer", "window");
        foreach (var (layer, window, m) in Windows())
        {
            unknown.WithLabels(window).Set(m.Unknown.Share);
            miners.WithLabels(layer, window).Set(m.Singles.Share);
            for (var n = 1; n <= m.TopShares.Count; n++)
            {
                top.WithLabels(layer, Text(n), window).Set(m.TopShares[n - 1]);
            }

            hhi.WithLabels(layer, "separate", window).Set(m.Hhi.Separate);
            hhi.WithLabels(layer, "excluded", window).Set(m.Hhi.Excluded);
            hhi.WithLabels(layer, "largest", window).Set(m.Hhi.Largest);
            effective.WithLabels(layer, "separate", window).Set(m.Effective.Hhi);
            effective.WithLabels(layer, "largest", window).Set(1 / m.Hhi.Largest);
            entropy.WithLabels(layer, window).Set(m.EntropyBits);
            gini.WithLabels(layer, window).Set(m.Gini);
        }

        AddNakamoto();
    }

    private void AddNakamoto()
    {
        var nakamoto = Gauge("poolwatch_nakamoto_coefficient",
            "Smallest number of entities with strictly more than the threshold of the window's blocks.", "layer", "threshold", "unknown", "window");
        foreach (var (layer, window, m) in Windows())
        {
            nakamoto.WithLabels(layer, "0.333333", "separate", window).Set(m.Nakamoto.Third);
            nakamoto.WithLabels(layer, "0.5", "separate", window).Set(m.Nakamoto.Half);
            nakamoto.WithLabels(layer, "0.666667", "separate", window).Set(m.Nakamoto.TwoThirds);
            nakamoto.WithLabels(layer, "0.5", "largest", window).Set(m.Nakamoto.HalfLargest);
        }
    }

    private IEnumerable<(string Layer, string Window, WindowMeasures Measures)> Windows() =>
        _snapshot.Layers.All.SelectMany(layer => layer.Windows.Select(w => (layer.Name, Text(w.Key), w.Value)));

    private void AddStaleBlocks()
    {
        var stale = Gauge("poolwatch_stale_blocks", "Stored blocks of this pool that are not on the active chain.", "pool");
        foreach (var (pool, blocks) in _snapshot.StaleBlocks)
        {
            stale.WithLabels(pool == ChainView.UnknownPool ? Pool.UnknownSlug : _snapshot.Pools[pool].Slug).Set(blocks);
        }
    }

    private Gauge Gauge(string name, string help, params string[] labels) => _metrics.CreateGauge(name, help, labels);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
