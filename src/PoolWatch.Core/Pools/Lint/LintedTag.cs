using System.Text;
using System.Text.RegularExpressions;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>A tag of any of the three formats, with the way in which its list compares it.</summary>
internal sealed class LintedTag
{
    /// <summary>So many bytes of a scriptSig are nobody's choice: extranonce, time, the hash of merged mining.</summary>
    private const int RandomBytes = 64;

    private const string Operators = "*+?()[]{}|";
    private const string Metacharacters = $".^${Operators}";
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(20);

    private readonly Regex? _pattern;
    private readonly StringComparison _comparison;

    private readonly LintTime? _time;

    private LintedTag(string pool, int poolIndex, string text, Regex? pattern, bool caseSensitive, LintTime? time = null)
    {
        _time = time;
        (Pool, PoolIndex, Text, _pattern) = (pool, poolIndex, text, pattern);
        _comparison = caseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        var meant = pattern is null ? text : Regex.Replace(text, @"\\(.)", "$1", RegexOptions.Singleline);
        InScriptSig = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(meant));
        IsPattern = pattern is not null && Unescaped(Operators).Any();
    }

    public string Pool { get; }

    public int PoolIndex { get; }

    public string Text { get; }

    /// <summary>Whether it is a regular expression of which nobody can say what text it is meant for.</summary>
    public bool IsPattern { get; }

    /// <summary>Whether it took too long to look for; it is not looked for again.</summary>
    public bool IsSlow { get; private set; }

    /// <summary>Characters that a regular expression takes for something else than themselves.</summary>
    public string Unmeant => _pattern is null ? "" : string.Concat(Unescaped(Metacharacters).Distinct());

    public int Length => InScriptSig.Length;

    /// <summary>The text that the tag is meant for, one character for each byte of its UTF-8.</summary>
    public string InScriptSig { get; }

    /// <summary>How often random bytes look like it in 100,000 blocks.</summary>
    public double ChanceInHundredThousand =>
        InScriptSig.Aggregate(100_000.0 * RandomBytes, (chance, c) => chance * (char.IsAsciiLetter(c) && _comparison == StringComparison.OrdinalIgnoreCase ? 2 : 1) / 256);

    /// <exception cref="ArgumentException">A tag of mempool's list is no regular expression.</exception>
    public static LintedTag OfMempool(string pool, int poolIndex, string text, LintTime time) =>
        new(pool, poolIndex, text, new Regex(text, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, LongestMatch), caseSensitive: false, time);

    public static LintedTag OfPlainText(string pool, int poolIndex, string text, bool caseSensitive) => new(pool, poolIndex, text, null, caseSensitive);

    /// <summary>Whether it is found in the text of another tag, or in its own.</summary>
    public bool IsFoundIn(LintedTag other) => _pattern is null ? other.InScriptSig.Contains(InScriptSig, _comparison) : Matches(other.InScriptSig);

    /// <summary>Looks for it in scriptSigs that hold nothing but one of its own characters: the worst that a miner can do to nested repetitions.</summary>
    public void Probe()
    {
        foreach (var c in IsPattern ? InScriptSig.Where(char.IsAsciiLetterOrDigit).Distinct().Take(8) : [])
        {
            Matches(new string(c, PoolList.MaxTagLength) + '\0');
        }
    }

    public override string ToString() => $"\"{Text}\" of {Pool}";

    private bool Matches(string scriptSig)
    {
        try
        {
            _time?.RefuseIfOver();
            return !IsSlow && _pattern!.IsMatch(scriptSig);
        }
        catch (RegexMatchTimeoutException)
        {
            IsSlow = true;
            return false;
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
