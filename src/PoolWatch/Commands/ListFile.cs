using System.Text;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary>A pool list in a file: one of ours, an object, or a public one, an array.</summary>
internal static class ListFile
{
    /// <summary>The public lists by the names that <c>--as</c> takes.</summary>
    public static IReadOnlyDictionary<string, PublicListKind> Kinds { get; } =
        new Dictionary<string, PublicListKind>(StringComparer.Ordinal) { ["mempool"] = PublicListKind.Mempool, ["bitcoin-data"] = PublicListKind.BitcoinData };

    /// <summary>Whether a text is one of the public lists.</summary>
    public static bool IsPublic(ReadOnlySpan<byte> json) => json.TrimStart("\uFEFF \t\r\n"u8) is [(byte)'[', ..];

    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be read.</exception>
    /// <exception cref="PoolListException">It is no list.</exception>
    public static Conversion<PoolList> Read(string path, PublicListKind kind)
    {
        var json = ReadBytes(path);
        return IsPublic(json) ? PublicPoolList.Parse(json, kind).ToPoolList() : new Conversion<PoolList>(PoolList.Parse(json), []);
    }

    /// <exception cref="PoolListException">It is larger than any list may be.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file can't be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        using var stream = File.OpenRead(path);
        return PoolList.ReadBytes(stream);
    }

    /// <summary>Writes a file whole or not at all, whatever ends the program meanwhile; without a path to standard output.</summary>
    public static void Write(string? path, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (path is null)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(bytes);
            return;
        }

        // A link stays a link. Devices and pipes, which have no length or are links to nothing that has a path, are written into and not replaced.
        var link = new FileInfo(path) is { LinkTarget: not null } given ? given.ResolveLinkTarget(returnFinalTarget: true) as FileInfo : null;
        if (link is { Exists: false } || (link ?? new FileInfo(path)) is { Exists: true, Length: 0 })
        {
            using var device = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
            device.Write(bytes);
            return;
        }

        var target = link?.FullName ?? path;
        var temporary = $"{target}.{Guid.NewGuid():n}.tmp";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            if (File.Exists(target) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
