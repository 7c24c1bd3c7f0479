using PoolWatch.ReadModel;

namespace PoolWatch.Telemetry;

/// <summary>
/// Whose stale blocks have a series of their own: unknown ones, and those of the pools with the most, no more of them than have series in a layer. A pool keeps its stale blocks when
/// it has left every window, so the pools of the windows would be the wrong choice.
/// </summary>
internal static class StaleSeries
{
    public static IEnumerable<(string Pool, int Blocks)> Of(Snapshot snapshot)
    {
        if (snapshot.StaleBlocks.TryGetValue(ChainView.UnknownPool, out var unknown))
        {
            yield return (Pool.UnknownSlug, unknown);
        }

        // Those with as many as the last one in are taken by slug: the choice must not change from page to page.
        var pools = snapshot.StaleBlocks.Where(s => s.Key != ChainView.UnknownPool).Select(s => (snapshot.Pools[s.Key].Slug, s.Value))
            .OrderByDescending(s => s.Value).ThenBy(s => s.Slug, StringComparer.Ordinal).ToList();
        foreach (var pool in pools.Take(LayerSeries.Most))
        {
            yield return pool;
        }

        if (pools.Count > LayerSeries.Most)
        {
            yield return (LayerSeries.Rest, pools.Skip(LayerSeries.Most).Sum(s => s.Value));
        }
    }
}
