namespace PoolWatch.Core.Pools;

/// <summary>A mining pool, or a miner who mines alone under a name, as the pool list defines it.</summary>
public sealed class Pool
{
    /// <summary>The slug that stands for every block without a pool; no pool of a list may have it.</summary>
    public const string UnknownSlug = "unknown";

    /// <summary>Key of the pool in URLs, metrics and SQL: lower-case letters and digits, unique in its list.</summary>
    public required string Slug { get; init; }

    /// <summary>Name for people, as the pool writes it today.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute http or https address of the pool's site, or null.</summary>
    public string? Link { get; init; }

    /// <summary>Under which ids the public lists carry this pool.</summary>
    public PoolIds Ids { get; init; } = PoolIds.None;

    /// <summary>Texts that the pool leaves in the scriptSig of its coinbases, in the order of the list; may be empty.</summary>
    public IReadOnlyList<PoolRule> Tags { get; init; } = [];

    /// <summary>Mainnet addresses that the pool lets its coinbases pay, in the order of the list; may be empty.</summary>
    public IReadOnlyList<PoolRule> Addresses { get; init; } = [];

    /// <summary>
    /// First height, inclusive, from which every block of the pool is known to pay one of its listed addresses; null: not known. A block from there on that
    /// has a tag of the pool and pays none of them is a claim to doubt.
    /// </summary>
    public int? PaidFrom { get; init; }

    /// <summary>What a maintainer of the list has to know about the pool, or null.</summary>
    public string? Note { get; init; }

    /// <summary>The slug.</summary>
    public override string ToString() => Slug;
}

/// <summary>Ids of one pool in the two public lists, whose id spaces have nothing to do with each other.</summary>
/// <remarks>Nearly always one id in each; a list that carries a pool twice gives it two. The first is the one to show.</remarks>
/// <param name="Mempool">Ids in mempool/mining-pools, <c>pools-v2.json</c>.</param>
/// <param name="BitcoinData">Ids in bitcoin-data/mining-pools.</param>
public sealed record PoolIds(IReadOnlyList<int> Mempool, IReadOnlyList<int> BitcoinData)
{
    /// <summary>In neither list.</summary>
    public static PoolIds None { get; } = new([], []);
}
