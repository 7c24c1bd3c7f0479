using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>A row of measures for each moment, window and layer.</summary>
internal static class MeasuresExport
{
    public static IReadOnlyList<string> Columns { get; } = ["time", "height", "layer", "window", .. ExportMeasure.All.Select(m => m.Name)];

    public static void Write(Snapshot snapshot, ExportRequest request, HistoryMoments moments, TableText table, CancellationToken cancellationToken)
    {
        foreach (var layer in request.LayersOf(snapshot).Select(l => HistoryLayer.Of(l, snapshot.Chain)))
        {
            foreach (var window in request.Windows)
            {
                foreach (var (time, row, figures) in layer.MeasureAndEstimate(window, moments))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    table.AddTime(time);
                    table.AddCount(row.Height);
                    table.AddText(layer.Name);
                    table.AddCount(window);
                    foreach (var measure in ExportMeasure.All)
                    {
                        Add(table, measure.IsCount, measure.Value(row, figures));
                    }

                    table.EndRow();
                }
            }
        }
    }

    private static void Add(TableText table, bool isCount, double? value)
    {
        if (isCount && value is { } count)
        {
            table.AddCount((long)count);
        }
        else
        {
            table.AddNumber(value);
        }
    }
}
