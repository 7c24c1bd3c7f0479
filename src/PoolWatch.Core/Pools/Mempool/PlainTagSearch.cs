using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Finds all tags that are rows of characters in one pass over a scriptSig.</summary>
/// <remarks>
/// Shift-And of R. Baeza-Yates and G. Gonnet, "A new approach to text searching", CACM 35 (1992): each place of each tag is a bit, set while the
/// tag matches up to there; a byte of the text moves all bits by one and keeps those whose place takes that byte. A tag lies within one 64-bit word,
/// so nothing is carried from one word to the next, and a vector moves several words at once.
/// </remarks>
internal sealed class PlainTagSearch
{
    /// <summary>A tag has to fit a word.</summary>
    public const int MaxLength = 64;

    private readonly RuleBook _rules;
    private readonly Group[] _groups;

    public PlainTagSearch(RuleBook rules, IReadOnlyList<(int Rule, PlainTag Tag)> tags)
    {
        _rules = rules;
        List<Word> words = [];
        foreach (var (rule, tag) in tags)
        {
            if (words.Count == 0 || !words[^1].TryAdd(rule, tag))
            {
                words.Add(new Word());
                words[^1].TryAdd(rule, tag);
            }
        }

        _groups = [.. words.Chunk(Vector<ulong>.Count).Select(chunk => new Group(chunk))];
    }

    /// <summary>Collects one hit for each tag that is found, with its first place.</summary>
    public void Find(ReadOnlySpan<byte> scriptSig, int height, ref Hits hits)
    {
        foreach (var group in _groups)
        {
            Find(group, scriptSig, height, ref hits);
        }
    }

    private void Find(Group group, ReadOnlySpan<byte> scriptSig, int height, ref Hits hits)
    {
        ref var masks = ref MemoryMarshal.GetArrayDataReference(group.Masks);
        var (state, begin, wanted) = (Vector<ulong>.Zero, group.FirstBegin, group.Ends);
        for (var i = 0; i < scriptSig.Length; i++)
        {
            state = ((state << 1) | begin) & Unsafe.Add(ref masks, (int)scriptSig[i]);
            begin = group.Begin;
            var found = state & wanted;
            if (found != Vector<ulong>.Zero)
            {
                Collect(group, found, i, height, ref hits);
                wanted &= ~found;
            }
        }

        Collect(group, state & group.LastEnds, scriptSig.Length - 1, height, ref hits);
    }

    private void Collect(Group group, Vector<ulong> found, int last, int height, ref Hits hits)
    {
        for (var lane = 0; lane < Vector<ulong>.Count; lane++)
        {
            for (var bits = found[lane]; bits != 0; bits &= bits - 1)
            {
                var (rule, length) = group.Tags[lane][BitOperations.TrailingZeroCount(bits)];
                if (_rules.Covers(rule, height))
                {
                    hits.Add(new Hit(rule, last - length + 1, 0));
                }
            }
        }
    }

    /// <summary>As many words as a vector has, each with its own tags.</summary>
    private sealed class Group(Word[] words)
    {
        /// <summary>For each byte the places that take it.</summary>
        public readonly Vector<ulong>[] Masks = [.. Enumerable.Range(0, JavaScriptCharacters.Count).Select(c => Pack(words, word => word.Masks[c]))];
        public readonly Vector<ulong> FirstBegin = Pack(words, word => word.FirstBegin);
        public readonly Vector<ulong> Begin = Pack(words, word => word.Begin);
        public readonly Vector<ulong> Ends = Pack(words, word => word.Ends);
        public readonly Vector<ulong> LastEnds = Pack(words, word => word.LastEnds);

        /// <summary>For each bit of each word at which a tag ends, the tag.</summary>
        public readonly (int Rule, int Length)[][] Tags = Array.ConvertAll(words, word => word.Tags);

        private static Vector<ulong> Pack(Word[] words, Func<Word, ulong> value)
        {
            Span<ulong> lanes = stackalloc ulong[Vector<ulong>.Count];
            for (var i = 0; i < words.Length; i++)
            {
                lanes[i] = value(words[i]);
            }

            return new Vector<ulong>(lanes);
        }
    }

    private sealed class Word
    {
        private int _used;

        public ulong[] Masks { get; } = new ulong[JavaScriptCharacters.Count];

        /// <summary>Where tags begin at the first byte of a text, and at any later one.</summary>
        public ulong FirstBegin { get; private set; }

        public ulong Begin { get; private set; }

        /// <summary>Where tags end that may end anywhere, and those that have to end with the text.</summary>
        public ulong Ends { get; private set; }

        public ulong LastEnds { get; private set; }

        public (int Rule, int Length)[] Tags { get; } = new (int, int)[MaxLength];

        public bool TryAdd(int rule, PlainTag tag)
        {
            // The last place of the tag before moves onto the first of this one, where it must not begin a tag that begins only at the start.
            var (at, length) = (_used + (tag.AtStart && _used > 0 ? 1 : 0), tag.Characters.Count);
            if (at + length > MaxLength)
            {
                return false;
            }

            for (var place = 0; place < length; place++)
            {
                for (var c = 0; c < JavaScriptCharacters.Count; c++)
                {
                    Masks[c] |= tag.Characters[place][c] ? 1UL << (at + place) : 0;
                }
            }

            var (first, last) = (1UL << at, 1UL << (at + length - 1));
            FirstBegin |= first;
            Begin |= tag.AtStart ? 0 : first;
            Ends |= tag.AtEnd ? 0 : last;
            LastEnds |= tag.AtEnd ? last : 0;
            Tags[at + length - 1] = (rule, length);
            _used = at + length;
            return true;
        }
    }
}
