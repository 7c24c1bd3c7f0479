using Npgsql;
using NpgsqlTypes;

namespace PoolWatch.Storage;

/// <summary>Writes new blocks and their attributions by COPY: no statement to parse for a block, and no question whether it is there already.</summary>
internal static class BlockCopy
{
    public static async Task WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<AttributedBlock> blocks, StoredPoolList list, CancellationToken cancellationToken)
    {
        var first = await NextIdAsync(connection, cancellationToken);
        await using (var writer = await connection.BeginBinaryImportAsync(
            """
            COPY block (id, hash, prev_hash, height, active, version, merkle_root, time, median_time, bits, nonce, tx_count, coinbase_tx)
            FROM STDIN (FORMAT BINARY)
            """, cancellationToken))
        {
            foreach (var (i, block) in blocks.Index())
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(first + i, NpgsqlDbType.Integer, cancellationToken);
                await WriteBlockAsync(writer, block, cancellationToken);
            }

            await writer.CompleteAsync(cancellationToken);
        }

        await WriteAttributionsAsync(connection, blocks.Select((b, i) => (first + i, b.Attribution)), list, cancellationToken);
    }

    /// <param name="connection">In a transaction.</param>
    /// <param name="attributions">By the number of their block, best in its order.</param>
    /// <param name="list">The list that they are made by.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public static async Task WriteAttributionsAsync(
        NpgsqlConnection connection, IEnumerable<(int Block, Attribution Attribution)> attributions, StoredPoolList list, CancellationToken cancellationToken)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            """
            COPY attribution (block_id, pool_list_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners)
            FROM STDIN (FORMAT BINARY)
            """, cancellationToken);
        foreach (var (block, attribution) in attributions)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(block, NpgsqlDbType.Integer, cancellationToken);
            await WriteAttributionAsync(writer, attribution, list, cancellationToken);
        }

        await writer.CompleteAsync(cancellationToken);
    }

    /// <summary>Blocks are never deleted, and who writes them holds the chain's row: the number after the highest is free.</summary>
    private static async Task<int> NextIdAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(id), 0) + 1 FROM block", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task WriteBlockAsync(NpgsqlBinaryImporter writer, AttributedBlock block, CancellationToken cancellationToken)
    {
        var header = block.Head.Header;
        await writer.WriteAsync(header.Hash.ToArray(), NpgsqlDbType.Bytea, cancellationToken);
        await writer.WriteAsync(header.PreviousHash.ToArray(), NpgsqlDbType.Bytea, cancellationToken);
        await writer.WriteAsync(block.Height, NpgsqlDbType.Integer, cancellationToken);
        await writer.WriteAsync(true, NpgsqlDbType.Boolean, cancellationToken);
        await writer.WriteAsync(header.Version, NpgsqlDbType.Integer, cancellationToken);
        await writer.WriteAsync(header.MerkleRoot.ToArray(), NpgsqlDbType.Bytea, cancellationToken);
        await writer.WriteAsync(DateTimeOffset.FromUnixTimeSeconds(header.Time).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await writer.WriteAsync(DateTimeOffset.FromUnixTimeSeconds(block.MedianTime).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        await writer.WriteAsync((long)header.Bits, NpgsqlDbType.Bigint, cancellationToken);
        await writer.WriteAsync((long)header.Nonce, NpgsqlDbType.Bigint, cancellationToken);
        await writer.WriteAsync(checked((int)block.Head.TransactionCount), NpgsqlDbType.Integer, cancellationToken);
        await writer.WriteAsync(block.Head.Coinbase.Transaction, NpgsqlDbType.Bytea, cancellationToken);
    }

    private static async Task WriteAttributionAsync(
        NpgsqlBinaryImporter writer, Attribution attribution, StoredPoolList list, CancellationToken cancellationToken)
    {
        var winner = attribution.Winner;
        await writer.WriteAsync(list.Id, NpgsqlDbType.Smallint, cancellationToken);
        await writer.WriteAsync(list.IdOf(attribution.Pool), NpgsqlDbType.Smallint, cancellationToken);
        await writer.WriteAsync(attribution.Method, NpgsqlDbType.Text, cancellationToken);
        await WriteOrNullAsync(writer, winner?.Text, NpgsqlDbType.Text, cancellationToken);
        await WriteOrNullAsync(writer, winner?.Index, NpgsqlDbType.Integer, cancellationToken);
        await WriteOrNullAsync(writer, winner is { Kind: RuleKind.Address } paid ? paid.Value : default(long?), NpgsqlDbType.Bigint, cancellationToken);
        await WriteOrNullAsync(writer, StoredEvidence.WriteOthers(attribution.Others), NpgsqlDbType.Jsonb, cancellationToken);
        await WriteOrNullAsync(writer, StoredEvidence.Names(attribution.Conflicts), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
        await WriteOrNullAsync(writer, attribution.Miners is { Count: > 0 } miners ? miners.ToArray() : null, NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);
    }

    private static Task WriteOrNullAsync(NpgsqlBinaryImporter writer, object? value, NpgsqlDbType type, CancellationToken cancellationToken) =>
        value is null ? writer.WriteNullAsync(cancellationToken) : writer.WriteAsync(value, type, cancellationToken);
}
