using Npgsql;
using PoolWatch.Core.Pools.Diff;

namespace PoolWatch.Storage;

/// <summary>Which pools of a new list are pools that the database knows.</summary>
/// <remarks>
/// A pool goes on from the active list by its slug, or by the slug that it was renamed from. One that comes back after a while is the former one only if
/// it has something in common with what it was: the history of a pool must not become that of another that took its slug.
/// </remarks>
/// <param name="connection">Nothing is written.</param>
/// <param name="active">The active list; null for the first.</param>
/// <param name="known">Every pool that the database has, by its present slug.</param>
internal sealed class PoolIdentities(NpgsqlConnection connection, StoredPoolList? active, IReadOnlyDictionary<string, short> known)
{
    private readonly Dictionary<short, PoolListDiff> _compared = [];

    /// <param name="list">The new list.</param>
    /// <param name="formerSlugs">The slugs that its renamed pools have in the active list.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="PoolListException">There were so many pools over the years that no number is left.</exception>
    public async Task<IReadOnlyDictionary<string, short>> PlanAsync(
        PoolList list, IReadOnlyDictionary<string, string> formerSlugs, CancellationToken cancellationToken)
    {
        var (ids, next) = (new Dictionary<string, short>(StringComparer.Ordinal), known.Count == 0 ? 0 : known.Values.Max());
        foreach (var slug in list.Pools.Select(p => p.Slug))
        {
            var before = formerSlugs.TryGetValue(slug, out var former) && list.Find(former) is null ? former : slug;
            ids.Add(slug, active is not null && active.PoolIds.TryGetValue(before, out var same) ? same
                : await FindReturningAsync(list, slug, cancellationToken) ?? Number(++next));
        }

        return ids;
    }

    /// <summary>The pool of an earlier list that had this slug last, if it is the same pool.</summary>
    private async Task<short?> FindReturningAsync(PoolList list, string slug, CancellationToken cancellationToken)
    {
        if (!known.TryGetValue(slug, out var id) || active?.PoolIds.Values.Contains(id) == true)
        {
            return null;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT p.pool_list_id FROM pool_list_pool p JOIN pool_list_change c ON c.pool_list_id = p.pool_list_id
            WHERE p.pool_id = $1 AND p.slug = $2 ORDER BY c.id DESC LIMIT 1
            """, connection)
        {
            Parameters = { new() { Value = id }, new() { Value = slug } },
        };
        if (await command.ExecuteScalarAsync(cancellationToken) is not short stored)
        {
            return null;
        }

        if (!_compared.TryGetValue(stored, out var difference))
        {
            var (_, former) = await PoolListStore.ReadListAsync(connection, stored, cancellationToken);
            _compared[stored] = difference = PoolListDiff.Between(former, list);
        }

        return difference.IdentityProblems.Any(p => p.Severity == IdentitySeverity.Error && (p.From.Slug == slug || p.To.Slug == slug)) ? null : id;
    }

    private static short Number(int next) => next <= short.MaxValue
        ? (short)next
        : throw new PoolListException([$"This database has had {short.MaxValue} pools, and a list can't add more. Begin a new PoolWatch:Schema with it."]);
}
