namespace PoolWatch.Core.Layers;

/// <summary>How a confidence is written in files, answers and parameters.</summary>
public static class ConfidenceText
{
    /// <summary>All of them, the lowest first.</summary>
    public static IReadOnlyList<string> All { get; } = ["low", "medium", "high"];

    /// <summary>The word for a confidence.</summary>
    public static string Of(Confidence confidence) => All[(int)confidence];

    /// <summary>The confidence of a word; false for any other text.</summary>
    public static bool TryParse(string text, out Confidence confidence)
    {
        var at = All.ToList().IndexOf(text);
        confidence = (Confidence)Math.Max(at, 0);
        return at >= 0;
    }
}
