using PoolWatch.ReadModel;

namespace PoolWatch.Telemetry;

/// <summary>
/// Which entities of a layer have series of their own: all with a block in any window, so that a share of zero is a zero and not a gap, but never more
/// than so many that a list of thousands of pools makes a page that nobody can scrape.
/// </summary>
internal sealed class LayerSeries
{
    /// <summary>The label of the entities beyond the largest ones, together. No slug has an underscore.</summary>
    public const string Rest = "_rest";

    /// <summary>The largest of the longest window have series of their own.</summary>
    public const int Most = 100;

    private readonly HashSet<int> _own;

    private LayerSeries(LayerMeasures layer, IReadOnlyList<int> entities, bool hasRest)
    {
        (Layer, Entities, HasRest) = (layer, entities, hasRest);
        _own = [.. entities];
    }

    public LayerMeasures Layer { get; }

    /// <summary>Numbers of the entities with series of their own, ascending.</summary>
    public IReadOnlyList<int> Entities { get; }

    /// <summary>There are others.</summary>
    public bool HasRest { get; }

    public static IReadOnlyList<LayerSeries> Of(Snapshot snapshot) => [.. snapshot.Layers.All.Select(Of)];

    public bool Has(int entity) => _own.Contains(entity);

    public string SlugOf(int entity) => Layer.Map.NameOf(entity).Slug;

    /// <summary>Blocks of the others in a window.</summary>
    public int RestOf(WindowMeasures window) => window.Shares.Where(s => !Has(s.Entity)).Sum(s => s.Blocks);

    private static LayerSeries Of(LayerMeasures layer)
    {
        // The longest window holds the blocks of all others.
        var largest = layer.Windows.Count == 0 ? [] : layer.Windows[layer.Windows.Keys.Max()].Shares;
        return new LayerSeries(layer, [.. largest.Take(Most).Select(s => s.Entity).Order()], largest.Count > Most);
    }
}
