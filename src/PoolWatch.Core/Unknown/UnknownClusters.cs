using PoolWatch.Core.Inspection;

namespace PoolWatch.Core.Unknown;

/// <summary>Finds unknown blocks that seem to have one maker.</summary>
/// <remarks>
/// Blocks belong together that pay most of their value to the same script, that pay a hundredth of it or more to the same script, that share six
/// bytes or more of a text that is nobody's default, or that have a text of the same rare shape (a UUID). The layout of outputs alone joins nothing:
/// it is mostly that of the software. A text or a minor payee that blocks of many payees share without repeating them is taken for a software's or
/// a donation's, and joins nothing either.
/// </remarks>
public static class UnknownClusters
{
    /// <summary>A trace shared by blocks of more payees than this, most of them met once, is nobody's own.</summary>
    public const int MaxPayees = 16;

    /// <summary>Finds the clusters of two blocks and more.</summary>
    /// <param name="blocks">Unknown blocks in any order, each once.</param>
    /// <returns>Largest first; equal ones by first height.</returns>
    /// <remarks>The same blocks give the same clusters, in whatever order. Takes O(n log n) for n blocks of at most a hundred bytes of scriptSig.</remarks>
    public static IReadOnlyList<UnknownCluster> Find(IReadOnlyList<UnknownBlock> blocks)
    {
        UnknownBlock[] sorted = [.. blocks.OrderBy(b => b.Height).ThenBy(b => b.Hash.ToString(), StringComparer.Ordinal)];
        var links = BlockLinks.Of(sorted);
        var sets = new DisjointSets(sorted.Length);
        JoinPayees(links, sets);
        JoinSharedTraces(links, sets);

        var members = Enumerable.Range(0, sorted.Length).GroupBy(sets.Find).Where(g => g.Count() > 1).ToDictionary(g => g.Key, g => g.ToArray());
        var (shapes, texts) = (links.BestShapes(sets), links.BestTexts(sets));
        return [.. members.Select(m => ClusterDescription.Describe(sorted, m.Value, shapes.GetValueOrDefault(m.Key), texts.GetValueOrDefault(m.Key)))
            .OrderByDescending(c => c.Blocks.Count).ThenBy(c => c.FirstHeight).ThenBy(c => c.Id, StringComparer.Ordinal)];
    }

    private static void JoinPayees(BlockLinks links, DisjointSets sets)
    {
        var first = new Dictionary<ReadOnlyMemory<byte>, int>(ByteComparer.Instance);
        for (var block = 0; block < links.Payees.Count; block++)
        {
            if (links.Payees[block] is { } payee && !first.TryAdd(payee, block))
            {
                sets.Union(first[payee], block);
            }
        }
    }

    private static void JoinSharedTraces(BlockLinks links, DisjointSets sets)
    {
        // Judged by the payees alone, before anything is joined: the order in which traces come must not matter.
        var payees = Enumerable.Range(0, links.Payees.Count).Select(b => links.Payees[b] is null ? -1 : sets.Find(b)).ToArray();
        links.DropCommon(shared => IsCommon(shared, payees));
        foreach (var shared in links.Shared())
        {
            foreach (var block in shared[1..])
            {
                sets.Union(shared[0], block);
            }
        }
    }

    private static bool IsCommon(ReadOnlySpan<int> blocks, int[] payees)
    {
        if (blocks.Length <= MaxPayees)
        {
            return false;
        }

        var distinct = new HashSet<int>();
        foreach (var block in blocks)
        {
            if (payees[block] >= 0)
            {
                distinct.Add(payees[block]);
            }
        }

        return distinct.Count > MaxPayees && 2 * distinct.Count > blocks.Length;
    }
}
