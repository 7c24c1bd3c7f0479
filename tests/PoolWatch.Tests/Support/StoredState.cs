using Npgsql;

namespace PoolWatch.Tests.Support;

/// <summary>What a schema holds, as text, so that two databases can be compared whole.</summary>
public static class StoredState
{
    private const string ActiveChain =
        """
        SELECT b.height, b.hash, b.prev_hash, b.version, b.merkle_root, b.time, b.median_time, b.bits, b.nonce, b.tx_count, b.coinbase_tx,
               p.slug, a.method, a.rule, a.rule_index, a.rule_value, a.others, a.conflicts, a.miners, l.version, l.algorithm
        FROM block b JOIN attribution a ON a.block_id = b.id JOIN pool p ON p.id = a.pool_id CROSS JOIN chain c JOIN pool_list_version l ON l.id = c.pool_list_id
        WHERE b.active ORDER BY b.height
        """;

    private const string Days = "SELECT d.day, p.slug, d.blocks FROM pool_day d JOIN pool p ON p.id = d.pool_id ORDER BY d.day, p.slug";
    private const string Chain = "SELECT network, genesis_hash, from_height, tip_height, tip_hash FROM chain";
    private const string Stale = "SELECT b.height, b.hash, p.slug FROM block b JOIN attribution a ON a.block_id = b.id JOIN pool p ON p.id = a.pool_id WHERE NOT b.active ORDER BY b.height, b.hash";

    /// <summary>Everything that a fresh run over the same chain must give too: active blocks with attributions, days, tip.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string connectionString, string schema = "poolwatch_regtest") =>
        [.. await RowsAsync(connectionString, schema, Chain), .. await RowsAsync(connectionString, schema, ActiveChain), .. await RowsAsync(connectionString, schema, Days)];

    /// <summary>Stale blocks with their pools.</summary>
    public static Task<IReadOnlyList<string>> ReadStaleAsync(string connectionString, string schema = "poolwatch_regtest") => RowsAsync(connectionString, schema, Stale);

    /// <returns>How many rows a statement changed.</returns>
    public static async Task<int> ExecuteAsync(string connectionString, string schema, string sql)
    {
        await using var connection = await OpenAsync(connectionString, schema);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <returns>The rows of a query, each as PostgreSQL writes a row.</returns>
    public static Task<IReadOnlyList<string>> RowsAsync(string connectionString, string schema, string sql) =>
        TextsAsync(connectionString, schema, $"SELECT rows::text FROM ({sql}) rows");

    /// <returns>The rows of a query that has one column of text.</returns>
    public static async Task<IReadOnlyList<string>> TextsAsync(string connectionString, string schema, string sql)
    {
        await using var connection = await OpenAsync(connectionString, schema);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, string schema)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
