using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools.Diff;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.PoolLists;

/// <summary>What another list, or another rule, would change or has changed.</summary>
/// <param name="From">The list that was active.</param>
/// <param name="To">The other one.</param>
/// <param name="Blocks">All stored blocks, stale ones included.</param>
/// <param name="Moved">Blocks that get another pool, or lose or find one.</param>
/// <param name="Changed">Blocks that keep their pool by other evidence.</param>
/// <param name="Moves">From which pool to which; most blocks first.</param>
/// <param name="Recent">How many of the newest active blocks move.</param>
/// <param name="Effects">The measures before and after, in every layer for each standard window that the chain is long enough for.</param>
/// <param name="Difference">What differs between the lists themselves.</param>
internal sealed record ChangeReport(
    ListName From,
    ListName To,
    int Blocks,
    int Moved,
    int Changed,
    IReadOnlyList<BlockMove> Moves,
    RecentMoves Recent,
    IReadOnlyList<WindowEffect> Effects,
    PoolListDiff Difference)
{
    /// <summary>The window that a change is judged by: two weeks.</summary>
    public const int RecentBlocks = 2_016;

    /// <summary>Makes the report of a change.</summary>
    /// <param name="from">The active list.</param>
    /// <param name="to">The other one.</param>
    /// <param name="blocks">What it does to the blocks.</param>
    /// <param name="difference">What differs between the lists.</param>
    /// <param name="layers">The layers that are measured.</param>
    /// <param name="formerNames">Slugs of all lists that were ever active, by which a layer may know a pool.</param>
    public static ChangeReport Of(
        StoredPoolList from, StoredPoolList to, Reattributed blocks, PoolListDiff difference, LayerSet layers, IReadOnlyList<PoolName> formerNames)
    {
        var moved = blocks.Changed.Where(c => c.Moves).ToList();
        return new ChangeReport(
            ListName.Of(from),
            ListName.Of(to),
            blocks.Blocks,
            moved.Count,
            blocks.Changed.Count(c => !c.Moves && !c.OnlyNames),
            MovesOf(moved, SlugsOf(from), SlugsOf(to)),
            RecentMoves.Of(blocks),
            [.. EffectsOf(Measure(from, blocks.Before, layers, formerNames), Measure(to, blocks.After, layers, formerNames))],
            difference);
    }

    private static IEnumerable<WindowEffect> EffectsOf(LayeredMeasures before, LayeredMeasures after) => before.All.Zip(after.All).SelectMany(
        layer => layer.First.Windows.Keys.Order().Select(n => new WindowEffect(n, layer.First, layer.Second)));

    private static LayeredMeasures Measure(StoredPoolList list, ChainView chain, LayerSet layers, IReadOnlyList<PoolName> formerNames) =>
        LayeredMeasures.Of(layers, PoolName.Of(list), formerNames, chain);

    private static List<BlockMove> MovesOf(List<ChangedBlock> moved, Dictionary<short, string> from, Dictionary<short, string> to) =>
    [
        .. moved.GroupBy(c => (c.FormerPool, c.Pool))
            .Select(g => new BlockMove(from[g.Key.FormerPool], to[g.Key.Pool], g.Count(), g.Min(c => c.Height), g.Max(c => c.Height)))
            .OrderByDescending(m => m.Blocks).ThenBy(m => m.FirstHeight),
    ];

    private static Dictionary<short, string> SlugsOf(StoredPoolList list) =>
        list.PoolIds.Append(new(Pool.UnknownSlug, 0)).ToDictionary(p => p.Value, p => p.Key);
}

/// <summary>A list by its version, with the rule that it is applied with.</summary>
internal sealed record ListName(string Version, string Algorithm)
{
    public static ListName Of(StoredPoolList list) => new(list.List.Version, list.Algorithm);
}

/// <summary>Blocks that go from one pool to another; slugs, or <c>unknown</c>.</summary>
internal sealed record BlockMove(string From, string To, int Blocks, int FirstHeight, int LastHeight);

/// <summary>How many of the newest active blocks get another pool.</summary>
/// <param name="Window">So many blocks, or all where there are fewer.</param>
/// <param name="Moved">Those of them that move.</param>
internal sealed record RecentMoves(int Window, int Moved)
{
    /// <summary>0 to 1; 0 where no block is stored.</summary>
    public double Share => Window == 0 ? 0 : (double)Moved / Window;

    public static RecentMoves Of(Reattributed blocks)
    {
        var window = Math.Min(ChangeReport.RecentBlocks, blocks.After.Count);
        return new RecentMoves(window, blocks.Changed.Count(c => c is { Active: true, Moves: true } && c.Height > blocks.After.TipHeight - window));
    }
}

/// <summary>What a change does to the measures of a window of the newest blocks, in one layer.</summary>
/// <param name="Window">Its length.</param>
/// <param name="FormerLayer">The layer by the list that was active.</param>
/// <param name="NewLayer">The same by the other one.</param>
internal sealed record WindowEffect(int Window, LayerMeasures FormerLayer, LayerMeasures NewLayer)
{
    public string Layer => FormerLayer.Name;

    /// <summary>Every measure by the list that was active.</summary>
    public IReadOnlyDictionary<string, double?> Before => MeasureValues.Of(FormerLayer, Window, chances: true);

    /// <summary>Every measure by the other list.</summary>
    public IReadOnlyDictionary<string, double?> After => MeasureValues.Of(NewLayer, Window, chances: true);
}
