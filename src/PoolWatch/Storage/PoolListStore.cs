using System.Text;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>A pool list with the identities that its pools have in the database.</summary>
/// <param name="Id">Key of table <c>pool_list_version</c>; 0 for a list that is not stored.</param>
/// <param name="Algorithm">The attribution rule that it is applied with.</param>
/// <param name="List">Its content.</param>
/// <param name="PoolIds">Database id of every pool of the list, by slug.</param>
internal sealed record StoredPoolList(short Id, string Algorithm, PoolList List, IReadOnlyDictionary<string, short> PoolIds)
{
    private const short Unknown = 0;

    /// <summary>The id under which a pool's blocks are stored.</summary>
    public short IdOf(Pool? pool) => pool is null ? Unknown : PoolIds[pool.Slug];
}

/// <summary>Keeps the pool lists that were ever active. The active one is the chain's: configuration only sets the first.</summary>
internal sealed class PoolListStore(Database database, TimeProvider time)
{
    /// <summary>The id of a list that was ever active by its version ($1) and rule ($2, or null for that of the last time).</summary>
    public const string IdOfVersion =
        """
        SELECT l.id FROM pool_list_version l JOIN pool_list_change c ON c.pool_list_id = l.id
        WHERE l.version = $1 AND ($2::text IS NULL OR l.algorithm = $2) ORDER BY c.id DESC LIMIT 1
        """;

