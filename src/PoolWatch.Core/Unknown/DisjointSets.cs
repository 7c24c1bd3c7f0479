namespace PoolWatch.Core.Unknown;

/// <summary>Sets that only grow together (R. E. Tarjan, "Efficiency of a good but not linear set union algorithm", JACM 22, 1975).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parent;

    public DisjointSets(int count) => _parent = [.. Enumerable.Range(0, count)];

    /// <summary>The lowest member of the set.</summary>
    public int Find(int member)
    {
        while (_parent[member] != member)
        {
            member = _parent[member] = _parent[_parent[member]];
        }

        return member;
    }

    public void Union(int a, int b)
    {
        (a, b) = (Find(a), Find(b));
        _parent[Math.Max(a, b)] = Math.Min(a, b);
    }
}
