using System.Globalization;
using Npgsql;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>Blocks as they are stored, read one page or one block at a time.</summary>
internal sealed class BlockQueries(Database database, CurrentSnapshot current)
{
    /// <param name="below">The height.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="view">By which list they are attributed; null for the active one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Active blocks below a height, highest first, and the revision of the database that they are from.</returns>
    public async Task<(IReadOnlyList<BlockSummary> Blocks, long Revision)> GetPageAsync(int below, int limit, PastView? view, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand(
            $"""
            SELECT b.height, b.hash, b.time, p.slug, p.name, a.method, a.conflicts IS NOT NULL, (SELECT revision FROM chain), {(view is null ? "NULL::bytea" : "b.coinbase_tx")}
            FROM block b
            JOIN attribution a ON a.block_id = b.id
            JOIN pool p ON p.id = a.pool_id
            WHERE b.active AND b.height < $1
            ORDER BY b.height DESC
            LIMIT $2
            """);
        command.Parameters.Add(new() { Value = below });
        command.Parameters.Add(new() { Value = limit });
        var (page, revision) = (new List<BlockSummary>(), 0L);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var block = new BlockSummary(
                reader.GetInt32(0), BlockStore.ReadHash(reader, 1).ToString(), reader.GetDateTime(2),
                new PoolReference(reader.GetString(3), reader.GetString(4)), reader.GetString(5), reader.GetBoolean(6));
            page.Add(view is null ? block : view.Of(block, Coinbase.Decode(reader.GetFieldValue<byte[]>(8))));
            revision = reader.GetInt64(7);
        }

        return (page, revision);
    }

    /// <returns>The active block at a height; null where there is none.</returns>
    public Task<StoredBlock?> FindAsync(int height, Network network, bool namesThen, CancellationToken cancellationToken) =>
        FindAsync("b.active AND b.height = $1", new NpgsqlParameter { Value = height }, network, namesThen, cancellationToken);

    /// <returns>The block with a hash, active or stale; null where there is none.</returns>
    public Task<StoredBlock?> FindAsync(BlockHash hash, Network network, bool namesThen, CancellationToken cancellationToken) =>
        FindAsync("b.hash = $1", new NpgsqlParameter { Value = hash.ToArray() }, network, namesThen, cancellationToken);

    private async Task<StoredBlock?> FindAsync(string condition, NpgsqlParameter parameter, Network network, bool namesThen, CancellationToken cancellationToken)
    {
        await using var command = CreateCommand(
            $"""
            SELECT b.height, b.hash, b.active, b.prev_hash, b.merkle_root, b.version, b.time, b.median_time, b.bits, b.nonce, b.tx_count, b.coinbase_tx,
                   p.slug, p.name, a.method, a.rule, a.rule_index, a.rule_value, a.others, a.conflicts, l.algorithm, l.version, a.miners, c.revision,
                   (SELECT jsonb_agg(jsonb_build_object(
                       'until', lc.at, 'poolListVersion', fl.version, 'algorithm', fl.algorithm, 'pool', jsonb_build_object('slug', coalesce(named.slug, fp.slug), 'name', coalesce(named.name, fp.name)),
                       'method', h.method, 'rule', h.rule, 'index', h.rule_index, 'value', h.rule_value, 'conflicts', coalesce(h.conflicts, ARRAY[]::text[])) ORDER BY lc.id)
                    FROM attribution_change h
                    JOIN pool_list_change lc ON lc.id = h.change_id
                    JOIN pool_list_version fl ON fl.id = lc.former_id
                    JOIN pool fp ON fp.id = h.pool_id
                    LEFT JOIN pool_list_pool named ON $2 AND named.pool_list_id = lc.former_id AND named.pool_id = h.pool_id
                    WHERE h.block_id = b.id)
            FROM block b
            JOIN attribution a ON a.block_id = b.id
            JOIN pool p ON p.id = a.pool_id
            -- Each stored attribution is what the active list says, whichever list said so first.
            CROSS JOIN chain c
            JOIN pool_list_version l ON l.id = c.pool_list_id
            WHERE {condition}
            """);
        command.Parameters.Add(parameter);
        command.Parameters.Add(new() { Value = namesThen });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredBlock(ReadBlock(reader, network), Coinbase.Decode(reader.GetFieldValue<byte[]>(11)), reader.GetInt64(23))
            : null;
    }

    private NpgsqlCommand CreateCommand(string sql)
    {
        current.RequireDatabase();
        return database.CreateQuery(sql);
    }

    private static BlockAnswer ReadBlock(NpgsqlDataReader reader, Network network)
    {
        var pool = new PoolReference(reader.GetString(12), reader.GetString(13));
        return new BlockAnswer(
            reader.GetInt32(0),
            BlockStore.ReadHash(reader, 1).ToString(),
            reader.GetBoolean(2),
            BlockStore.ReadHash(reader, 3).ToString(),
            BlockStore.ReadHash(reader, 4).ToString(),
            reader.GetInt32(5),
            reader.GetDateTime(6),
            reader.GetDateTime(7),
            ((uint)reader.GetInt64(8)).ToString("x8", CultureInfo.InvariantCulture),
            (uint)reader.GetInt64(9),
            reader.GetInt32(10),
            pool,
            reader.GetString(14),
            ReadWinner(reader, pool.Slug),
            StoredEvidence.ReadOthers(reader.IsDBNull(18) ? null : reader.GetString(18)),
            reader.IsDBNull(19) ? [] : reader.GetFieldValue<string[]>(19),
            reader.IsDBNull(22) ? [] : reader.GetFieldValue<string[]>(22),
            reader.GetString(20),
            reader.GetString(21),
            reader.IsDBNull(24) ? [] : StoredHistory.Read(reader.GetString(24)),
            ReadCoinbase(Coinbase.Decode(reader.GetFieldValue<byte[]>(11)), reader.GetInt32(0), network));
    }

    private static CandidateEvidence? ReadWinner(NpgsqlDataReader reader, string pool) => reader.IsDBNull(15)
        ? null
        : new CandidateEvidence(pool, reader.GetString(14), reader.GetString(15), reader.GetInt32(16), reader.IsDBNull(17) ? null : reader.GetInt64(17));

    private static CoinbaseAnswer ReadCoinbase(Coinbase coinbase, int height, Network network) => new(
        coinbase.Txid.ToString(),
        Convert.ToHexStringLower(coinbase.ScriptSig.Span),
        Bip34Height.Read(coinbase.ScriptSig.Span, height, network),
        coinbase.Outputs.Sum(o => o.Value),
        [.. coinbase.Outputs.Select(o => new OutputAnswer(o.Value, Address.FromScript(o.Script.Span, network), Convert.ToHexStringLower(o.Script.Span)))],
        Convert.ToHexStringLower(coinbase.Transaction.Span));
}

/// <summary>A block as it is stored.</summary>
/// <param name="Answer">What is said of it.</param>
/// <param name="Coinbase">What another list may say something else of.</param>
/// <param name="Revision">The database's revision when it was read.</param>
internal sealed record StoredBlock(BlockAnswer Answer, Coinbase Coinbase, long Revision);
