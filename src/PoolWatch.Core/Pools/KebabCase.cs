namespace PoolWatch.Core.Pools;

/// <summary>Names of kinds as people read them.</summary>
internal static class KebabCase
{
    /// <summary>Small letters, words joined by hyphens: <c>slug-taken</c>.</summary>
    public static string Of(Enum value) =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
