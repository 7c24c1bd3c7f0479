using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary>A pool list in a file: one of ours, an object, or a public one, an array.</summary>
internal static class ListFile
{
    /// <summary>Whether a text is one of the public lists.</summary>
    public static bool IsPublic(ReadOnlySpan<byte> json) => json.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'[', ..];

    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be read.</exception>
    /// <exception cref="PoolListException">It is no list.</exception>
    public static Conversion<PoolList> Read(string path, PublicListKind kind)
    {
        using var stream = File.OpenRead(path);
        var json = PoolList.ReadBytes(stream);
        return IsPublic(json) ? PublicPoolList.Parse(json, kind).ToPoolList() : new Conversion<PoolList>(PoolList.Parse(json), []);
    }
}
