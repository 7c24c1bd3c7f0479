using System.Text;
using System.Text.RegularExpressions;
using PoolWatch.Core.Pools.Mempool;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>A tag of any of the three formats, with the way in which its list compares it.</summary>
internal sealed class LintedTag
{
    /// <summary>So many bytes of a scriptSig are nobody's choice: extranonce, time, the hash of merged mining.</summary>
    private const int RandomBytes = 64;

    private const string Operators = "*+?()[]{}|";
    private const string Metacharacters = $".^${Operators}";
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(20);

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
        IsPattern = pattern is not null && Unescaped(Operators).Any();
    }

    public string Pool { get; }

    public int PoolIndex { get; }

    public string Text { get; }

    /// <summary>Whether it is a regular expression of which nobody can say what text it is meant for.</summary>
    public bool IsPattern { get; }

    /// <summary>Whether programs that backtrack, as JavaScript's do, take too long to look for it.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Characters that a regular expression takes for something else than themselves.</summary>
    public string Unmeant => _pattern is null ? "" : string.Concat(Unescaped(Metacharacters).Distinct());

    public int Length => InScriptSig.Length;

    /// <summary>The text that the tag is meant for, one character for each byte of its UTF-8.</summary>
    public string InScriptSig { get; }

    /// <summary>How often random bytes look like it in 100,000 blocks.</summary>
    public double ChanceInHundredThousand =>
        InScriptSig.Aggregate(100_000.0 * RandomBytes, (chance, c) => chance * (char.IsAsciiLetter(c) && _comparison == StringComparison.OrdinalIgnoreCase ? 2 : 1) / 256);

    /// <exception cref="PatternException">A tag of mempool's list is no JavaScript regular expression, or one that <c>mempool/1</c> refuses.</exception>
    public static LintedTag OfMempool(string pool, int poolIndex, string text, LintTime time) =>
        new(pool, poolIndex, text, new TagPattern(text), caseSensitive: false, time);

    public static LintedTag OfPlainText(string pool, int poolIndex, string text, bool caseSensitive) => new(pool, poolIndex, text, null, caseSensitive);

    /// <summary>Whether it is found in the text of another tag, or in its own.</summary>
    public bool IsFoundIn(LintedTag other) => _pattern is null ? other.InScriptSig.Contains(InScriptSig, _comparison) : IsPatternIn(other);

    /// <summary>Looks for it in scriptSigs that hold nothing but one of its own characters: the worst that a miner can do to nested repetitions.</summary>
    public void Probe()
    {
        if (IsPattern && Backtracking() is { } backtracking)
        {
            IsSlow = InScriptSig.Where(char.IsAsciiLetterOrDigit).Distinct().Take(8).Any(c => IsSlowIn(backtracking, new string(c, PoolList.MaxTagLength) + '\0'));
        }
    }

    public override string ToString() => $"\"{Text}\" of {Pool}";

    private bool IsPatternIn(LintedTag other)
    {
        _time?.RefuseIfOver();
        return _pattern!.IsIn(other._bytes);
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

    private IEnumerable<char> Unescaped(string characters)
    {
        for (var i = 0; i < Text.Length; i++)
        {
            if (Text[i] == '\\')
            {
                i++;
            }
            else if (characters.Contains(Text[i], StringComparison.Ordinal))
            {
                yield return Text[i];
            }
        }
    }
}
