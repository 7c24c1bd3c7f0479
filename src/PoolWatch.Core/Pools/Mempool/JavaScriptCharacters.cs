namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Which characters of Latin-1 a set of characters matches when JavaScript ignores case without the flag <c>u</c>.</summary>
/// <remarks>
/// ECMAScript 2024, 22.2.2.7.3: two characters are the same if their upper case is, where a character whose upper case is several characters
/// stays itself (<c>ß</c>), and one beyond ASCII never becomes ASCII (<c>ſ</c> is no <c>s</c>, the Kelvin sign no <c>k</c>). Independent of any culture.
/// </remarks>
internal static class JavaScriptCharacters
{
    /// <summary>As many characters as Latin-1 has.</summary>
    public const int Count = 256;

    /// <summary>The characters beyond Latin-1 that have the upper case of one within: both Greek letters my, and the capital of ÿ.</summary>
    private static readonly int[] BeyondLatin1 = [0x39C, 0x3BC, 0x178];

    /// <summary>What a set of characters matches.</summary>
    public static bool[] Match(Func<int, bool> contains)
    {
        var matches = new bool[Count];
        for (var c = 0; c < Count; c++)
        {
            matches[c] = contains(c) || contains(OtherCase(c));
        }

        foreach (var c in BeyondLatin1.Where(contains))
        {
            matches[SameIn(c)] = true;
        }

        return matches;
    }

    /// <summary>What a single character matches.</summary>
    public static bool[] Match(int c)
    {
        var matches = new bool[Count];
        if (c < Count)
        {
            matches[c] = matches[OtherCase(c)] = true;
        }
        else if (BeyondLatin1.Contains(c))
        {
            matches[SameIn(c)] = true;
        }

        return matches;
    }

    public static bool[] MatchAllBut(Func<int, bool> contains) => Array.ConvertAll(Match(contains), matches => !matches);

    public static bool IsDigit(int c) => c is >= '0' and <= '9';

    public static bool IsWord(int c) => c is (>= '0' and <= '9') or (>= 'A' and <= 'Z') or '_' or (>= 'a' and <= 'z');

    /// <summary>White space and line ends of Latin-1; none of the others has a case.</summary>
    public static bool IsSpace(int c) => c is (>= '\t' and <= '\r') or ' ' or '\xA0';

    /// <summary>What <c>.</c> does not match.</summary>
    public static bool IsLineEnd(int c) => c is '\n' or '\r';

    private static int OtherCase(int c) => c switch
    {
        (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => c ^ 0x20,
        0xD7 or 0xF7 or 0xDF or 0xFF => c, // × and ÷ have no case, ß and ÿ none in Latin-1
        >= 0xC0 => c ^ 0x20,
        _ => c,
    };

    private static int SameIn(int beyondLatin1) => beyondLatin1 == 0x178 ? 0xFF : 0xB5;
}
