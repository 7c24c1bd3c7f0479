using PoolWatch.Core.Inspection;
using PoolWatch.Core.Unknown;

namespace PoolWatch.ReadModel;

/// <summary>A block of the active chain, looked at.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Pool">Its pool in the chain view.</param>
/// <param name="Traces">What its coinbase says.</param>
/// <param name="Difference">How three pool lists disagree about it; null where they agree.</param>
internal sealed record InspectedBlock(int Height, BlockHash Hash, ushort Pool, CoinbaseTraces Traces, ListDifference? Difference);

/// <summary>The last blocks looked at for what no pool list says: unknown miners, shared payees, lists that disagree. Immutable.</summary>
internal sealed class BlockInspection
{
    /// <summary>A difficulty period.</summary>
    public const int Length = 2016;

    private readonly Lazy<RuleSuggestions> _suggestions;

    public BlockInspection(ListComparison comparison, IReadOnlyList<InspectedBlock> blocks)
    {
        Comparison = comparison;
        Blocks = blocks;
        Clusters = UnknownClusters.Find([.. blocks.Where(IsUnknown).Select(b => new UnknownBlock(b.Height, b.Hash, b.Traces))]);
        Differing = [.. blocks.Where(b => b.Difference is not null)];
        var custody = new CustodyTally();
        foreach (var block in blocks.Where(b => !IsUnknown(b)))
        {
            custody.Add(block.Pool, block.Height, block.Traces);
        }

        Overlaps = custody.Find();
        _suggestions = new Lazy<RuleSuggestions>(MakeSuggestions);
    }

    /// <summary>The lists by which the blocks were compared.</summary>
    public ListComparison Comparison { get; }

    /// <summary>The last <see cref="Length"/> blocks of the active chain, fewer where it is shorter; lowest first.</summary>
    public IReadOnlyList<InspectedBlock> Blocks { get; }

    /// <summary>Unknown blocks that seem to have one maker.</summary>
    public IReadOnlyList<UnknownCluster> Clusters { get; }

    /// <summary>Payees that blocks of several pools share.</summary>
    public IReadOnlyList<CustodyOverlap> Overlaps { get; }

    /// <summary>The blocks about which the lists disagree.</summary>
    public IReadOnlyList<InspectedBlock> Differing { get; }

    public bool IsWhole => Blocks.Count == Length;

    /// <summary>Rules for the clusters. Made when first asked for: a new block must not wait for them.</summary>
    public RuleSuggestions Suggestions => _suggestions.Value;

    public bool Covers(BlockWindow window) => Blocks.Count > 0 && window.FromHeight >= Blocks[0].Height && window.ToHeight <= Blocks[^1].Height;

    public static bool IsUnknown(InspectedBlock block) => block.Pool == ChainView.UnknownPool;

    private RuleSuggestions MakeSuggestions()
    {
        var suggestions = new RuleSuggestions(Clusters);
        foreach (var block in Blocks.Where(b => !IsUnknown(b)))
        {
            suggestions.Check(block.Traces);
        }

        return suggestions;
    }
}
