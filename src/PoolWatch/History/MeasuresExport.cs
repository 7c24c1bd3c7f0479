using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>A row of measures for each moment, window and layer.</summary>
internal static class MeasuresExport
{
    public static IReadOnlyList<string> Columns { get; } = ["time", "height", "layer", "window", .. HistoryMeasure.All.Select(m => m.Name)];

    public static void Write(Snapshot snapshot, ExportRequest request, HistoryMoments moments, TableText table, CancellationToken cancellationToken)
    {
        foreach (var layer in request.LayersOf(snapshot).Select(l => HistoryLayer.Of(l, snapshot.Chain)))
        {
            foreach (var window in request.Windows)
            {
                foreach (var (time, row) in layer.Measure(window, moments))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    table.AddTime(time);
                    table.AddCount(row.Height);
                    table.AddText(layer.Name);
                    table.AddCount(window);
                    foreach (var measure in HistoryMeasure.All)
                    {
                        if (measure.IsCount)
                        {
                            table.AddCount((long)measure.Value(row)!.Value);
                        }
                        else
                        {
                            table.AddNumber(measure.Value(row));
                        }
                    }

                    table.EndRow();
                }
            }
        }
    }
}
