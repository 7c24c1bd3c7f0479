using PoolWatch.Core.Concentration.History;
using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>A row of the table <c>concentration</c>.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Time">Median time past of the window's last block, Unix seconds.</param>
/// <param name="DayEnd">Whether that is the last block of its UTC date, as the block behind it says.</param>
/// <param name="Measures">The measures.</param>
internal sealed record ConcentrationRow(string Layer, uint Time, bool DayEnd, HistoryRow Measures);

/// <summary>What the table <c>concentration</c> has to hold of a chain.</summary>
internal sealed class ConcentrationRows(Snapshot snapshot)
{
    /// <summary>Of so many blocks, a month, each has rows; of older ones the last of each day.</summary>
    public const int BlocksKept = 4_320;

    private const uint SecondsPerDay = 86_400;
    private readonly ChainView _chain = snapshot.Chain;

    /// <summary>The lowest height at which every block has rows.</summary>
    public int FromHeight => Math.Max(_chain.FirstHeight, _chain.TipHeight - BlocksKept + 1);

    /// <summary>The rows at a height and above, by layer, window and height.</summary>
    public IEnumerable<ConcentrationRow> From(int height)
    {
        if (_chain.Count == 0 || height > _chain.TipHeight)
        {
            yield break;
        }

        // As far back as the longest window of the lowest of them reaches.
        var from = Math.Max(_chain.FirstHeight, height - BlockWindow.StandardLengths.Max() + 1);
        foreach (var layer in snapshot.Layers.All)
        {
            var column = EntityColumn.Of(_chain, layer.Map, new BlockWindow(from, _chain.TipHeight));
            foreach (var blocks in BlockWindow.StandardLengths)
            {
                var window = new SlidingWindow(column, blocks);
                for (var at = Math.Max(height, window.LowestHeight); at <= _chain.TipHeight; at++)
                {
                    var dayEnd = IsDayEnd(at);
                    if (dayEnd || at >= FromHeight)
                    {
                        window.MoveTo(at);
                        yield return new ConcentrationRow(layer.Name, _chain.MedianTimePast(at), dayEnd, window.Measure());
                    }
                }
            }
        }
    }

    private bool IsDayEnd(int height) =>
        height < _chain.TipHeight && _chain.MedianTimePast(height) / SecondsPerDay != _chain.MedianTimePast(height + 1) / SecondsPerDay;
}
