using PoolWatch.Core.Concentration.History;
using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>A row for each entity that has a block in a window, at each moment in each layer: most blocks first, what has no entity last.</summary>
internal static class SharesExport
{
    public static IReadOnlyList<string> Columns { get; } = ["time", "height", "layer", "window", "kind", "pool", "name", "blocks", "share", "lower", "upper"];

    public static void Write(Snapshot snapshot, ExportRequest request, HistoryMoments moments, TableText table, CancellationToken cancellationToken)
    {
        foreach (var layer in request.LayersOf(snapshot).Select(l => HistoryLayer.Of(l, snapshot.Chain)))
        {
            foreach (var length in request.Windows)
            {
                var window = new SlidingWindow(layer.Column, length);
                for (var i = 0; i < moments.Count; i++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (moments.Heights[i] >= window.LowestHeight)
                    {
                        window.MoveTo(moments.Heights[i]);
                        WriteMoment(layer, window, moments.Times[i], table);
                    }
                }
            }
        }
    }

    private static void WriteMoment(HistoryLayer layer, SlidingWindow window, long time, TableText table)
    {
        var counts = new List<EntityBlocks>();
        for (var entity = 0; entity < window.BlocksByEntity.Length; entity++)
        {
            if (window.BlocksByEntity[entity] is > 0 and var blocks)
            {
                counts.Add(new EntityBlocks(entity, blocks));
            }
        }

        foreach (var (entity, blocks) in counts.OrderByDescending(c => c.Blocks).ThenBy(c => c.Entity))
        {
            var name = layer.Map.NameOf(entity);
            WriteRow(name.IsGroup ? "group" : "pool", name.Slug, name.Name, blocks, WilsonInterval.Of(blocks, window.Blocks));
        }

        var row = window.Measure();
        WriteRow("miners", null, null, row.Singles, null);
        WriteRow("unknown", Pool.UnknownSlug, null, row.Unknown, null);

        void WriteRow(string kind, string? slug, string? name, int blocks, WilsonInterval? interval)
        {
            if (blocks == 0)
            {
                return;
            }

            table.AddTime(time);
            table.AddCount(window.Height);
            table.AddText(layer.Name);
            table.AddCount(window.Blocks);
            table.AddText(kind);
            table.AddText(slug);
            table.AddText(name);
            table.AddCount(blocks);
            table.AddNumber((double)blocks / window.Blocks);
            table.AddNumber(interval?.Lower);
            table.AddNumber(interval?.Upper);
            table.EndRow();
        }
    }
}
