using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>Finds mistakes of a public list in all but the tags.</summary>
internal static class PublicPoolLint
{
    public static IEnumerable<LintFinding> Check(IReadOnlyList<PublicPool> pools)
    {
        var (ids, addresses) = (new Dictionary<int, string>(), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var pool in pools)
        {
            if (!ids.TryAdd(pool.Id, pool.Name))
            {
                yield return new(LintCode.ReusedId, pool.Name, $"The id {pool.Id} is that of {ids[pool.Id]} already.");
            }

            if (pool.Addresses.Count + pool.Tags.Count == 0)
            {
                yield return new(LintCode.NoRules, pool.Name, "There is neither an address nor a tag.");
            }

            foreach (var address in pool.Addresses)
            {
                // Two spellings of an address are one script.
                var key = Address.TryToScript(address, Network.Main, out var script) ? Convert.ToHexString(script) : null;
                if (key is null)
                {
                    yield return new(LintCode.BadAddress, pool.Name, $"\"{address}\" is no address of Bitcoin's mainnet.");
                }

                if (key is not null && !addresses.TryAdd(key, pool.Name))
                {
                    yield return new(LintCode.SameAddress, pool.Name, $"The address {address} is that of {addresses[key]} already.");
                }
            }
        }
    }
}
