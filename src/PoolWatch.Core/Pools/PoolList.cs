using System.Security.Cryptography;
using System.Text;

namespace PoolWatch.Core.Pools;

/// <summary>The pools and the rules by which their blocks are recognized, in the order that decides ties.</summary>
/// <remarks>Immutable. The file format is described in docs/pool-list.md.</remarks>
public sealed class PoolList
{
    /// <summary>The value of the field <c>format</c>.</summary>
    public const string Format = "poolwatch-pool-list/1";

    /// <summary>Most pools that a list may have, so that a pool's position fits 16 bits beside a few reserved values.</summary>
    public const int MaxPools = 32_000;

    /// <summary>Largest file that is read: 16 MiB, some three hundred times the bundled list.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Longest tag in bytes of UTF-8: a scriptSig has no more (consensus rule <c>bad-cb-length</c>).</summary>
    public const int MaxTagLength = 100;

    /// <summary>Most bytes that the tags of a list may have together, so that their automaton has 16-bit states.</summary>
    public const int MaxTagBytes = 65_000;

    /// <summary>Most addresses that the pools of a list may have together, some hundred times those of the bundled list: each is decoded.</summary>
    public const int MaxAddresses = 32_000;

    private const string BundledResource = "pool-list.json";

    private readonly Dictionary<string, Pool> _bySlug;

    internal PoolList(IReadOnlyList<Pool> pools)
    {
        Pools = pools;
        _bySlug = pools.ToDictionary(pool => pool.Slug, StringComparer.Ordinal);
        Version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToJson())))[..16];
    }

    /// <summary>The pools, in the order of the file.</summary>
    public IReadOnlyList<Pool> Pools { get; }

    /// <summary>First 16 hexadecimal digits of SHA-256 over <see cref="ToJson"/>.</summary>
    /// <remarks>The same content in the same order gives the same version, however the file is laid out.</remarks>
    public string Version { get; }

    /// <summary>The list that is built into this assembly. Reads it anew at each call.</summary>
    public static PoolList LoadBundled()
    {
        using var resource = typeof(PoolList).Assembly.GetManifestResourceStream(BundledResource)
            ?? throw new InvalidOperationException($"The assembly was built without its resource {BundledResource}.");
        return Parse(resource);
    }

    /// <summary>Reads a list: UTF-8, with or without byte order mark.</summary>
    /// <exception cref="PoolListException">The text is no valid list; every error is named, up to a hundred.</exception>
    public static PoolList Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > MaxBytes)
        {
            throw TooLarge();
        }

        var reader = new PoolListReader();
        var pools = reader.Read(utf8Json);
        return reader.Errors.Count == 0 ? new PoolList(pools) : throw new PoolListException(reader.Errors);
    }

    /// <summary>Reads a list to the end of a stream, which stays open.</summary>
    /// <exception cref="PoolListException">The text is no valid list, or is larger than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static PoolList Parse(Stream utf8Json) => Parse(ReadBytes(utf8Json));

    /// <summary>Reads a stream to its end; it stays open.</summary>
    /// <exception cref="PoolListException">There is more than <see cref="MaxBytes"/>.</exception>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static byte[] ReadBytes(Stream utf8Json)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = utf8Json.Read(buffer)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > MaxBytes)
            {
                throw TooLarge();
            }
        }

        return content.ToArray();
    }

    /// <summary>The list in canonical form: one rule a line, lines end in a line feed.</summary>
    /// <remarks><see cref="Parse(Stream)"/> reads the UTF-8 bytes of it back.</remarks>
    public string ToJson() => PoolListWriter.Write(Pools);

    /// <summary>One entry of <c>pools</c> in the form that it has in <see cref="ToJson"/>, to be put into a list.</summary>
    public static string EntryToJson(Pool pool) => PoolListWriter.WriteEntry(pool);

    /// <summary>The pool with this slug, or null.</summary>
    public Pool? Find(string slug) => _bySlug.GetValueOrDefault(slug);

    internal static PoolListException TooLarge() => new([$"The list is larger than {MaxBytes} bytes, the most that is read."]);
}
