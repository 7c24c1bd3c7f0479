namespace PoolWatch.Core.Pools;

/// <summary>A place where a rule matched.</summary>
/// <param name="Rule">Position of the rule among those of its kind.</param>
/// <param name="Index">Index of the output, or byte offset in the scriptSig.</param>
/// <param name="Value">Satoshi paid; 0 for a tag.</param>
internal readonly record struct Hit(int Rule, int Index, long Value)
{
    /// <summary>The order in which what matched is reported: by place, at one place as in the list.</summary>
    public static int ByPlace(Hit a, Hit b) => a.Index != b.Index ? a.Index.CompareTo(b.Index) : a.Rule.CompareTo(b.Rule);
}

/// <summary>Hits in the memory of the caller's stack; only a coinbase made to provoke it needs more.</summary>
internal ref struct Hits(Span<Hit> room)
{
    private Span<Hit> _room = room;
    private int _count;

    public readonly int Count => _count;

    public readonly Span<Hit> Span => _room[.._count];

    public void Add(Hit hit)
    {
        if (_count == _room.Length)
        {
            var larger = new Hit[2 * _count];
            _room.CopyTo(larger);
            _room = larger;
        }

        _room[_count++] = hit;
    }
}
