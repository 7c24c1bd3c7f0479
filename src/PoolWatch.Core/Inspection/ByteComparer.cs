namespace PoolWatch.Core.Inspection;

/// <summary>Compares by content. The hash is seeded anew in each process: nobody can prepare scripts that collide.</summary>
internal sealed class ByteComparer : IEqualityComparer<ReadOnlyMemory<byte>>
{
    public static readonly ByteComparer Instance = new();

    public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) => x.Span.SequenceEqual(y.Span);

    public int GetHashCode(ReadOnlyMemory<byte> obj)
    {
        var hash = default(HashCode);
        hash.AddBytes(obj.Span);
        return hash.ToHashCode();
    }
}
