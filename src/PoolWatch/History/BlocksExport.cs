using Npgsql;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.History;

/// <summary>A row for each block of the active chain, read from the database as it is written.</summary>
internal static class BlocksExport
{
    private const string Read =
        """
        SELECT b.height, b.hash, b.time, b.median_time, p.slug, p.name, a.method, a.conflicts, a.rule, b.tx_count
        FROM block b JOIN attribution a ON a.block_id = b.id JOIN pool p ON p.id = a.pool_id
        WHERE b.active AND b.height BETWEEN $1 AND $2
        ORDER BY b.height
        """;

    public static IReadOnlyList<string> Columns { get; } = ["height", "hash", "time", "median_time", "pool", "pool_name", "method", "conflicts", "rule", "tx_count"];

    public static async Task WriteAsync(Database database, BlockWindow blocks, TableText table, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Read, connection)
        {
            Parameters = { new() { Value = blocks.FromHeight }, new() { Value = blocks.ToHeight } },
            // Whoever reads the output may be slow.
            CommandTimeout = 0,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            table.AddCount(reader.GetInt32(0));
            table.AddText(BlockStore.ReadHash(reader, 1).ToString());
            table.AddTime(BlockStore.ReadUnixTime(reader, 2));
            table.AddTime(BlockStore.ReadUnixTime(reader, 3));
            table.AddText(reader.GetString(4));
            table.AddText(reader.GetString(5));
            table.AddText(reader.GetString(6));
            table.AddText(reader.IsDBNull(7) ? null : string.Join(' ', reader.GetFieldValue<string[]>(7)));
            table.AddText(reader.IsDBNull(8) ? null : reader.GetString(8));
            table.AddCount(reader.GetInt32(9));
            table.EndRow();
        }
    }
}
