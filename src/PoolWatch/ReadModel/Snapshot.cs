using PoolWatch.Storage;

namespace PoolWatch.ReadModel;

/// <summary>A pool as readers name it.</summary>
/// <param name="Id">Its number in the database and in <see cref="ChainView"/>.</param>
internal sealed record PoolName(ushort Id, string Slug, string Name, string Link)
{
    /// <summary>The pools of a list as they are named in it.</summary>
    public static IReadOnlyDictionary<ushort, PoolName> Of(StoredPoolList list) =>
        list.List.Pools.Select(p => new PoolName((ushort)list.IdOf(p), p.Slug, p.Name, p.Link ?? "")).ToDictionary(p => p.Id);
}

/// <summary>
/// Everything that current answers are made of, at one revision of the database. Immutable: a reader that holds one sees one tip and one pool list
/// from its first line to its last.
/// </summary>
internal sealed class Snapshot
{
    public required StoredChain Stored { get; init; }

    /// <summary>The active attribution rule.</summary>
    public required string Algorithm { get; init; }

    /// <summary>The active pool list.</summary>
    public required PoolList List { get; init; }

    /// <summary>When it became active.</summary>
    public required DateTimeOffset ListSince { get; init; }

    public required ChainView Chain { get; init; }

    /// <summary>All pools that were ever in an active list, by their id in the chain view.</summary>
    public required IReadOnlyDictionary<ushort, PoolName> Pools { get; init; }

    /// <summary>Names and slugs that pools had in earlier lists and have no more.</summary>
    public required IReadOnlyList<PoolName> FormerNames { get; init; }

    /// <summary>Stale blocks by pool id; unknown ones under <see cref="ChainView.UnknownPool"/>.</summary>
    public required IReadOnlyDictionary<ushort, int> StaleBlocks { get; init; }

    /// <summary>The measures of every standard window that the chain is long enough for, by its length in blocks.</summary>
    public required IReadOnlyDictionary<int, WindowMeasures> Windows { get; init; }

    /// <summary>The same in every layer; the first is that of the pools.</summary>
    public required LayeredMeasures Layers { get; init; }

    /// <summary>What the coinbases of the last blocks say of unknown miners, shared payees and lists that disagree.</summary>
    public required BlockInspection Inspection { get; init; }

    public bool IsSample => Stored.Network == Network.Sample.Name;

    public PoolName? PoolBySlug(string slug) => Pools.Values.FirstOrDefault(p => p.Slug == slug);
}
