namespace PoolWatch.Core.Pools;

/// <summary>A sentence about a list, which quotes what the list says: anybody's text of any length.</summary>
internal static class Sentence
{
    private const int MaxLength = 500;

    /// <summary>The sentence fit for a terminal and a log: no control characters, no megabytes.</summary>
    public static string Of(string text)
    {
        var end = text.Length <= MaxLength ? text.Length : char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength;
        var cut = end == text.Length ? text : text[..end] + "…";
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : cut;
    }
}
