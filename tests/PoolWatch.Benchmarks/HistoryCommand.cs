using System.Diagnostics;
using PoolWatch.Benchmarks.Scale;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks;

/// <summary>Every measure at every height of a whole label list, for each standard window in each bundled layer, on one thread.</summary>
internal static class HistoryCommand
{
    private const int AllLabels = 282_174;
    private const double Tolerance = 1e-12;

    public static void Run(IEnumerable<string> args)
    {
        var options = Options.Parse(args, "labels", "blocks", "rounds", "report");
        var file = options.Text("labels") ?? throw new ArgumentException("--labels=… names the label list: lines of height, time, slug; .gz or plain.");
        var labels = LabelledChain.Read(file).Take(options.Number("blocks", AllLabels)).ToList();
        LayerPool[] pools = [.. PoolList.LoadBundled().Pools.Select((p, i) => new LayerPool((ushort)i, p.Slug, p.Name))];
        var chain = Chain(labels, pools.ToDictionary(p => p.Slug, p => p.Id));
        LayerMap[] layers = [.. LayerSet.LoadBundled().Layers.Select(layer => LayerMap.Create(layer, pools))];
        using var report = new Report(options.Text("report"));
        report.Line($"{chain.Count} blocks, {layers.Length} layers, {BlockWindow.StandardLengths.Length} windows; one thread.");
        report.Table("round", "columns of entities, ms", "series of every measure, ms", "both, ms", "rows", "ns a row", "each row counted by itself, s (1 of 10,000 taken)", "ratio");
        for (var round = 1; round <= options.Number("rounds", 5); round++)
        {
            Measure(report, round, chain, layers);
        }

        var checkedRows = layers.Sum(layer => Check(chain, layer));
        report.Line($"The last row of each of the {checkedRows} series equals WindowMeasures of the same window to {Tolerance}.");
    }

    private static void Measure(Report report, int round, ChainView chain, LayerMap[] layers)
    {
        var rows = new HistoryRow[1_024];
        var (count, sum) = (0L, 0.0);
        var start = Stopwatch.GetTimestamp();
        EntityColumn[] columns = [.. layers.Select(layer => EntityColumn.Of(chain, layer))];
        var columnsTime = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        foreach (var column in columns)
        {
            foreach (var blocks in BlockWindow.StandardLengths)
            {
                var window = new SlidingWindow(column, blocks);
                for (var height = window.LowestHeight; height <= column.TipHeight; height += rows.Length)
                {
                    var part = rows.AsSpan(0, Math.Min(rows.Length, column.TipHeight - height + 1));
                    window.Measure(height, part);
                    count += part.Length;
                    sum += Sum(part);
                }
            }
        }

        var both = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var apart = CountApart(chain, layers);
        report.Row(round, columnsTime, both - columnsTime, both, count, 1e6 * (both - columnsTime) / count, apart / 1_000, apart / both);
        ArgumentOutOfRangeException.ThrowIfEqual(sum, 0.0);
    }

    /// <summary>Reads every measure of each row, so that none is left out of the time.</summary>
    private static double Sum(ReadOnlySpan<HistoryRow> rows)
    {
        var sum = 0.0;
        foreach (ref readonly var row in rows)
        {
            sum += row.UnknownShare + row.SinglesShare + row.HhiSeparate + row.HhiExcluded + row.HhiLargest + row.HhiUnbiased!.Value + row.EntropyBits
                + row.EffectiveByHhi + row.EffectiveByHhiLargest + row.EffectiveByEntropy + row.Gini + row.Theil + row.Entities
                + row.Nakamoto.Half + row.Nakamoto.Third + row.Nakamoto.TwoThirds
                + row.Nakamoto.HalfLargest + row.Nakamoto.ThirdLargest + row.Nakamoto.TwoThirdsLargest;
            for (var n = 1; n <= WindowMeasures.MaxTop; n++)
            {
                sum += row.TopShare(n);
            }
        }

        return sum;
    }

    /// <summary>What the same rows would take in ms if each were counted by itself, from one height in ten thousand.</summary>
    private static double CountApart(ChainView chain, LayerMap[] layers)
    {
        const int Step = 10_000;
        var start = Stopwatch.GetTimestamp();
        foreach (var layer in layers)
        {
            foreach (var blocks in BlockWindow.StandardLengths)
            {
                for (var height = chain.FirstHeight + blocks - 1; height <= chain.TipHeight; height += Step)
                {
                    WindowMeasures.Of(layer.Count(chain, new BlockWindow(height - blocks + 1, height)).Distribution);
                }
            }
        }

        return Step * Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static int Check(ChainView chain, LayerMap layer)
    {
        var column = EntityColumn.Of(chain, layer);
        var series = 0;
        foreach (var blocks in BlockWindow.StandardLengths)
        {
            if (!chain.TryLast(blocks, out var last))
            {
                continue;
            }

            var window = new SlidingWindow(column, blocks);
            var rows = new HistoryRow[chain.TipHeight - window.LowestHeight + 1];
            window.Measure(window.LowestHeight, rows);
            RequireSame(WindowMeasures.Of(layer.Count(chain, last).Distribution), rows[^1]);
            series++;
        }

        return series;
    }

    private static void RequireSame(WindowMeasures m, HistoryRow row)
    {
        (double Expected, double Actual)[] pairs =
        [
            (m.Hhi.Separate, row.HhiSeparate), (m.Hhi.Excluded, row.HhiExcluded), (m.Hhi.Largest, row.HhiLargest), (m.Hhi.Unbiased!.Value, row.HhiUnbiased!.Value),
            (m.Effective.Hhi, row.EffectiveByHhi), (1 / m.Hhi.Largest, row.EffectiveByHhiLargest), (m.Effective.Entropy, row.EffectiveByEntropy),
            (m.EntropyBits, row.EntropyBits), (m.Gini, row.Gini), (m.Theil, row.Theil), (m.Entities, row.Entities),
            (m.Unknown.Share, row.UnknownShare), (m.Singles.Share, row.SinglesShare), .. m.TopShares.Select((share, i) => (share, row.TopShare(i + 1))),
        ];
        if (m.Nakamoto != row.Nakamoto || pairs.Any(pair => Math.Abs(pair.Expected - pair.Actual) > Tolerance * Math.Max(1, pair.Expected)))
        {
            throw new InvalidOperationException($"The series ends in {row}, but the window by itself has {m}.");
        }
    }

    private static ChainView Chain(List<SampleLabel> labels, Dictionary<string, ushort> pools)
    {
        var times = labels.Select(l => l.Time).ToArray();
        return ChainView.StartingAt(labels[0].Height, labels.Count).Append([.. labels.Select((label, i) => new ChainEntry(
            label.Time, MedianTimePast.Of(times.AsSpan(Math.Max(0, i - MedianTimePast.Span + 1), Math.Min(i + 1, MedianTimePast.Span))), pools.TryGetValue(label.Pool, out var pool) ? pool : ChainView.UnknownPool))]);
    }
}
