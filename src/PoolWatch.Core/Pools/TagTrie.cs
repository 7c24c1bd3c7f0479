using System.Numerics;

namespace PoolWatch.Core.Pools;

/// <summary>The tree of all folded tags, from which the transitions of <see cref="TagAutomaton"/> are made.</summary>
internal sealed class TagTrie
{
    private const int None = -1;

    private readonly List<int[]> _children = [];
    private readonly List<List<int>> _ending = [];

    public TagTrie(byte[][] tags)
    {
        var classes = 1;
        foreach (var value in tags.SelectMany(tag => tag).Select(TagText.Fold))
        {
            if (ClassOf[value] == 0)
            {
                ClassOf[value] = (byte)classes++;
            }
        }

        for (var c = 'A'; c <= 'Z'; c++)
        {
            ClassOf[c] = ClassOf[TagText.Fold((byte)c)];
        }

        Shift = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)classes));
        AddState();
        for (var tag = 0; tag < tags.Length; tag++)
        {
            Insert(tags[tag], tag);
        }
    }

    /// <summary>Bytes that stand in no tag share class 0, the two cases of a letter share one.</summary>
    public byte[] ClassOf { get; } = new byte[256];

    /// <summary>The table has 2^Shift columns.</summary>
    public int Shift { get; }

    /// <summary>Numbers the states, those in which a tag ends last, and completes their transitions.</summary>
    /// <returns>Transitions, the first state with an end, and for each of those its tags and the end of the next shorter tag.</returns>
    public (ushort[] Next, int FirstEnd, int[][] Ending, int[] ShorterEnd) Compile()
    {
        var order = AddFailures(out var shorter);
        var ends = order.Where(state => _ending[state].Count > 0 || shorter[state] != None).ToArray();
        int[] numbered = [.. order.Except(ends), .. ends];
        var firstEnd = numbered.Length - ends.Length;
        var number = new int[numbered.Length];
        for (var i = 0; i < numbered.Length; i++)
        {
            number[numbered[i]] = i;
        }

        var next = new ushort[numbered.Length << Shift];
        for (var i = 0; i < numbered.Length; i++)
        {
            var children = _children[numbered[i]];
            for (var c = 0; c < children.Length; c++)
            {
                next[(i << Shift) | c] = (ushort)number[children[c]];
            }
        }

        return (next, firstEnd, Array.ConvertAll(ends, state => _ending[state].ToArray()),
            Array.ConvertAll(ends, state => shorter[state] == None ? None : number[shorter[state]] - firstEnd));
    }

    /// <summary>Completes the transitions: where a tag can't go on, the longest suffix that begins a tag does.</summary>
    /// <returns>The states from the root outwards.</returns>
    private List<int> AddFailures(out int[] shorter)
    {
        var failure = new int[_children.Count];
        shorter = new int[_children.Count];
        shorter[0] = None;
        List<int> order = [0];
        for (var i = 0; i < order.Count; i++)
        {
            var state = order[i];
            var (children, fallback) = (_children[state], _children[failure[state]]);
            for (var c = 0; c < children.Length; c++)
            {
                var child = children[c];
                if (child == 0)
                {
                    children[c] = state == 0 ? 0 : fallback[c];
                    continue;
                }

                var suffix = state == 0 ? 0 : fallback[c];
                failure[child] = suffix;
                shorter[child] = _ending[suffix].Count > 0 ? suffix : shorter[suffix];
                order.Add(child);
            }
        }

        return order;
    }

    private void Insert(byte[] tag, int number)
    {
        var state = 0;
        foreach (var value in tag)
        {
            ref var child = ref _children[state][ClassOf[value]];
            if (child == 0)
            {
                child = _children.Count;
                AddState();
            }

            state = child;
        }

        _ending[state].Add(number);
    }

    private void AddState()
    {
        _children.Add(new int[1 << Shift]);
        _ending.Add([]);
    }
}
