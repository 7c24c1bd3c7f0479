using System.Text;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>What must hold between the pools of a list: unique slugs and ids, and no rule twice at the same height.</summary>
internal sealed class PoolListChecks(PoolListErrors errors)
{
    public void Run(IReadOnlyList<Pool> pools)
    {
        if (errors.IsFull)
        {
            return;
        }

        CheckUnique<string>(pools, "slug", pool => pool.Slug.Length == 0 ? [] : [pool.Slug]);
        CheckUnique(pools, "mempool id", pool => pool.Ids.Mempool);
        CheckUnique(pools, "bitcoinData id", pool => pool.Ids.BitcoinData);

        if (!CheckSize(pools.Count, pools.SelectMany(pool => pool.Tags.Select(rule => rule.Text)), pools.Sum(pool => pool.Addresses.Count), errors))
        {
            return;
        }

        // Two spellings of one address are one script; two tags that differ in case can match the same bytes.
        var addresses = pools.SelectMany(pool => pool.Addresses.Select(rule => new Owned(pool, rule)));
        CheckOverlaps(addresses, ScriptOf, (_, _) => true);
        var tags = pools.SelectMany(pool => pool.Tags.Select(rule => new Owned(pool, rule)));
        CheckOverlaps(tags, owned => TagText.Fold(owned.Rule.Text), SameTag);
    }

    /// <summary>Whether a list is small enough for its rules to be compared with each other.</summary>
    public static bool CheckSize(int pools, IEnumerable<string> tags, int addresses, PoolListErrors errors)
    {
        if (!CheckCount("pools", pools, PoolList.MaxPools, errors) || !CheckCount("addresses", addresses, PoolList.MaxAddresses, errors))
        {
            return false;
        }

        return CheckTagBytes(tags, errors);
    }

    public static bool CheckTagBytes(IEnumerable<string> tags, PoolListErrors errors)
    {
        var tagBytes = tags.Sum(tag => (long)Encoding.UTF8.GetByteCount(tag));
        if (tagBytes > PoolList.MaxTagBytes)
        {
            errors.Add($"The tags have {tagBytes} bytes together; at most {PoolList.MaxTagBytes} are possible.");
            return false;
        }

        return true;
    }

    public static bool CheckCount(string what, int count, int most, PoolListErrors errors)
    {
        if (count > most)
        {
            errors.Add($"The list has {count} {what}; at most {most} are possible.");
        }

        return count <= most;
    }

    private void CheckUnique<T>(IReadOnlyList<Pool> pools, string what, Func<Pool, IEnumerable<T>> keys)
        where T : notnull
    {
        var owners = new Dictionary<T, Pool>();
        foreach (var pool in pools)
        {
            foreach (var key in keys(pool))
            {
                if (!owners.TryAdd(key, pool))
                {
                    errors.Add($"{Describe(pool)}: {what} {key} belongs to {Describe(owners[key])} already; each can have one owner.");
                }
            }
        }
    }

    private void CheckOverlaps(IEnumerable<Owned> rules, Func<Owned, string?> key, Func<Owned, Owned, bool> same)
    {
        foreach (var group in rules.GroupBy(key).Where(group => group.Key is not null))
        {
            var sorted = group.OrderBy(owned => owned.Rule.From ?? 0).ToList();
            for (var i = 0; i < sorted.Count && !errors.IsFull; i++)
            {
                for (var j = i + 1; j < sorted.Count && sorted[i].Rule.Overlaps(sorted[j].Rule) && !errors.IsFull; j++)
                {
                    if (same(sorted[i], sorted[j]))
                    {
                        ReportOverlap(sorted[i], sorted[j]);
                    }
                }
            }
        }
    }

    private void ReportOverlap(Owned first, Owned second) => errors.Add(
        $"{Describe(second.Pool)}: the {(second.Rule.Kind == RuleKind.Tag ? "tag" : "address")} \"{Sentence.Quote(second.Rule.Text)}\" is also a rule of "
        + $"{Describe(first.Pool)} at the same heights; give it one owner, or heights (from, to) that do not overlap.");

    private static bool SameTag(Owned first, Owned second) =>
        first.Rule.Text == second.Rule.Text
        || (first.Pool != second.Pool && !(TagText.IsCaseSensitive(first.Rule) && TagText.IsCaseSensitive(second.Rule)));

    private static string? ScriptOf(Owned owned) =>
        Address.TryToScript(owned.Rule.Text, Network.Main, out var script) ? Convert.ToHexString(script) : null;

    private static string Describe(Pool pool) => pool.Slug.Length > 0 ? Sentence.Quote(pool.Slug) : $"\"{Sentence.Quote(pool.Name)}\"";

    private readonly record struct Owned(Pool Pool, PoolRule Rule);
}
