namespace PoolWatch.Core.Pools;

/// <summary>How a name becomes a slug: as mempool.space does it, so that scripts know the pools by the same keys.</summary>
internal static class PoolSlug
{
    public const int MaxLength = 64;

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength
        && slug != Pool.UnknownSlug
        && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    /// <summary>The name's letters a-z, in small, and digits; empty if it has none.</summary>
    public static string FromName(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));
}
