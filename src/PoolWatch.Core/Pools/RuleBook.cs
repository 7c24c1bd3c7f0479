namespace PoolWatch.Core.Pools;

/// <summary>The rules of one kind in the order of the list, which is the order that decides ties.</summary>
internal sealed class RuleBook
{
    private readonly Pool[] _pools;
    private readonly PoolRule[] _rules;
    private readonly (int From, int To)[] _heights;
    private readonly int[] _positions;

    public RuleBook(PoolList list, Func<Pool, IReadOnlyList<PoolRule>> rulesOf)
    {
        var owned = list.Pools.SelectMany((pool, position) => rulesOf(pool).Select(rule => (pool, rule, position))).ToArray();
        _positions = Array.ConvertAll(owned, o => o.position);
        _pools = Array.ConvertAll(owned, o => o.pool);
        _rules = Array.ConvertAll(owned, o => o.rule);
        _heights = Array.ConvertAll(_rules, rule => (rule.From ?? 0, rule.To ?? int.MaxValue));
    }

    public int Count => _rules.Length;

    public Pool PoolOf(int rule) => _pools[rule];

    /// <summary>The place of the rule's pool in the list.</summary>
    public int PositionOf(int rule) => _positions[rule];

    public PoolRule this[int rule] => _rules[rule];

    public bool Covers(int rule, int height) => height >= _heights[rule].From && height <= _heights[rule].To;

    public Candidate ToCandidate(Hit hit) => new(_pools[hit.Rule], _rules[hit.Rule], hit.Index, hit.Value);
}
