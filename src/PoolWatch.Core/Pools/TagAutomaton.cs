using System.Text;

namespace PoolWatch.Core.Pools;

/// <summary>Finds the tags of all pools in one pass over a scriptSig.</summary>
/// <remarks>
/// The automaton of A. Aho and M. Corasick, "Efficient string matching: an aid to bibliographic search", CACM 18 (1975), over bytes whose
/// ASCII letters are folded, as one table of transitions. Tags that want their own case are compared again where the automaton meets them.
/// States in which a tag ends have the highest numbers, so that the common step is one comparison.
/// </remarks>
internal sealed class TagAutomaton
{
    private const int None = -1;

    private readonly RuleBook _rules;
    private readonly byte[][] _text;
    private readonly bool[] _caseSensitive;
    private readonly byte[] _classOf;
    private readonly int _shift;
    private readonly ushort[] _next;
    private readonly int _firstEnd;
    private readonly int[][] _ending;
    private readonly int[] _shorterEnd;

    public TagAutomaton(RuleBook rules)
    {
        _rules = rules;
        var all = Enumerable.Range(0, rules.Count);
        _text = [.. all.Select(rule => Encoding.UTF8.GetBytes(rules[rule].Text))];
        _caseSensitive = [.. all.Select(rule => TagText.IsCaseSensitive(rules[rule]))];

        var trie = new TagTrie(_text);
        _classOf = trie.ClassOf;
        _shift = trie.Shift;
        (_next, _firstEnd, _ending, _shorterEnd) = trie.Compile();
    }

    /// <summary>Length of a tag in bytes.</summary>
    public int LengthOf(int rule) => _text[rule].Length;

    /// <summary>Collects a hit for every place where a tag stands, in the order of where they end.</summary>
    public void Find(ReadOnlySpan<byte> scriptSig, int height, ref Hits hits)
    {
        var (next, classOf, shift, firstEnd) = (_next, _classOf, _shift, _firstEnd);
        var state = 0;
        for (var i = 0; i < scriptSig.Length; i++)
        {
            state = next[(state << shift) | classOf[scriptSig[i]]];
            if (state >= firstEnd)
            {
                Collect(scriptSig[..(i + 1)], state - firstEnd, height, ref hits);
            }
        }
    }

    private void Collect(ReadOnlySpan<byte> read, int end, int height, ref Hits hits)
    {
        for (; end != None; end = _shorterEnd[end])
        {
            foreach (var rule in _ending[end])
            {
                var text = _text[rule];
                if (_rules.Covers(rule, height) && (!_caseSensitive[rule] || read.EndsWith(text)))
                {
                    hits.Add(new Hit(rule, read.Length - text.Length, 0));
                }
            }
        }
    }
}
