using PoolWatch.Core.Inspection;

namespace PoolWatch.Core.Unknown;

/// <summary>Which blocks share which traces. Blocks are named by their position in the input.</summary>
internal sealed class BlockLinks
{
    /// <summary>Smaller payments are no link: one satoshi must not buy a relation.</summary>
    private const int LeastShare = 100;

    private readonly Dictionary<ReadOnlyMemory<byte>, int[]> _byScript;
    private readonly Dictionary<string, int[]> _byShape;
    private readonly (ulong Gram, int[] Blocks)[] _byGram;
    private readonly HashSet<int[]> _common = [];

    private BlockLinks(
        IReadOnlyList<ReadOnlyMemory<byte>?> payees, Dictionary<ReadOnlyMemory<byte>, int[]> byScript, Dictionary<string, int[]> byShape,
        (ulong Gram, int[] Blocks)[] byGram)
    {
        Payees = payees;
        _byScript = byScript;
        _byShape = byShape;
        _byGram = byGram;
    }

    /// <summary>The script that each block pays more than half of its value; null for none.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>?> Payees { get; }

    public static BlockLinks Of(UnknownBlock[] blocks)
    {
        var scripts = new List<(ReadOnlyMemory<byte>, int)>();
        var shapes = new List<(string, int)>();
        var grams = new List<ulong>();
        var gramBlocks = new List<int>();
        for (var block = 0; block < blocks.Length; block++)
        {
            scripts.AddRange(LargePayouts(blocks[block].Traces).Select(p => (p.Script, block)));
            var (shapesHere, gramsHere) = ScriptSigText.Read(blocks[block].Traces.ScriptSig.Span);
            shapes.AddRange(shapesHere.Select(s => (s, block)));
            grams.AddRange(gramsHere);
            gramBlocks.AddRange(Enumerable.Repeat(block, gramsHere.Length));
        }

        return new BlockLinks(
            [.. blocks.Select(b => b.Traces.Majority?.Script)], SharedBy(scripts, ByteComparer.Instance), SharedBy(shapes, StringComparer.Ordinal),
            SharedBy([.. grams], [.. gramBlocks]));
    }

    /// <summary>The payments that count.</summary>
    public static IEnumerable<Payout> LargePayouts(CoinbaseTraces traces) => traces.Payouts.Where(p => p.Value >= traces.Value / LeastShare);

    /// <summary>Leaves out the scripts and texts whose blocks the judge finds to be of too many.</summary>
    public void DropCommon(Func<int[], bool> judge) => _common.UnionWith(_byScript.Values.Concat(_byGram.Select(g => g.Blocks)).Where(judge));

    /// <summary>Every trace that two blocks or more share, as those blocks.</summary>
    public IEnumerable<int[]> Shared() =>
        _byScript.Values.Concat(_byShape.Values).Concat(_byGram.Select(g => g.Blocks)).Where(blocks => !_common.Contains(blocks));

    /// <summary>For each set, by its lowest member, the six bytes that most of its blocks share; the smallest of equals.</summary>
    public Dictionary<int, (ulong Gram, int[] Blocks)> BestTexts(DisjointSets sets)
    {
        var best = new Dictionary<int, (ulong Gram, int[] Blocks)>();
        foreach (var text in _byGram)
        {
            if (!_common.Contains(text.Blocks)
                && (!best.TryGetValue(sets.Find(text.Blocks[0]), out var known) || text.Blocks.Length > known.Blocks.Length))
            {
                best[sets.Find(text.Blocks[0])] = text;
            }
        }

        return best;
    }

    /// <summary>For each set, by its lowest member, the shape that most of its blocks share; the first in order of equals.</summary>
    public Dictionary<int, SharedTrace> BestShapes(DisjointSets sets)
    {
        var best = new Dictionary<int, SharedTrace>();
        foreach (var (shape, blocks) in _byShape.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            var set = sets.Find(blocks[0]);
            if (!best.TryGetValue(set, out var known) || blocks.Length > known.Blocks)
            {
                best[set] = new SharedTrace(shape, blocks.Length);
            }
        }

        return best;
    }

    private static Dictionary<TKey, int[]> SharedBy<TKey>(List<(TKey Key, int Block)> traces, IEqualityComparer<TKey> comparer)
        where TKey : notnull =>
        traces.GroupBy(t => t.Key, t => t.Block, comparer).Select(g => KeyValuePair.Create(g.Key, g.ToArray()))
            .Where(g => g.Value.Length > 1).ToDictionary(comparer);

    /// <summary>By sorting, because a hundred bytes of text make ninety-five grams, most of them met once.</summary>
    private static (ulong, int[])[] SharedBy(ulong[] grams, int[] blocks)
    {
        Array.Sort(grams, blocks);
        var shared = new List<(ulong, int[])>();
        for (int from = 0, to; from < grams.Length; from = to)
        {
            to = from + 1;
            while (to < grams.Length && grams[to] == grams[from])
            {
                to++;
            }

            if (to - from > 1)
            {
                var sharing = blocks[from..to];
                Array.Sort(sharing);
                shared.Add((grams[from], sharing));
            }
        }

        return [.. shared];
    }
}
