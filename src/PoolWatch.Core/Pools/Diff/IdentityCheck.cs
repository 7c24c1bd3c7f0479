namespace PoolWatch.Core.Pools.Diff;

/// <summary>Follows each id and each slug from one list to the next and judges whether the pool behind it is still the same.</summary>
/// <remarks>
/// Ids are not stable even within one public list: on 2023-12-02 mempool's id 141 was SECPOOL in the morning and OCEAN, with OCEAN's tag and address, in the
/// evening. Who trusts ids renames the whole history of SECPOOL.
/// </remarks>
internal sealed class IdentityCheck(PoolList from, PoolList to)
{
    private readonly PoolTraces _traces = new();
    private readonly List<IdentityProblem> _problems = [];
    private readonly HashSet<(IdentityKind, Pool, Pool)> _said = [];
    private readonly HashSet<Pool> _judgedOld = [];
    private readonly HashSet<Pool> _judgedNew = [];
    private readonly HashSet<Pool> _takers = [];
    private readonly Dictionary<Pool, Pool> _renamed = [];
    private readonly HashSet<Pool> _newNames = [];

    /// <summary>Pools that go on under another slug; each old and each new slug once.</summary>
    public IEnumerable<PoolPair> Renames => from.Pools.Where(_renamed.ContainsKey).Select(pool => new PoolPair(pool, _renamed[pool]));

    /// <summary>Pools that both lists have, those that go on under another slug among them.</summary>
    public IEnumerable<PoolPair> Kept =>
        from.Pools.Select(pool => (From: pool, To: _renamed.GetValueOrDefault(pool) ?? to.Find(pool.Slug))).Where(pair => pair.To is not null).Select(pair => new PoolPair(pair.From, pair.To!));

    public IReadOnlyList<IdentityProblem> Run()
    {
        List<IdSpace> spaces = [new("mempool", to, pool => pool.Ids.Mempool), new("bitcoinData", to, pool => pool.Ids.BitcoinData)];
        foreach (var pool in from.Pools)
        {
            foreach (var space in spaces)
            {
                foreach (var id in space.IdsOf(pool))
                {
                    FollowId(pool, space, id);
                }
            }

            FollowSlug(pool);
        }

        FollowRules();
        FollowNames();
        var places = from.Pools.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return [.. _problems.OrderBy(problem => places[problem.From])];
    }

    private void FollowId(Pool was, IdSpace space, int id)
    {
        if (!space.Owners.TryGetValue(id, out var owner) || owner.Slug == was.Slug)
        {
            return;
        }

        var what = $"{space.Name} id {id}";
        var (stays, before) = (to.Find(was.Slug), from.Find(owner.Slug));
        var common = _traces.Common(was, owner);
        if (stays is not null && before is not null)
        {
            if (space.IdsOf(before).Any(other => space.Owners.GetValueOrDefault(other) == stays))
            {
                // Both pools come by here; one finding says it.
                var (first, second) = string.CompareOrdinal(was.Slug, before.Slug) < 0 ? (was, owner) : (before, stays);
                Say(IdentityKind.IdsSwapped, first, second, $"{Name(first)} and {Name(second)} exchanged their {space.Name} ids.");
            }
            else
            {
                Say(IdentityKind.IdMoved, was, owner, $"{what} went from {Name(was)} to {Name(owner)}, and both lists have both.");
            }
        }
        else if (before is not null)
        {
            FollowGone(was, owner, before, what, common);
        }
        else if (common == 0 && _traces.HasAny(was))
        {
            Say(IdentityKind.Replaced, was, owner, $"{what} was {Name(was)} and is {Name(owner)}, and no tag or address is common to both.");
        }
        else if (stays is not null && space.IdsOf(was).Any(other => space.Owners.GetValueOrDefault(other) == stays))
        {
            Say(IdentityKind.Split, was, owner, $"{Name(owner)} splits off from {Name(was)} with {what}; {common} tags and addresses are common to both.");
        }
        else if (stays is not null)
        {
            Say(IdentityKind.IdMoved, was, owner, $"{what} went from {Name(was)}, whose slug stays, to the new {Name(owner)}; {common} tags and addresses are common to both.");
        }
        else
        {
            Rename(was, owner, $"{what} and {common} tags and addresses are common to both");
        }
    }

