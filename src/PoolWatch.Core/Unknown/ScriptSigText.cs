using System.Text;

namespace PoolWatch.Core.Unknown;

/// <summary>The text that a miner left in a scriptSig, without the height, the commitment to merge-mined chains and whatever software writes by itself.</summary>
internal static class ScriptSigText
{
    /// <summary>Consensus allows no more (<c>bad-cb-length</c>).</summary>
    public const int MaxLength = 100;

    /// <summary>Shortest text that two blocks do not share by accident.</summary>
    public const int GramLength = 6;

    private const int FewestOwn = 5;
    private const int FewestLetters = 3;
    private const int MergeMiningLength = 44;
    private const int UuidLength = 36;
    private const int LongestLead = 3;

    private static ReadOnlySpan<byte> MergeMiningMark => [0xfa, 0xbe, 0x6d, 0x6d];

    /// <summary>Takes the shapes and the grams of a scriptSig.</summary>
    /// <returns>
    /// Shapes: <c>&lt;uuid v4&gt;</c> with up to three signs before it. Grams: every six bytes in a row that can be somebody's own text, as a
    /// big-endian number; ascending, each once.
    /// </returns>
    public static (IReadOnlyList<string> Shapes, ulong[] Grams) Read(ReadOnlySpan<byte> scriptSig)
    {
        scriptSig = scriptSig[..Math.Min(scriptSig.Length, MaxLength)];
        Span<bool> usable = stackalloc bool[scriptSig.Length];
        MarkPrintable(scriptSig, usable);
        var shapes = TakeUuids(scriptSig, usable);
        return (shapes, ReadGrams(scriptSig, usable));
    }

    public static bool IsPrintable(byte value) => value is >= 0x20 and < 0x7f;

    /// <summary>The six bytes of a gram.</summary>
    public static byte[] BytesOf(ulong gram) => [.. Enumerable.Range(0, GramLength).Select(i => (byte)(gram >> (8 * (GramLength - 1 - i))))];

    /// <summary>Where the height and the commitment are, nothing is text, even if it looks so.</summary>
    private static void MarkPrintable(ReadOnlySpan<byte> scriptSig, Span<bool> usable)
    {
        for (var i = 0; i < scriptSig.Length; i++)
        {
            usable[i] = IsPrintable(scriptSig[i]);
        }

        if (scriptSig is [<= 8, ..])
        {
            usable[..Math.Min(scriptSig[0] + 1, usable.Length)].Clear();
        }

        var mark = scriptSig.IndexOf(MergeMiningMark);
        if (mark >= 0)
        {
            usable[mark..Math.Min(mark + MergeMiningLength, usable.Length)].Clear();
        }
    }

    private static List<string> TakeUuids(ReadOnlySpan<byte> scriptSig, Span<bool> usable)
    {
        List<string> shapes = [];
        for (var at = 0; at + UuidLength <= scriptSig.Length; at++)
        {
            if (!usable[at] || !IsUuid(scriptSig.Slice(at, UuidLength)))
            {
                continue;
            }

            var lead = at;
            while (lead > 0 && at - lead < LongestLead && usable[lead - 1] && !char.IsAsciiLetterOrDigit((char)scriptSig[lead - 1]))
            {
                lead--;
            }

            var shape = Encoding.ASCII.GetString(scriptSig[lead..at]) + "<uuid v4>";
            if (!shapes.Contains(shape))
            {
                shapes.Add(shape);
            }

            usable[lead..(at + UuidLength)].Clear();
        }

        return shapes;
    }

    /// <summary>RFC 9562, version 4 as text, in either case.</summary>
    private static bool IsUuid(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit((char)text[i]))
            {
                return false;
            }
        }

        return text[14] == '4' && (text[19] | 0x20) is '8' or '9' or 'a' or 'b';
    }

    private static ulong[] ReadGrams(ReadOnlySpan<byte> scriptSig, ReadOnlySpan<bool> usable)
    {
        Span<bool> common = stackalloc bool[scriptSig.Length];
        CommonTexts.Mark(scriptSig, common);
        List<ulong> grams = [];
        for (var at = 0; at + GramLength <= scriptSig.Length; at++)
        {
            var bytes = scriptSig.Slice(at, GramLength);
            if (!usable.Slice(at, GramLength).Contains(false) && IsOwn(bytes, common.Slice(at, GramLength)))
            {
                grams.Add(bytes.ToArray().Aggregate(0UL, (gram, value) => (gram << 8) | value));
            }
        }

        return [.. grams.Distinct().Order()];
    }

    /// <summary>Words and not numbers, hexadecimal digits, fillings or what everybody writes: those meet by accident.</summary>
    private static bool IsOwn(ReadOnlySpan<byte> gram, ReadOnlySpan<bool> common)
    {
        var (own, letters, beyondHex) = (0, 0, false);
        for (var i = 0; i < gram.Length; i++)
        {
            if (common[i])
            {
                continue;
            }

            own++;
            var c = (char)gram[i];
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            beyondHex |= char.IsAsciiLetter(c) && !char.IsAsciiHexDigit(c);
        }

        return own >= FewestOwn && letters >= FewestLetters && beyondHex && DistinctBytes(gram) >= FewestLetters;
    }

    private static int DistinctBytes(ReadOnlySpan<byte> gram)
    {
        var distinct = 0;
        for (var i = 0; i < gram.Length; i++)
        {
            distinct += gram[..i].Contains(gram[i]) ? 0 : 1;
        }

        return distinct;
    }
}
