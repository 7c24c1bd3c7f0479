using System.Text;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>Finds what keeps a public list from becoming one of ours, as far as it is not a finding of another kind.</summary>
internal static class ImportRefusals
{
    /// <summary>Faults of pools, in the order of the list; then those that come out only when the list is converted.</summary>
    public static IEnumerable<LintFinding> Of(PublicPoolList list) => list.Pools.SelectMany(OfPool).Concat(OfConversion(list));

    /// <summary>Why a name or tag is refused whatever its length; null if it is not.</summary>
    public static string? OfText(string text) =>
        text.Any(char.IsControl) ? "has a control character"
        : string.IsNullOrWhiteSpace(text) ? "is nothing but blanks"
        : null;

    /// <summary>Whether a tag has more bytes than one of ours may have, be it an expression that finds less.</summary>
    public static bool IsTooLong(string tag) => Encoding.UTF8.GetByteCount(tag) > PoolList.MaxTagLength;

    public static LintFinding Of(string pool, string message) => new(LintCode.Refused, pool, $"{message} Import refuses the list.");

    private static IEnumerable<LintFinding> OfPool(PublicPool pool)
    {
        if (pool.Id <= 0)
        {
            yield return Of(pool.Name, $"The id {pool.Id} is not above 0.");
        }

        if (OfText(pool.Name) is { } name)
        {
            yield return Of(pool.Name, $"The name {name}.");
        }

        foreach (var tag in pool.Tags)
        {
            if (OfText(tag) is { } why)
            {
                yield return Of(pool.Name, $"The tag \"{Sentence.Quote(tag)}\" {why}.");
            }
        }
    }

    /// <summary>Converts the list without the faults that are found otherwise, so that nothing is said twice.</summary>
    private static IEnumerable<LintFinding> OfConversion(PublicPoolList list)
    {
        try
        {
            _ = new PublicPoolList(list.Kind, WithoutFaults(list.Pools)).ToPoolList();
            return [];
        }
        catch (PoolListException e)
        {
            return e.Errors.Select(error => new LintFinding(LintCode.Refused, "the list", error));
        }
    }

    private static List<PublicPool> WithoutFaults(IReadOnlyList<PublicPool> pools)
    {
        var used = new HashSet<int>(pools.Select(pool => pool.Id));
        var ids = new HashSet<int>();
        var free = int.MaxValue;
        return pools.Select(pool => pool with
        {
            Id = pool.Id > 0 && ids.Add(pool.Id) ? pool.Id : NextFree(),
            Name = OfText(pool.Name) is null ? pool.Name : "pool",
            Tags = [.. pool.Tags.Where(tag => OfText(tag) is null && !IsTooLong(tag))],
        }).ToList();

        int NextFree()
        {
            while (!used.Add(free))
            {
                free--;
            }

            return free;
        }
    }
}
