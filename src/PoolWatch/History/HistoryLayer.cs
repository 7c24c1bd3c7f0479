using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>One layer over a whole chain, ready for windows to slide over it.</summary>
internal sealed record HistoryLayer(string Name, LayerMap Map, EntityColumn Column)
{
    public static HistoryLayer Of(LayerMeasures layer, ChainView chain) => new(layer.Name, layer.Map, EntityColumn.Of(chain, layer.Map));

    /// <summary>The measures at each moment at which the window is full.</summary>
    public IEnumerable<(long Time, HistoryRow Row)> Measure(int blocks, HistoryMoments moments) =>
        Stops(blocks, moments).Select(static stop => (stop.Time, stop.Window.Measure()));

    /// <summary>What the window says of the hash rate behind it, at each of the same moments.</summary>
    public IEnumerable<(long Time, HashRateFigures Figures)> Estimate(int blocks, HistoryMoments moments) =>
        Stops(blocks, moments).Select(static stop => (stop.Time, FiguresOf(stop.Window)));

    /// <summary>Both in one pass. The second costs far more than the first.</summary>
    public IEnumerable<(long Time, HistoryRow Row, HashRateFigures Figures)> MeasureAndEstimate(int blocks, HistoryMoments moments) =>
        Stops(blocks, moments).Select(static stop => (stop.Time, stop.Window.Measure(), FiguresOf(stop.Window)));

    private IEnumerable<(long Time, SlidingWindow Window)> Stops(int blocks, HistoryMoments moments)
    {
        var window = new SlidingWindow(Column, blocks);
        for (var i = 0; i < moments.Count; i++)
        {
            if (moments.Heights[i] >= window.LowestHeight)
            {
                window.MoveTo(moments.Heights[i]);
                yield return (moments.Times[i], window);
            }
        }
    }

    /// <summary>Blocks without an entity by number are of as many miners.</summary>
    private static HashRateFigures FiguresOf(SlidingWindow window)
    {
        var singles = window.Blocks;
        foreach (var blocks in window.BlocksByEntity)
        {
            singles -= blocks;
        }

        return HashRateFigures.Of(window.BlocksByEntity, singles);
    }
}