    /// <summary>A pool whose slug is gone and whose id belongs to a pool with a slug that another pool had.</summary>
    private void FollowGone(Pool was, Pool owner, Pool before, string what, int common)
    {
        if (common == 0 && _traces.HasAny(was))
        {
            Say(IdentityKind.IdMoved, was, owner, $"{what} went from {Name(was)}, which is gone, to {Name(owner)}, and no tag or address is common to both.");
        }
        else if (_traces.Common(before, owner) == 0 && _traces.HasAny(before))
        {
            Say(IdentityKind.SlugTaken, was, owner, $"{what}, which was {Name(was)}, got the slug of {Name(before)}, and no tag or address is common to these two.");
        }
        else
        {
            Say(IdentityKind.Merged, was, owner, $"{Name(was)} went into {Name(owner)}: {what} and {common} tags and addresses are there now.");
        }
    }

    private void FollowSlug(Pool was)
    {
        if (to.Find(was.Slug) is { } now && _traces.HasAny(was) && _traces.HasAny(now) && _traces.Common(was, now) == 0
            && !_takers.Contains(now))
        {
            Say(IdentityKind.Replaced, was, now, $"The slug {was.Slug} was {was.Name} and is {now.Name}, and no tag or address is common to both.");
        }
    }

    /// <summary>Without ids a pool is known by its rules: one that is gone went on where a new one has half of them, and no id speaks against it.</summary>
    private void FollowRules()
    {
        var gone = from.Pools.Where(pool => to.Find(pool.Slug) is null && !_judgedOld.Contains(pool)).ToList();
        var born = to.Pools.Where(pool => from.Find(pool.Slug) is null && !_judgedNew.Contains(pool)).ToList();
        var owners = born.SelectMany(pool => _traces.Of(pool).Select(trace => (trace, pool))).ToLookup(pair => pair.trace, pair => pair.pool, StringComparer.Ordinal);
        foreach (var was in gone)
        {
            var best = _traces.Of(was).SelectMany(trace => owners[trace]).GroupBy(pool => pool).MaxBy(group => group.Count());
            if (best is not null && best.Count() * 2 >= _traces.Of(was).Count && !Contradict(was.Ids, best.Key.Ids))
            {
                Rename(was, best.Key, $"{best.Count()} tags and addresses are common to both");
            }
        }
    }

    /// <summary>A name is what people read beside a number. Two pools of one list may share one; a pool that takes over another's is somebody else to all who read.</summary>
    private void FollowNames()
    {
        var former = from.Pools.ToLookup(pool => pool.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var (was, now) in Kept.Where(pair => !string.Equals(pair.From.Name, pair.To.Name, StringComparison.OrdinalIgnoreCase)))
        {
            if (former[now.Name].FirstOrDefault(pool => pool != was && (_renamed.ContainsKey(pool) || to.Find(pool.Slug) is not null)) is { } owner)
            {
                Say(IdentityKind.NameTaken, was, now, $"{Name(was)} is called {now.Name} now, as {owner.Slug} was.");
            }
        }
    }

    private static bool Contradict(PoolIds one, PoolIds other) =>
        (one.Mempool.Count > 0 && other.Mempool.Count > 0) || (one.BitcoinData.Count > 0 && other.BitcoinData.Count > 0);

    private void Rename(Pool was, Pool now, string why)
    {
        if (_renamed.GetValueOrDefault(was) == now)
        {
            return;
        }

        if (_renamed.ContainsKey(was) || !_newNames.Add(now))
        {
            Say(IdentityKind.IdMoved, was, now, $"{Name(was)} is {Name(now)} too: {why}.");
            return;
        }

        _renamed[was] = now;
        Say(IdentityKind.Renamed, was, now, $"{Name(was)} goes on as {Name(now)}: {why}.");
    }

    private void Say(IdentityKind kind, Pool was, Pool now, string message)
    {
        if (_said.Add((kind, was, now)))
        {
            _problems.Add(new IdentityProblem(kind, was, now, message));
            _judgedOld.Add(was);
            _judgedNew.Add(now);
            if (kind == IdentityKind.SlugTaken)
            {
                _takers.Add(now);
            }
        }
    }

    private static string Name(Pool pool) => pool.Name == pool.Slug ? pool.Slug : $"{pool.Name} ({pool.Slug})";

    /// <summary>The ids of one public list, and whom the new list gives them to.</summary>
    private sealed class IdSpace(string name, PoolList to, Func<Pool, IReadOnlyList<int>> idsOf)
    {
        public string Name => name;

        public Func<Pool, IReadOnlyList<int>> IdsOf => idsOf;

        public Dictionary<int, Pool> Owners { get; } = to.Pools.SelectMany(pool => idsOf(pool).Select(id => (id, pool))).ToDictionary(pair => pair.id, pair => pair.pool);
    }
}
