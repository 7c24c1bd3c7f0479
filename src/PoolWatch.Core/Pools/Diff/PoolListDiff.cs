namespace PoolWatch.Core.Pools.Diff;

/// <summary>What differs between two versions of a pool list, and what of it looks as if one pool had taken another's place.</summary>
/// <remarks>Pure. Says nothing about blocks: which of them move depends on the chain.</remarks>
public sealed class PoolListDiff
{
    private PoolListDiff(PoolList from, PoolList to)
    {
        var check = new IdentityCheck(from, to);
        IdentityProblems = check.Run();
        Renames = [.. check.Renames.Select(pair => new PoolRename(pair.From.Slug, pair.To.Slug))];

        var newSlugs = Renames.ToDictionary(rename => rename.OldSlug, rename => rename.NewSlug, StringComparer.Ordinal);
        var oldSlugs = Renames.ToDictionary(rename => rename.NewSlug, rename => rename.OldSlug, StringComparer.Ordinal);
        Added = [.. to.Pools.Where(pool => from.Find(oldSlugs.GetValueOrDefault(pool.Slug, pool.Slug)) is null)];
        Removed = [.. from.Pools.Where(pool => to.Find(newSlugs.GetValueOrDefault(pool.Slug, pool.Slug)) is null)];
        var kept = check.Kept.ToList();
        Details = [.. kept.SelectMany(pair => PoolDetail.Between(pair.From, pair.To))];
        var added = Added.ToHashSet();
        OrderChanged = !kept.Select(pair => pair.To).SequenceEqual(to.Pools.Where(pool => !added.Contains(pool)));
        RuleChanges = new RuleComparison(from, to, newSlugs).Run();
    }

    /// <summary>Compares two lists.</summary>
    /// <param name="from">The list as it was.</param>
    /// <param name="to">The list as it would be.</param>
    public static PoolListDiff Between(PoolList from, PoolList to) => new(from, to);

    /// <summary>Pools that only the new list has, renamed ones left out; in its order.</summary>
    public IReadOnlyList<Pool> Added { get; }

    /// <summary>Pools that only the old list has, renamed ones left out; in its order.</summary>
    public IReadOnlyList<Pool> Removed { get; }

    /// <summary>Pools that go on under another slug; in the order of the old list. Each has a finding <see cref="IdentityKind.Renamed"/> too.</summary>
    public IReadOnlyList<PoolRename> Renames { get; }

    /// <summary>What differs of the pools of both lists, renamed ones among them, beside slug and rules; in the order of the old list.</summary>
    public IReadOnlyList<PoolDetail> Details { get; }

    /// <summary>Whether the pools that both lists have stand in another order, which decides between tags of equal length and, in mempool's rule, between all.</summary>
    public bool OrderChanged { get; }

    /// <summary>Rules that came, changed or went to another pool, in the order of the new list; then those that were dropped, in the order of the old.</summary>
    public IReadOnlyList<RuleChange> RuleChanges { get; }

    /// <summary>Pools that changed their identity or seem to, in the order of the old list.</summary>
    public IReadOnlyList<IdentityProblem> IdentityProblems { get; }

    /// <summary>Whether some finding is grave enough to refuse the new list unless told otherwise.</summary>
    public bool ChangesIdentity => IdentityProblems.Any(problem => problem.Severity == IdentitySeverity.Error);

    /// <summary>Whether the lists say the same.</summary>
    public bool IsEmpty => Added.Count + Removed.Count + Renames.Count + Details.Count + RuleChanges.Count == 0 && !OrderChanged;
}

/// <summary>A pool that goes on under another slug.</summary>
/// <param name="OldSlug">Its slug in the old list.</param>
/// <param name="NewSlug">Its slug in the new list.</param>
public readonly record struct PoolRename(string OldSlug, string NewSlug);

/// <summary>One pool in two versions of a list.</summary>
/// <param name="From">As it was.</param>
/// <param name="To">As it would be.</param>
public sealed record PoolPair(Pool From, Pool To);
