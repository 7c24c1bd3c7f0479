using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools.Diff;

/// <summary>Finds the rules that differ between two lists. A rule stays with its pool when the pool gets another slug.</summary>
internal sealed class RuleComparison(PoolList from, PoolList to, IReadOnlyDictionary<string, string> newSlugs)
{
    public List<RuleChange> Run()
    {
        var before = Rules(from).GroupBy(owned => owned.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        List<Owned> open = [];
        foreach (var owned in Rules(to))
        {
            if (!Take(before, owned, was => IsSamePool(was, owned) && (was.Rule with { Note = null }) == (owned.Rule with { Note = null, Text = was.Rule.Text }), out _))
            {
                open.Add(owned);
            }
        }

        open = Match(before, open, IsSamePool, RuleChangeKind.Changed, out var changes);
        open = Match(before, open, (_, _) => true, RuleChangeKind.Moved, out var moves);
        var found = changes.Concat(moves).Concat(open.Select(owned => (owned, new RuleChange(RuleChangeKind.Added, null, null, owned.Pool, owned.Rule))));
        var left = before.Values.SelectMany(owned => owned).OrderBy(owned => owned.Place);
        return
        [
            .. found.OrderBy(pair => pair.Item1.Place).Select(pair => pair.Item2),
            .. left.Select(owned => new RuleChange(RuleChangeKind.Removed, owned.Pool, owned.Rule, null, null)),
        ];
    }

    private static List<Owned> Match(
        Dictionary<string, List<Owned>> before, List<Owned> open, Func<Owned, Owned, bool> fits, RuleChangeKind kind, out List<(Owned, RuleChange)> changes)
    {
        List<Owned> left = [];
        changes = [];
        foreach (var owned in open)
        {
            if (Take(before, owned, was => fits(was, owned), out var was))
            {
                changes.Add((owned, new RuleChange(kind, was.Pool, was.Rule, owned.Pool, owned.Rule)));
            }
            else
            {
                left.Add(owned);
            }
        }

        return left;
    }

    /// <summary>Each rule of the old list is the origin of one of the new at most.</summary>
    private static bool Take(Dictionary<string, List<Owned>> before, Owned owned, Predicate<Owned> fits, out Owned was)
    {
        was = default;
        if (!before.TryGetValue(owned.Key, out var candidates) || candidates.FindIndex(fits) is var index && index < 0)
        {
            return false;
        }

        was = candidates[index];
        candidates.RemoveAt(index);
        return true;
    }

    private bool IsSamePool(Owned was, Owned owned) => newSlugs.GetValueOrDefault(was.Pool.Slug, was.Pool.Slug) == owned.Pool.Slug;

    private static IEnumerable<Owned> Rules(PoolList list) => list.Pools
        .SelectMany(pool => pool.Tags.Concat(pool.Addresses).Select(rule => (pool, rule)))
        .Select((owned, place) => new Owned(owned.pool, owned.rule, Key(owned.rule), place));

    private static string Key(PoolRule rule) =>
        rule.Kind == RuleKind.Address && Address.TryToScript(rule.Text, Network.Main, out var script) ? $"address {Convert.ToHexString(script)}" : $"tag {rule.Text}";

    private readonly record struct Owned(Pool Pool, PoolRule Rule, string Key, int Place);
}