    /// <summary>The list with this id, as it was stored.</summary>
    public async Task<StoredPoolList> LoadAsync(short id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, id, cancellationToken);
    }

    /// <summary>What <see cref="IdOfVersion"/> asks with.</summary>
    public static NpgsqlParameter[] ParametersOf(string version, string? algorithm) =>
        [new() { Value = version }, new() { Value = (object?)algorithm ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text }];

    internal static async Task<StoredPoolList> ReadAsync(NpgsqlConnection connection, short id, CancellationToken cancellationToken)
    {
        var (algorithm, list) = await ReadListAsync(connection, id, cancellationToken);
        return new StoredPoolList(id, algorithm, list, await ReadIdsAsync(connection, "SELECT slug, pool_id FROM pool_list_pool WHERE pool_list_id = $1", id, cancellationToken));
    }

    internal static async Task<(string Algorithm, PoolList List)> ReadListAsync(NpgsqlConnection connection, short id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT algorithm, content FROM pool_list_version WHERE id = $1", connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), PoolList.Parse(Encoding.UTF8.GetBytes(reader.GetString(1))));
    }

    /// <returns>When the active list became so: the last change, or the beginning of the chain.</returns>
    internal static async Task<DateTimeOffset> ReadActiveSinceAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT at FROM pool_list_change ORDER BY id DESC LIMIT 1", connection);
        return new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>
    /// The identities that a list's pools have or would get: a list that was stored before keeps what its slugs meant then, another gets them by
    /// <see cref="PoolIdentities"/>.
    /// </summary>
    /// <param name="connection">Nothing is written.</param>
    /// <param name="algorithm">The rule that the list is to be applied with.</param>
    /// <param name="list">The list.</param>
    /// <param name="active">The active list; null for the first.</param>
    /// <param name="formerSlugs">The slugs that renamed pools of this list have in the active one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    internal static async Task<StoredPoolList> PlanAsync(
        NpgsqlConnection connection,
        string algorithm,
        PoolList list,
        StoredPoolList? active,
        IReadOnlyDictionary<string, string> formerSlugs,
        CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand("SELECT id FROM pool_list_version WHERE version = $1 AND algorithm = $2", connection)
        {
            Parameters = { new() { Value = list.Version }, new() { Value = algorithm } },
        };
        if (await find.ExecuteScalarAsync(cancellationToken) is short id)
        {
            return await ReadAsync(connection, id, cancellationToken);
        }

        // The same list with another rule: its slugs mean what they meant.
        await using var other = new NpgsqlCommand("SELECT id FROM pool_list_version WHERE version = $1 LIMIT 1", connection) { Parameters = { new() { Value = list.Version } } };
        if (await other.ExecuteScalarAsync(cancellationToken) is short same)
        {
            return (await ReadAsync(connection, same, cancellationToken)) with { Id = 0, Algorithm = algorithm };
        }

        var known = await ReadIdsAsync(connection, "SELECT slug, id FROM pool WHERE id <> $1", 0, cancellationToken);
        var ids = await new PoolIdentities(connection, active, known).PlanAsync(list, formerSlugs, cancellationToken);
        return new StoredPoolList(0, algorithm, list, ids);
    }

    /// <summary>Stores a planned list, if it is not stored yet, and gives its pools their names, in the caller's transaction.</summary>
    /// <returns>The list with its id.</returns>
    internal async Task<StoredPoolList> ActivateAsync(NpgsqlConnection connection, StoredPoolList planned, CancellationToken cancellationToken)
    {
        await NamePoolsAsync(connection, planned, cancellationToken);
        if (planned.Id != 0)
        {
            return planned;
        }

        await using var version = new NpgsqlCommand(
            "INSERT INTO pool_list_version (version, algorithm, content, applied_at) VALUES ($1, $2, $3, $4) RETURNING id", connection)
        {
            Parameters =
            {
                new() { Value = planned.List.Version }, new() { Value = planned.Algorithm },
                new() { Value = planned.List.ToJson() }, new() { Value = time.GetUtcNow() },
            },
        };
        var stored = planned with { Id = (short)(await version.ExecuteScalarAsync(cancellationToken))! };
        await using var pools = new NpgsqlCommand("INSERT INTO pool_list_pool (pool_list_id, slug, name, pool_id) SELECT $1, * FROM unnest($2::text[], $3::text[], $4::smallint[])", connection)
        {
            Parameters =
            {
                new() { Value = stored.Id },
                new() { Value = stored.List.Pools.Select(p => p.Slug).ToArray() },
                new() { Value = stored.List.Pools.Select(p => p.Name).ToArray() },
                new() { Value = stored.List.Pools.Select(p => stored.PoolIds[p.Slug]).ToArray() },
            },
        };
        await pools.ExecuteNonQueryAsync(cancellationToken);
        return stored;
    }

    /// <summary>A pool that left the list keeps its row; where the list gives its slug to another pool, it makes room.</summary>
    private static async Task NamePoolsAsync(NpgsqlConnection connection, StoredPoolList planned, CancellationToken cancellationToken)
    {
        var pools = planned.List.Pools;
        await using var command = new NpgsqlCommand(
            """
            WITH listed AS (
                SELECT * FROM unnest($1::smallint[], $2::text[], $3::text[], $4::text[]) AS t (id, slug, name, link)
            ), retired AS (
                SELECT id, slug || '-' || id AS slug, name, link FROM pool
                WHERE id NOT IN (SELECT id FROM listed) AND slug IN (SELECT slug FROM listed)
            )
            INSERT INTO pool (id, slug, name, link)
            SELECT * FROM listed UNION ALL SELECT * FROM retired
            ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, name = excluded.name, link = excluded.link
            WHERE (pool.slug, pool.name, pool.link) IS DISTINCT FROM (excluded.slug, excluded.name, excluded.link)
            """, connection)
        {
            Parameters =
            {
                new() { Value = pools.Select(p => planned.PoolIds[p.Slug]).ToArray() },
                new() { Value = pools.Select(p => p.Slug).ToArray() },
                new() { Value = pools.Select(p => p.Name).ToArray() },
                new() { Value = pools.Select(p => p.Link ?? "").ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Dictionary<string, short>> ReadIdsAsync(NpgsqlConnection connection, string sql, short id, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, short>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0), reader.GetInt16(1));
        }

        return ids;
    }
}
