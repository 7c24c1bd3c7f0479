using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Inspection;

/// <summary>One name for the same pool in three lists.</summary>
/// <remarks>
/// A pool of a public list is the pool of ours that has its id, else the pool of ours with the same name; else it stands under its own name. The id
/// comes first, because names change and the lists spell them differently.
/// </remarks>
internal sealed class SharedNames
{
    private readonly Dictionary<int, string> _byMempoolId;
    private readonly Dictionary<int, string> _byBitcoinDataId;
    private readonly Dictionary<string, string> _byName;

    public SharedNames(PoolList ours)
    {
        _byMempoolId = ours.Pools.SelectMany(p => p.Ids.Mempool.Select(id => (id, p.Slug))).ToDictionary(p => p.id, p => p.Slug);
        _byBitcoinDataId = ours.Pools.SelectMany(p => p.Ids.BitcoinData.Select(id => (id, p.Slug))).ToDictionary(p => p.id, p => p.Slug);
        _byName = ours.Pools.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Slug, StringComparer.OrdinalIgnoreCase);
    }

    public string Of(Pool pool, ListName list) => list switch
    {
        ListName.Mempool => Find(_byMempoolId, pool.Ids.Mempool) ?? ByName(pool),
        ListName.BitcoinData => Find(_byBitcoinDataId, pool.Ids.BitcoinData) ?? ByName(pool),
        _ => pool.Slug,
    };

    private static string? Find(Dictionary<int, string> slugs, IReadOnlyList<int> ids) => ids.Select(id => slugs.GetValueOrDefault(id)).FirstOrDefault(s => s is not null);

    private string ByName(Pool pool) => _byName.GetValueOrDefault(pool.Name, pool.Name);
}
