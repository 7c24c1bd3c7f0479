using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Inspection;

/// <summary>One name for the same pool in three lists.</summary>
/// <remarks>
/// A pool of a public list is the pool of ours that has its id, else the pool of ours with the same name; else it stands under its own name. The id
/// comes first, because names change and the lists spell them differently. The active list may have been made of one public list and not know the ids
/// of the other: for what it does not know, the bundled list says which ids belong to one slug.
/// </remarks>
internal sealed class SharedNames
{
    private readonly Dictionary<int, string> _byMempoolId;
    private readonly Dictionary<int, string> _byBitcoinDataId;
    private readonly Dictionary<string, string> _byName;

    public SharedNames(PoolList ours)
    {
        var bundled = PoolList.LoadBundled().Pools.Where(p => ours.Find(p.Slug) is not null).ToList();
        _byMempoolId = ByIds(ours.Pools, bundled, p => p.Ids.Mempool);
        _byBitcoinDataId = ByIds(ours.Pools, bundled, p => p.Ids.BitcoinData);
        _byName = ours.Pools.GroupBy(p => p.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First().Slug, StringComparer.OrdinalIgnoreCase);
    }

    public string Of(Pool pool, ListName list) => list switch
    {
        ListName.Mempool => Find(_byMempoolId, pool.Ids.Mempool) ?? ByName(pool),
        ListName.BitcoinData => Find(_byBitcoinDataId, pool.Ids.BitcoinData) ?? ByName(pool),
        _ => pool.Slug,
    };

    private static Dictionary<int, string> ByIds(IReadOnlyList<Pool> ours, IReadOnlyList<Pool> bundled, Func<Pool, IReadOnlyList<int>> idsOf)
    {
        var slugs = new Dictionary<int, string>();
        foreach (var pool in ours.Concat(bundled))
        {
            foreach (var id in idsOf(pool))
            {
                slugs.TryAdd(id, pool.Slug);
            }
        }

        return slugs;
    }

    private static string? Find(Dictionary<int, string> slugs, IReadOnlyList<int> ids) => ids.Select(id => slugs.GetValueOrDefault(id)).FirstOrDefault(s => s is not null);

    private string ByName(Pool pool) => _byName.GetValueOrDefault(pool.Name, pool.Name);
}
