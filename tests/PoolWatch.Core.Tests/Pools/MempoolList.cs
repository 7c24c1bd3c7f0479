using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>mempool's own list as a list of ours: same order, same tags, same mainnet addresses.</summary>
internal static class MempoolList
{
    public static PoolList Load() => PublicPoolList.LoadBundled(PublicListKind.Mempool).ToPoolList().List;
}
