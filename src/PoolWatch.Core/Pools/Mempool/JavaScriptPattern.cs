namespace PoolWatch.Core.Pools.Mempool;

/// <summary>A JavaScript regular expression with the flag <c>i</c> and no other, as a tree over the 256 characters of Latin-1.</summary>
/// <remarks>
/// What is left out, because it can't be searched for in time that grows with the text's length, or because nobody writes it into a tag:
/// lookahead, lookbehind, references to groups, named groups. Lazy quantifiers are greedy ones here: that changes where a match ends, never where
/// the first one begins, which is all that counts.
/// </remarks>
internal abstract record JavaScriptPattern
{
    /// <summary>Reads a pattern as ECMAScript 2024 does, the additions for browsers (annex B) included.</summary>
    /// <exception cref="PatternException">It is no regular expression, or has a construct that is left out.</exception>
    public static JavaScriptPattern Parse(string text) => new JavaScriptPatternReader(text).Read();

    /// <summary>One character.</summary>
    /// <param name="Matches">For each of the 256 whether it matches.</param>
    public sealed record Character(bool[] Matches) : JavaScriptPattern;

    /// <summary>A place between characters.</summary>
    public sealed record Assertion(PatternAssertion Kind) : JavaScriptPattern;

    /// <summary>One part after the other; nothing at all if there are none.</summary>
    public sealed record Sequence(IReadOnlyList<JavaScriptPattern> Parts) : JavaScriptPattern;

    /// <summary>One of several.</summary>
    public sealed record Choice(IReadOnlyList<JavaScriptPattern> Options) : JavaScriptPattern;

    /// <summary>The same several times; without a largest number if that is null.</summary>
    public sealed record Repetition(JavaScriptPattern Body, int Min, int? Max) : JavaScriptPattern;
}

/// <summary>What has to hold at a place between characters.</summary>
internal enum PatternAssertion
{
    /// <summary><c>^</c>: nothing is before.</summary>
    Start,

    /// <summary><c>$</c>: nothing is behind, not even a line feed.</summary>
    End,

    /// <summary><c>\b</c>: an ASCII letter, digit or underscore on exactly one side.</summary>
    WordEdge,

    /// <summary><c>\B</c>: on both sides or on none.</summary>
    NoWordEdge,
}

/// <summary>A text is no JavaScript regular expression, or one that can't be used here; the message says why.</summary>
internal sealed class PatternException(string message) : Exception(message);
