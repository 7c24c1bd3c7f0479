using System.Text;
using System.Text.RegularExpressions;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Benchmarks;

/// <summary>The loops of mempool.space's matcher: pool by pool, its addresses, then a regular expression for each tag, up to the first that matches.</summary>
internal sealed class NaiveMempool(PoolList list)
{
    private readonly (Pool Pool, byte[][] Scripts, Regex[] Tags)[] _pools = [.. list.Pools.Select(pool => (
        pool,
        pool.Addresses.Select(rule => Address.TryToScript(rule.Text, Network.Main, out var script) ? script : []).ToArray(),
        pool.Tags.Select(rule => new Regex(rule.Text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)).ToArray()))];

    public Pool? Find(Coinbase coinbase)
    {
        var text = Encoding.Latin1.GetString(coinbase.ScriptSig.Span);
        foreach (var (pool, scripts, tags) in _pools)
        {
            if (Pays(coinbase, scripts))
            {
                return pool;
            }

            foreach (var tag in tags)
            {
                if (tag.IsMatch(text))
                {
                    return pool;
                }
            }
        }

        return null;
    }

    private static bool Pays(Coinbase coinbase, byte[][] scripts)
    {
        foreach (var script in scripts)
        {
            foreach (var output in coinbase.Outputs)
            {
                if (output.Value != 0 && output.Script.Span.SequenceEqual(script))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
