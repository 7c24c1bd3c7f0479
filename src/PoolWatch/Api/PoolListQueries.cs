using Npgsql;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>The lists that were ever active, as the database keeps them.</summary>
internal sealed class PoolListQueries(Database database, CurrentSnapshot current)
{
    /// <returns>Every change, newest first, and the revision of the database that they are from.</returns>
    public async Task<(PoolListsAnswer Answer, long Revision)> GetChangesAsync(CancellationToken cancellationToken)
    {
        await using var command = CreateCommand(
            """
            SELECT c.at, c.kind, l.version, l.algorithm, f.version, f.algorithm, c.revision, c.tip_height, c.blocks, c.moved, c.changed, c.accepted,
                   (SELECT revision FROM chain)
            FROM pool_list_change c
            JOIN pool_list_version l ON l.id = c.pool_list_id
            LEFT JOIN pool_list_version f ON f.id = c.former_id
            ORDER BY c.id DESC
            """);
        var (changes, revision) = (new List<PoolListChangeAnswer>(), 0L);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            changes.Add(new PoolListChangeAnswer(
                reader.GetDateTime(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), Text(reader, 4), Text(reader, 5), reader.GetInt64(6),
                reader.IsDBNull(7) ? null : reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9), reader.GetInt32(10), reader.GetBoolean(11)));
            revision = reader.GetInt64(12);
        }

        // The newest change is the one that made the active list active.
        return (new PoolListsAnswer(changes[0].Version, changes), revision);
    }

    /// <returns>The list's file; null where no list of that version was ever active.</returns>
    public async Task<string?> FindContentAsync(string version, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand("SELECT content FROM pool_list_version WHERE version = $1 LIMIT 1");
        command.Parameters.Add(new() { Value = version });
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    private NpgsqlCommand CreateCommand(string sql)
    {
        current.RequireDatabase();
        return database.CreateQuery(sql);
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
