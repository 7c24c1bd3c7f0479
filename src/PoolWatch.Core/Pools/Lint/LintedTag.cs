using System.Text;
using System.Text.RegularExpressions;
using PoolWatch.Core.Pools.Mempool;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>A tag of any of the three formats, with the way in which its list compares it.</summary>
internal sealed class LintedTag
{
    /// <summary>So many bytes of a scriptSig are nobody's choice: extranonce, time, the hash of merged mining.</summary>
    private const int RandomBytes = 64;

    /// <summary>Characters that make a tag an expression, of which nobody can say what text it is meant for.</summary>
    private const string Operators = "*+?()[]{}|^$";

    /// <summary>What a backslash makes something else of: one of several characters, one by its number, or a place.</summary>
    private const string Escapes = "bBdDwWsSfnrtvcxu01234567";

    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(20);

    /// <summary>Nothing, a character of a word, and one that is of none: more than that no assertion sees.</summary>
    private static readonly byte[][] Surroundings = [[], [(byte)'a'], [0]];

    private readonly TagPattern? _pattern;
    private readonly byte[] _bytes;
    private readonly StringComparison _comparison;

    private readonly LintTime? _time;

    private LintedTag(string pool, int poolIndex, string text, TagPattern? pattern, bool caseSensitive, LintTime? time = null)
    {
        _time = time;
        (Pool, PoolIndex, Text, _pattern) = (pool, poolIndex, text, pattern);
        _comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        _bytes = Encoding.UTF8.GetBytes(pattern is null ? text : Regex.Replace(text, @"\\(.)", "$1", RegexOptions.Singleline));
        InScriptSig = Encoding.Latin1.GetString(_bytes);
    }

    public string Pool { get; }

    public int PoolIndex { get; }

    public string Text { get; }

    /// <summary>Whether it is a regular expression of which nobody can say what text it is meant for.</summary>
    public bool IsPattern { get; private init; }

    /// <summary>Whether it is longer than all that a scriptSig can hold.</summary>
    public bool IsTooLong { get; private init; }

    /// <summary>Whether there is a scriptSig in which it is found.</summary>
    public bool CanMatch { get; private init; }

    /// <summary>Whether programs that backtrack, as JavaScript's do, take too long to look for it.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Whether it has a dot that stands for other characters too.</summary>
    public bool HasOpenDot { get; private init; }

    public int Length => InScriptSig.Length;

    /// <summary>The text that the tag is meant for, one character for each byte of its UTF-8.</summary>
    public string InScriptSig { get; }

    /// <summary>How often random bytes look like it in 100,000 blocks.</summary>
    public double ChanceInHundredThousand =>
        InScriptSig.Aggregate(100_000.0 * RandomBytes, (chance, c) => chance * (char.IsAsciiLetter(c) && _comparison == StringComparison.OrdinalIgnoreCase ? 2 : 1) / 256);

    /// <exception cref="PatternException">A tag of mempool's list is no JavaScript regular expression, or one that <c>mempool/1</c> refuses.</exception>
    public static LintedTag OfMempool(string pool, int poolIndex, string text, LintTime time)
    {
        time.RefuseIfOver();
        var expression = JavaScriptPattern.Parse(text);
        var tooLong = PatternTexts.ShortestMatch(expression) > PatternTexts.Longest;

        // What is too long needs no program, which may have no room for it.
        var pattern = new TagPattern(tooLong ? new JavaScriptPattern.Sequence([]) : expression);
        return new(pool, poolIndex, text, pattern, caseSensitive: false, time)
        {
            IsTooLong = tooLong,
            CanMatch = !tooLong && pattern.CanMatch(),
            IsPattern = HasUnescaped(text, Operators, Escapes),
            HasOpenDot = HasUnescaped(text, ".", ""),
        };
    }

    public static LintedTag OfPlainText(string pool, int poolIndex, string text, bool caseSensitive)
    {
        var tooLong = Encoding.UTF8.GetByteCount(text) > PatternTexts.Longest;
        return new(pool, poolIndex, text, null, caseSensitive) { IsTooLong = tooLong, CanMatch = !tooLong };
    }

    /// <summary>Whether it is found in the text of another tag, or in its own, if nothing else is in the scriptSig.</summary>
    public bool IsFoundIn(LintedTag other) => CanMatch && (_pattern is null ? other.InScriptSig.Contains(InScriptSig, _comparison) : IsPatternIn(other._bytes, 0, other._bytes.Length));

    /// <summary>Whether it is found in the text of another tag whatever is before and behind that: <c>$</c> and <c>\b</c> are not where they are in the text alone.</summary>
    public bool IsFoundWherever(LintedTag other) => IsFoundIn(other) && (_pattern is null || Surroundings.All(before => Surroundings.All(behind =>
        IsPatternIn([.. before, .. other._bytes, .. behind], before.Length, before.Length + other._bytes.Length))));

    /// <summary>Looks for it in scriptSigs that hold nothing but one of its own characters: the worst that a miner can do to nested repetitions.</summary>
    public void Probe()
    {
        if (IsPattern && Backtracking() is { } backtracking)
        {
            IsSlow = InScriptSig.Where(char.IsAsciiLetterOrDigit).Distinct().Take(8).Any(c => IsSlowIn(backtracking, new string(c, PoolList.MaxTagLength) + '\0'));
        }
    }

    public override string ToString() => $"\"{Text}\" of {Pool}";

    private bool IsPatternIn(byte[] text, int from, int to)
    {
        _time?.RefuseIfOver();
        return _pattern!.IsIn(text, from, to);
    }

    private bool IsSlowIn(Regex backtracking, string scriptSig)
    {
        try
        {
            _time?.RefuseIfOver();
            _ = backtracking.IsMatch(scriptSig);
            return false;
        }
        catch (RegexMatchTimeoutException)
        {
            return true;
        }
    }

    /// <summary>The tag as .NET reads it, which backtracks where JavaScript does; null where it reads less than JavaScript.</summary>
    private Regex? Backtracking()
    {
        try
        {
            return new Regex(Text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, LongestMatch);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool HasUnescaped(string text, string characters, string escapes)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var sought = text[i] == '\\' ? escapes : characters;
            i += text[i] == '\\' ? 1 : 0;
            if (i < text.Length && sought.Contains(text[i], StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
