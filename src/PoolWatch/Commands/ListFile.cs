using System.Text;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary>A pool list in a file: one of ours, an object, or a public one, an array.</summary>
internal static class ListFile
{
    /// <summary>The public lists by the names that <c>--as</c> takes.</summary>
    public static IReadOnlyDictionary<string, PublicListKind> Kinds { get; } =
        new Dictionary<string, PublicListKind>(StringComparer.Ordinal) { ["mempool"] = PublicListKind.Mempool, ["bitcoin-data"] = PublicListKind.BitcoinData };

    /// <summary>The option that says which of the public lists a file is.</summary>
    public const string As = "as";

    /// <summary>The list that <c>--as</c> names; mempool's without it.</summary>
    public static PublicListKind KindOf(CommandArguments arguments) => Kinds[arguments[As] ?? "mempool"];

    /// <summary>What is wrong with the name that <c>--as</c> gives.</summary>
    /// <param name="arguments">Of the command.</param>
    /// <param name="others">Names beside those of the public lists.</param>
    public static IEnumerable<string> KindErrors(CommandArguments arguments, params string[] others) =>
        arguments[As] is { Length: > 0 } form && !Kinds.ContainsKey(form) && !others.Contains(form)
            ? [$"--as is '{form}'; it must be {string.Join(" or ", [.. others, .. Kinds.Keys])}."]
            : [];

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
        using var output = OutputFile.Open(path);
        output.Stream.Write(Encoding.UTF8.GetBytes(text));
        output.Complete();
    }
}
