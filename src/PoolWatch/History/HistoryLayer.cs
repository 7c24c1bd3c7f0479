using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>One layer over a whole chain, ready for windows to slide over it.</summary>
internal sealed record HistoryLayer(string Name, LayerMap Map, EntityColumn Column)
{
    public static HistoryLayer Of(LayerMeasures layer, ChainView chain) => new(layer.Name, layer.Map, EntityColumn.Of(chain, layer.Map));

    /// <summary>The measures at each moment at which the window is full.</summary>
    public IEnumerable<(long Time, HistoryRow Row)> Measure(int blocks, HistoryMoments moments)
    {
        var window = new SlidingWindow(Column, blocks);
        for (var i = 0; i < moments.Count; i++)
        {
            if (moments.Heights[i] >= window.LowestHeight)
            {
                window.MoveTo(moments.Heights[i]);
                yield return (moments.Times[i], window.Measure());
            }
        }
    }
}
