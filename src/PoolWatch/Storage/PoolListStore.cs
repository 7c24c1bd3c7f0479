using System.Text;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>A stored pool list with the identities that its pools have in the database.</summary>
/// <param name="Id">Key of table <c>pool_list_version</c>.</param>
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
    /// <summary>The list with this id, as it was stored.</summary>
    public async Task<StoredPoolList> LoadAsync(short id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        var (algorithm, list) = await ReadListAsync(connection, id, cancellationToken);
        return new StoredPoolList(id, algorithm, list, await ReadPoolIdsAsync(connection, cancellationToken));
    }

    internal static async Task<(string Algorithm, PoolList List)> ReadListAsync(NpgsqlConnection connection, short id, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT algorithm, content FROM pool_list_version WHERE id = $1", connection) { Parameters = { new() { Value = id } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), PoolList.Parse(Encoding.UTF8.GetBytes(reader.GetString(1))));
    }

    /// <summary>Stores a list and its pools in the caller's transaction; a pool keeps its id for ever, by slug.</summary>
    /// <returns>The list's id.</returns>
    public async Task<short> AddAsync(NpgsqlConnection connection, string algorithm, PoolList list, CancellationToken cancellationToken)
    {
        await using var pools = new NpgsqlCommand(
            """
            INSERT INTO pool (id, slug, name, link)
            SELECT (SELECT max(id) FROM pool) + row_number() OVER (ORDER BY n), slug, name, link
            FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS t (slug, name, link, n)
            WHERE NOT EXISTS (SELECT FROM pool WHERE pool.slug = t.slug)
            """, connection)
        {
            Parameters =
            {
                new() { Value = list.Pools.Select(p => p.Slug).ToArray() },
                new() { Value = list.Pools.Select(p => p.Name).ToArray() },
                new() { Value = list.Pools.Select(p => p.Link ?? "").ToArray() },
            },
        };
        await pools.ExecuteNonQueryAsync(cancellationToken);

        await using var version = new NpgsqlCommand(
            """
            INSERT INTO pool_list_version (version, algorithm, content, applied_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (version, algorithm) DO UPDATE SET applied_at = pool_list_version.applied_at
            RETURNING id
            """, connection)
        {
            Parameters =
            {
                new() { Value = list.Version },
                new() { Value = algorithm },
                new() { Value = list.ToJson() },
                new() { Value = time.GetUtcNow() },
            },
        };
        return (short)(await version.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<Dictionary<string, short>> ReadPoolIdsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, short>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("SELECT slug, id FROM pool WHERE id <> 0", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0), reader.GetInt16(1));
        }

        return ids;
    }
}
