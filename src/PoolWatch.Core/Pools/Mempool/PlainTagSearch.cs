using System.Numerics;
using System.Runtime.Intrinsics;

namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Finds all tags that are rows of characters in one pass over a scriptSig.</summary>
/// <remarks>
/// Shift-And of R. Baeza-Yates and G. Gonnet, "A new approach to text searching", CACM 35 (1992), over the first four places of each tag: each place is a
/// bit, set while the tag matches up to there; a byte of the text moves all bits by one and keeps those whose place takes that byte. A vector moves the
/// bits of dozens of tags at once. Where the first places are found the rest is compared.
/// </remarks>
internal sealed class PlainTagSearch
{
    /// <summary>Enough to meet hardly anything by chance.</summary>
    public const int Places = 4;

    private const int TagsInWord = 64 / Places;

    private readonly RuleBook _rules;
    private readonly Group[] _groups;

    public PlainTagSearch(RuleBook rules, IReadOnlyList<(int Rule, PlainTag Tag)> tags)
    {
        _rules = rules;
        _groups = [.. tags.Chunk(TagsInWord * Vector512<ulong>.Count).Select(chunk => new Group(chunk))];
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
        var masks = group.Masks;
        var (state, begins, wanted) = (Vector512<ulong>.Zero, group.Begins, group.Ends);
        for (var i = 0; i < scriptSig.Length; i++)
        {
            state = ((state << 1) | begins) & masks[scriptSig[i]];
            var found = state & wanted;
            if (found != Vector512<ulong>.Zero)
            {
                wanted &= ~Collect(group, found, scriptSig, i, height, ref hits);
            }
        }
    }

    /// <returns>The bits of the tags that are found wholly, so that they are not looked for again.</returns>
    private Vector512<ulong> Collect(Group group, Vector512<ulong> found, ReadOnlySpan<byte> scriptSig, int last, int height, ref Hits hits)
    {
        Span<ulong> done = stackalloc ulong[Vector512<ulong>.Count];
        done.Clear();
        for (var lane = 0; lane < done.Length; lane++)
        {
            for (var bits = found[lane]; bits != 0; bits &= bits - 1)
            {
                var bit = BitOperations.TrailingZeroCount(bits);
                var (rule, tag) = group.Tags[(lane * TagsInWord) + (bit / Places)];
                var start = last - (bit % Places);
                if (tag.IsAt(scriptSig, start))
                {
                    done[lane] |= 1UL << bit;
                    if (_rules.Covers(rule, height))
                    {
                        hits.Add(new Hit(rule, start, 0));
                    }
                }
            }
        }

        return Vector512.Create<ulong>(done);
    }

    /// <summary>As many tags as a vector has room for.</summary>
    private sealed class Group
    {
        public Group((int Rule, PlainTag Tag)[] tags)
        {
            Tags = tags;
            var (masks, begins, ends) = (new ulong[JavaScriptCharacters.Count][], NewWords(), NewWords());
            for (var c = 0; c < masks.Length; c++)
            {
                masks[c] = NewWords();
            }

            for (var i = 0; i < tags.Length; i++)
            {
                var (word, bit) = (i / TagsInWord, i % TagsInWord * Places);
                var places = Math.Min(Places, tags[i].Tag.Length);
                begins[word] |= 1UL << bit;
                ends[word] |= 1UL << (bit + places - 1);
                for (var c = 0; c < masks.Length; c++)
                {
                    for (var place = 0; place < places; place++)
                    {
                        masks[c][word] |= tags[i].Tag.Takes(place, (byte)c) ? 1UL << (bit + place) : 0;
                    }
                }
            }

            (Masks, Begins, Ends) = (Array.ConvertAll(masks, words => Vector512.Create<ulong>(words)), Vector512.Create<ulong>(begins), Vector512.Create<ulong>(ends));
        }

        public (int Rule, PlainTag Tag)[] Tags { get; }

        /// <summary>For each byte the places that take it.</summary>
        public Vector512<ulong>[] Masks { get; }

        /// <summary>The first place of each tag, and the last of those that are looked at.</summary>
        public Vector512<ulong> Begins { get; }

        public Vector512<ulong> Ends { get; }

        private static ulong[] NewWords() => new ulong[Vector512<ulong>.Count];
    }
}
