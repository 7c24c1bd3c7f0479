using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;

namespace PoolWatch.ReadModel;

/// <summary>What is measured of every standard window, as one layer sees it.</summary>
/// <param name="Name">The layer's name.</param>
/// <param name="Map">Names of its entities, and any other window of the same chain.</param>
/// <param name="Windows">By length in blocks, for each that the chain is long enough for.</param>
/// <param name="Recent">The entities of the last blocks, enough for the longest window and the alarms.</param>
/// <param name="Streaks">Runs of blocks in a row, for the same windows and by entity.</param>
internal sealed record LayerMeasures(
    string Name,
    LayerMap Map,
    IReadOnlyDictionary<int, WindowMeasures> Windows,
    EntityColumn Recent,
    IReadOnlyDictionary<int, IReadOnlyDictionary<int, EntityStreak>> Streaks);

/// <summary>Every layer over one chain, that of the pools first. Immutable.</summary>
internal sealed class LayeredMeasures
{
    private static readonly int RecentBlocks = Math.Max(ShareAlarms.Blocks, BlockWindow.StandardLengths.Max());
    private readonly IReadOnlyDictionary<ushort, PoolName> _pools;
    private readonly IReadOnlyList<PoolName> _formerNames;

    private LayeredMeasures(
        LayerSet set, IReadOnlyDictionary<ushort, PoolName> pools, IReadOnlyList<PoolName> formerNames, IReadOnlyList<LayerMeasures> all)
    {
        (Set, _pools, _formerNames, All) = (set, pools, formerNames, all);
    }

    /// <summary>The layers that the service was started with.</summary>
    public LayerSet Set { get; }

    public IReadOnlyList<LayerMeasures> All { get; }

    /// <summary>Measures the standard windows in every layer.</summary>
    /// <param name="set">The layers.</param>
    /// <param name="pools">Every pool that the chain may name.</param>
    /// <param name="formerNames">Slugs that pools had in earlier lists: a layer's file may still have them.</param>
    /// <param name="chain">The chain.</param>
    /// <param name="byPool">The measures of the pools themselves, which are those of the first layer.</param>
    /// <param name="before">The measures before this change; their maps are kept while the pools are the same.</param>
    public static LayeredMeasures Of(
        LayerSet set,
        IReadOnlyDictionary<ushort, PoolName> pools,
        IReadOnlyList<PoolName> formerNames,
        ChainView chain,
        IReadOnlyDictionary<int, WindowMeasures> byPool,
        LayeredMeasures? before)
    {
        var kept = before is not null && before.Set == set && before._pools == pools;
        var maps = kept ? before!.All.Select(l => l.Map) : set.Layers.Select(l => LayerMap.Create(l, Listed(pools, formerNames)));
        return new LayeredMeasures(set, pools, formerNames, [.. maps.Select((map, i) => Measured(map, chain, i == 0 ? byPool : Measure(map, chain)))]);
    }

    /// <summary>Measures the standard windows of a chain in every layer, the pools' own included.</summary>
    public static LayeredMeasures Of(LayerSet set, IReadOnlyDictionary<ushort, PoolName> pools, IReadOnlyList<PoolName> formerNames, ChainView chain) =>
        new(set, pools, formerNames, [.. set.Layers.Select(l => LayerMap.Create(l, Listed(pools, formerNames))).Select(m => Measured(m, chain, Measure(m, chain)))]);

    /// <summary>The layer of this name, or null.</summary>
    public LayerMeasures? Find(string name) => All.FirstOrDefault(l => l.Name == name);

    /// <summary>A layer by other rows than those that stand now.</summary>
    public LayerMap MapOf(Layer layer, LayerFilter filter) => LayerMap.Create(layer, Listed(_pools, _formerNames), filter);

    private static IEnumerable<LayerPool> Listed(IReadOnlyDictionary<ushort, PoolName> pools, IReadOnlyList<PoolName> formerNames)
    {
        var former = formerNames.ToLookup(p => p.Id, p => p.Slug);
        return pools.Values.Select(p => new LayerPool(p.Id, p.Slug, p.Name, [.. former[p.Id].Distinct()]));
    }

    private static LayerMeasures Measured(LayerMap map, ChainView chain, IReadOnlyDictionary<int, WindowMeasures> windows)
    {
        var recent = chain.TryLast(Math.Min(chain.Count, RecentBlocks), out var window) ? EntityColumn.Of(chain, map, window) : EntityColumn.Of(chain, map);
        return new LayerMeasures(map.Layer.Name, map, windows, recent, windows.Keys.ToDictionary(n => n, n => (IReadOnlyDictionary<int, EntityStreak>)StreaksOf(recent, n)));
    }

    private static Dictionary<int, WindowMeasures> Measure(LayerMap map, ChainView chain)
    {
        var windows = new Dictionary<int, WindowMeasures>();
        foreach (var length in BlockWindow.StandardLengths)
        {
            if (chain.TryLast(length, out var window))
            {
                windows.Add(length, WindowMeasures.Of(map.Count(chain, window).Distribution));
            }
        }

        return windows;
    }

    private static Dictionary<int, EntityStreak> StreaksOf(EntityColumn recent, int blocks) =>
        Streaks.Of(recent.EntitiesOf(recent.Last(blocks)!.Value)).ToDictionary(s => s.Entity);
}
