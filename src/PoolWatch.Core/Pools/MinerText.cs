using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace PoolWatch.Core.Pools;

/// <summary>The miner within a pool, where the pool writes one into the scriptSig in a form of its own.</summary>
/// <remarks>
/// Text that anybody may have chosen: data for people, never a label of a metric, a key or a path. The forms are known by the pool's slug; a list that
/// names these pools otherwise gets no names.
/// </remarks>
public static class MinerText
{
    private const int MaxLength = 100;

    /// <summary>Reads the names.</summary>
    /// <param name="pool">The pool that the block is attributed to, or null.</param>
    /// <param name="scriptSig">The scriptSig of the coinbase; no more of it than the hundred bytes that one can have are looked at.</param>
    /// <returns>
    /// Nearly always none or one. OCEAN (DATUM): all texts that its template has between separators, cleaned as mempool.space cleans them, so that the first is
    /// the pool's own, the second the miner's, and some may be empty; DMND: all parts of its tag. Printable characters only. None if there is no pool, the pool
    /// has no such form, or the text does not have it.
    /// </returns>
    public static IReadOnlyList<string> Read(Pool? pool, ReadOnlySpan<byte> scriptSig)
    {
        scriptSig = scriptSig[..Math.Min(scriptSig.Length, MaxLength)];
        return pool?.Slug switch
        {
            null => [],
            "ocean" => ReadDatum(scriptSig),
            "dmnd" => ReadDmnd(scriptSig),
            "antpool" => One(ReadAntPool(scriptSig)),
            "foundryusa" => One(TextBehind(scriptSig, "Foundry USA Pool #"u8, slashEnds: true)),
            "viabtc" or "f2pool" => One(ReadMinedBy(scriptSig, slashEnds: false)),
            var slug => One(OtherThan(slug, ReadMinedBy(scriptSig, slashEnds: true))),
        };
    }

    /// <summary><c>/ViaBTC/Mined by leehoo4444/</c>; F2Pool pads with zeros instead.</summary>
    private static string ReadMinedBy(ReadOnlySpan<byte> scriptSig, bool slashEnds)
    {
        var at = scriptSig.IndexOf("ined by "u8);
        return at > 0 && (scriptSig[at - 1] | 0x20) == 'm' ? TextBehind(scriptSig[at..], "ined by "u8, slashEnds) : "";
    }

    /// <summary>Many pools write <c>Mined by</c> with their own name.</summary>
    private static string OtherThan(string slug, string text) => PoolSlug.FromName(text).StartsWith(slug, StringComparison.Ordinal) ? "" : text;

    /// <summary>
    /// <c>Mined by AntPool753</c>, and then bytes that mean nothing and may look like letters. What can be told from them: up to three digits; in older blocks
    /// <c>bj</c> with digits, or letters and digits before a slash.
    /// </summary>
    private static string ReadAntPool(ReadOnlySpan<byte> scriptSig)
    {
        var at = scriptSig.IndexOf(" AntPool"u8);
        var rest = at < 0 ? [] : scriptSig[(at + " AntPool"u8.Length)..];
        var digits = Count(rest, char.IsAsciiDigit);
        if (digits > 0)
        {
            return Encoding.ASCII.GetString(rest[..Math.Min(digits, 3)]);
        }

        rest = rest.StartsWith(" "u8) ? rest[1..] : rest;
        var name = Count(rest, char.IsAsciiLetterOrDigit);
        if (name < rest.Length && rest[name] == '/')
        {
            return Encoding.ASCII.GetString(rest[..name]);
        }

        var turns = rest.StartsWith("bj"u8) ? Math.Min(Count(rest[2..], char.IsAsciiDigit), 2) : 0;
        return turns == 0 ? "" : Encoding.ASCII.GetString(rest[..(2 + turns)]);
    }

    /// <summary>Text up to a slash or to what is no text.</summary>
    /// <param name="scriptSig">Where to look.</param>
    /// <param name="prefix">What stands before it.</param>
    /// <param name="slashEnds">Whether it counts only if a slash ends it.</param>
    private static string TextBehind(ReadOnlySpan<byte> scriptSig, ReadOnlySpan<byte> prefix, bool slashEnds)
    {
        var at = scriptSig.IndexOf(prefix);
        var rest = at < 0 ? [] : scriptSig[(at + prefix.Length)..];
        var length = Count(rest, c => c is >= ' ' and <= '~' and not '/');
        return slashEnds && (length == rest.Length || rest[length] != '/') ? "" : Encoding.ASCII.GetString(rest[..length].Trim((byte)' '));
    }

    /// <summary>
    /// A push with the texts parted by 0x0F follows the push of the height. Of each only ASCII letters, digits and blanks stay, as mempool.space has it.
    /// </summary>
    private static string[] ReadDatum(ReadOnlySpan<byte> scriptSig)
    {
        var rest = BehindHeight(scriptSig);
        const byte pushData1 = 0x4C;
        rest = rest.StartsWith([pushData1]) ? rest[1..] : rest;
        if (rest.Length < 2)
        {
            return [];
        }

        var names = Encoding.Latin1.GetString(rest[1..Math.Min(1 + rest[0], rest.Length)]).Split('\x0F');
        var clean = Array.ConvertAll(names, name => string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c == ' ')));
        return clean.All(name => name.Length == 0) ? [] : clean;
    }

    /// <summary>A zero, <c>/DMND/name/</c> and another zero follow the push of the height.</summary>
    private static string[] ReadDmnd(ReadOnlySpan<byte> scriptSig)
    {
        var rest = BehindHeight(scriptSig);
        var end = rest.IsEmpty ? -1 : rest[1..].IndexOf((byte)0);
        if (end < 0 || rest[0] != 0 || !Utf8.IsValid(rest[1..(end + 1)]))
        {
            return [];
        }

        var parts = Encoding.UTF8.GetString(rest[1..(end + 1)]).Split('/');
        return parts.Length < 3 ? [] : Array.ConvertAll(parts[1..^1], Printable);
    }

    private static ReadOnlySpan<byte> BehindHeight(ReadOnlySpan<byte> scriptSig) =>
        scriptSig.IsEmpty || 1 + scriptSig[0] > scriptSig.Length ? [] : scriptSig[(1 + scriptSig[0])..];

    /// <summary>Without marks that turn the direction of text, line ends and whatever else has no shape.</summary>
    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));

    private static int Count(ReadOnlySpan<byte> text, Func<char, bool> take)
    {
        var count = 0;
        while (count < text.Length && take((char)text[count]))
        {
            count++;
        }

        return count;
    }

    private static string[] One(string name) => name.Length == 0 ? [] : [name];
}
