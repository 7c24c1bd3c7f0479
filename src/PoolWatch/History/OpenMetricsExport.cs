using PoolWatch.ReadModel;
using PoolWatch.Telemetry;

namespace PoolWatch.History;

/// <summary>
/// The gauges of /metrics at moments of the past, as OpenMetrics text that <c>promtool tsdb create-blocks-from openmetrics</c> loads. Family after
/// family and series after series, so that memory does not grow with the output.
/// </summary>
internal sealed class OpenMetricsExport(Snapshot snapshot, ExportRequest request, HistoryMoments moments, Stream stream)
{
    /// <summary>The label <c>source</c> of samples that no service ever showed.</summary>
    public const string Source = "export";

    private readonly Utf8Text _text = new(stream);
    private readonly EstimateHistory _estimates = new(moments);
    private readonly IReadOnlyList<HistoryLayer> _layers = [.. request.LayersOf(snapshot).Select(l => HistoryLayer.Of(l, snapshot.Chain))];

    /// <summary>Names of the gauges that have a history.</summary>
    public static IEnumerable<string> Families =>
        [.. ChainFamilies.Select(f => f.Name), .. PoolFamily.All.Select(f => f.Name), .. HistoryFamily.All.Select(f => f.Name), .. EstimateFamily.All.Select(f => f.Name)];

    private static (string Name, string Help)[] ChainFamilies { get; } =
    [
        ("poolwatch_chain_info", "Which chain this is; sample is 1 for the bundled sample chain. Always 1."),
        ("poolwatch_chain_height", "Height of the highest stored active block."),
        ("poolwatch_tip_timestamp_seconds", "Header time of the highest stored active block, as its miner set it."),
    ];

    public void Write(CancellationToken cancellationToken)
    {
        WriteChain();
        foreach (var family in PoolFamily.All.Where(f => request.Wants(f.Name)))
        {
            Begin(family.Name, family.Help);
            ForEach((layer, window) => WritePools(family, layer, window), cancellationToken);
        }

        foreach (var family in HistoryFamily.All.Where(f => request.Wants(f.Name)))
        {
            Begin(family.Name, family.Help);
            ForEach((layer, window) => WriteMeasures(family, layer, window), cancellationToken);
        }

        foreach (var family in EstimateFamily.All.Where(f => request.Wants(f.Name)))
        {
            Begin(family.Name, family.Help);
            ForEach((layer, window) => WriteEstimates(family, layer, window), cancellationToken);
        }

        _text.Add("# EOF\n"u8).Flush();
    }

    private void ForEach(Action<HistoryLayer, int> write, CancellationToken cancellationToken)
    {
        foreach (var layer in _layers)
        {
            foreach (var window in request.Windows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                write(layer, window);
            }
        }
    }

    private void WriteChain()
    {
        Func<int, double>[] values = [static _ => 1, static height => height, height => snapshot.Chain.Time(height)];
        foreach (var ((name, help), value) in ChainFamilies.Zip(values).Where(f => request.Wants(f.First.Name)))
        {
            Begin(name, help);
            var labels = name == ChainFamilies[0].Name ? $"{{network=\"{snapshot.Stored.Network}\",sample=\"{(snapshot.IsSample ? 1 : 0)}\",source=\"{Source}\"}}" : "";
            for (var i = 0; i < moments.Count; i++)
            {
                Sample($"{name}{labels} ", value(moments.Heights[i]), moments.Times[i]);
            }
        }
    }

    private void WritePools(PoolFamily family, HistoryLayer layer, int window)
    {
        var lengths = request.Windows.Union(BlockWindow.StandardLengths).ToList();
        var pools = new PoolHistory(layer, moments, lengths);
        foreach (var (entity, blocks) in pools.Read(window).Where(e => family.HasRest || e.Entity != pools.Rest))
        {
            var slug = entity == pools.Rest ? LayerSeries.Rest : layer.Map.NameOf(entity).Slug;
            var series = $"{family.Name}{{layer=\"{layer.Name}\",pool=\"{slug}\",window=\"{window}\"}} ";
            for (var i = 0; i < blocks.Count; i++)
            {
                if (blocks[i] != PoolHistory.Absent)
                {
                    Sample(series, family.Value(blocks[i], window), moments.Times[i]);
                }
            }
        }
    }

    private void WriteMeasures(HistoryFamily family, HistoryLayer layer, int window)
    {
        if (!family.HasLayer && layer != _layers[0])
        {
            return;
        }

        foreach (var one in family.Series)
        {
            string[] labels = [family.HasLayer ? $"layer=\"{layer.Name}\"" : "", one.Labels, $"window=\"{window}\""];
            var series = $"{family.Name}{{{string.Join(',', labels.Where(l => l.Length > 0))}}} ";
            foreach (var (time, row) in layer.Measure(window, moments))
            {
                Sample(series, one.Value(row), time);
            }
        }
    }

    private void WriteEstimates(EstimateFamily family, HistoryLayer layer, int window)
    {
        var series = $"{family.Name}{{layer=\"{layer.Name}\",window=\"{window}\"}} ";
        foreach (var (time, figures) in _estimates.Read(layer, window))
        {
            if (family.Value(figures) is { } value)
            {
                Sample(series, value, time);
            }
        }
    }

    private void Begin(string name, string help) => _text.Add($"# HELP {name} {help}\n# TYPE {name} gauge\n");

    private void Sample(string series, double value, long time) => _text.Add(series).Add(value).Add(" "u8).Add(time).Add("\n"u8);
}
