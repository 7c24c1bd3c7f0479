using System.Globalization;

namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>Gives each pool of a public list a slug: that of its name, where it is the first to have it, else one with its id.</summary>
internal sealed class ImportedSlugs(IReadOnlyList<PublicPool> pools)
{
    /// <summary>Slugs of names belong to those names: a slug with an id must not take one from a later pool.</summary>
    private readonly HashSet<string> _ofNames = pools.Select(pool => PoolSlug.FromName(pool.Name)).ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <param name="pool">The pools one after the other, in the order of the list.</param>
    /// <param name="reason">Why it is not the slug of the name; null if it is.</param>
    public string Next(PublicPool pool, out string? reason)
    {
        var slug = PoolSlug.FromName(pool.Name);
        if (PoolSlug.IsValid(slug) && _taken.Add(slug))
        {
            reason = null;
            return slug;
        }

        reason = slug switch
        {
            "" => "the name has neither a letter a-z nor a digit",
            Pool.UnknownSlug => $"{Pool.UnknownSlug} stands for blocks without a pool",
            { Length: > PoolSlug.MaxLength } => $"that of the name has more than {PoolSlug.MaxLength} characters",
            _ => $"{slug} belongs to an earlier pool",
        };
        var id = pool.Id.ToString(CultureInfo.InvariantCulture);
        var stem = slug.Length == 0 ? "pool" : slug;
        do
        {
            stem = stem[..Math.Min(stem.Length, PoolSlug.MaxLength - id.Length)] + id;
        }
        while (stem.Length < PoolSlug.MaxLength && (_ofNames.Contains(stem) || !_taken.Add(stem)));
        return stem;
    }
}
