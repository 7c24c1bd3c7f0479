namespace PoolWatch.Core.Pools;

/// <summary>A sentence about a list, which quotes what the list says: anybody's text of any length.</summary>
internal static class Sentence
{
    private const int MaxLength = 500;
    private const int MaxQuote = 100;

    /// <summary>The sentence fit for a terminal and a log: no control characters, no megabytes.</summary>
    public static string Of(string text)
    {
        var cut = Cut(text, MaxLength);
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : cut;
    }

    /// <summary>A text to be quoted, short enough that the rest of the sentence is not lost.</summary>
    public static string Quote(string text) => Cut(text, MaxQuote);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");
}
