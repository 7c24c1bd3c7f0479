namespace PoolWatch.Core.Pools;

/// <summary>The pools and the rules by which their blocks are recognized, in the order that decides ties.</summary>
/// <remarks>Immutable. The file format is described in docs/pool-list.md.</remarks>
public sealed class PoolList
{
    /// <summary>The value of the field <c>format</c>.</summary>
    public const string Format = "poolwatch-pool-list/1";

    /// <summary>Most pools that a list may have, so that a pool's position fits 16 bits beside a few reserved values.</summary>
    public const int MaxPools = 65_000;

    /// <summary>Largest file that is read: 16 MiB, some three hundred times the bundled list.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Most bytes that the tags of a list may have together, so that their automaton has 16-bit states.</summary>
    public const int MaxTagBytes = 65_000;

    internal PoolList(IReadOnlyList<Pool> pools)
    {
        Pools = pools;
    }

    /// <summary>The pools, in the order of the file.</summary>
    public IReadOnlyList<Pool> Pools { get; }

    /// <summary>First 16 hexadecimal digits of SHA-256 over <see cref="ToJson"/>: the same content gives the same version.</summary>
    public string Version => throw new NotImplementedException();

    /// <summary>The list that is built into this assembly.</summary>
    public static PoolList LoadBundled() => throw new NotImplementedException();

    /// <summary>Reads a list; UTF-8, with or without byte order mark.</summary>
    /// <exception cref="PoolListException">The text is no valid list; every error is named.</exception>
    public static PoolList Parse(ReadOnlySpan<byte> utf8Json) => throw new NotImplementedException();

    /// <summary>Reads a list to the end of a stream, which stays open.</summary>
    /// <exception cref="PoolListException">The text is no valid list or is larger than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static PoolList Parse(Stream utf8Json) => throw new NotImplementedException();

    /// <summary>The list in canonical form: UTF-8 text, one rule a line, lines end in a line feed; what <see cref="Parse(Stream)"/> reads back.</summary>
    public string ToJson() => throw new NotImplementedException();

    /// <summary>The pool with this slug, or null.</summary>
    public Pool? Find(string slug) => throw new NotImplementedException();
}
