using System.Collections.Immutable;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>The one writer of blocks: each call is one transaction, and says to every reader that the chain changed.</summary>
internal sealed class BlockStore(Database database, PoolListStore poolLists, TimeProvider time)
{
    /// <summary>Grows when more is stored of attributions: 2 since sub-miner names and doubtful claims.</summary>
    public const short Evidence = 2;

    private const int KeptChanges = 10_000;
    private const int LockSeconds = 600;
    private const int QuerySeconds = 30;
    private const uint SecondsPerDay = 86_400;

    /// <returns>The stored chain, or null where none was begun.</returns>
    public async Task<StoredChain?> GetChainAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await ReadChainAsync(connection, cancellationToken);
    }

    /// <summary>Begins the schema's chain, or moves the beginning of one that has no block yet; a chain with blocks stands, and is returned.</summary>
    public async Task<StoredChain> BeginChainAsync(
        string network, BlockHash genesisHash, int fromHeight, string algorithm, PoolList list, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ReadChainAsync(connection, cancellationToken, "FOR UPDATE") is { } begun)
        {
            await MoveBeginningAsync(connection, begun, genesisHash, fromHeight, cancellationToken);
        }
        else
        {
            var planned = await PoolListStore.PlanAsync(connection, algorithm, list, active: null, ImmutableDictionary<string, string>.Empty, cancellationToken);
            await InsertChainAsync(connection, network, genesisHash, fromHeight, await poolLists.ActivateAsync(connection, planned, cancellationToken), cancellationToken);
        }

        var chain = await ReadChainAsync(connection, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return chain!;
    }

    /// <summary>
    /// Makes <paramref name="blocks"/> the active chain above <paramref name="keptHeight"/>: what was active there becomes stale, the new blocks
    /// are stored (or become active again), days are recounted, the tip moves, readers are told. All of it, or nothing.
    /// </summary>
    /// <param name="expected">The chain as the caller knows it; anything else means another writer, and nothing is written.</param>
    /// <param name="keptHeight">The fork point: highest height that both branches share; <c>from_height − 1</c> for none.</param>
    /// <param name="blocks">The new branch in height order, at least one, beginning at <paramref name="keptHeight"/> + 1.</param>
    /// <param name="list">The active pool list, by which the blocks were attributed.</param>
    /// <returns>The chain as it is now.</returns>
    /// <exception cref="ConcurrentWriterException">The stored chain is not the expected one.</exception>
    public async Task<StoredChain> AppendAsync(
        StoredChain expected, int keptHeight, IReadOnlyList<AttributedBlock> blocks, StoredPoolList list, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await ReadChainAsync(connection, cancellationToken, "FOR UPDATE") is var found && found != expected)
        {
            var sameBlocks = found is not null && found with { PoolListId = expected.PoolListId, Revision = expected.Revision, Evidence = expected.Evidence } == expected;
            throw new ConcurrentWriterException(sameBlocks);
        }

        var staled = expected.Tip is { } tip && tip.Height > keptHeight ? await StaleAboveAsync(connection, keptHeight, cancellationToken) : 0;
        var unstored = await ReviveStaleAsync(connection, blocks, cancellationToken);
        if (unstored.Count > 0)
        {
            await BlockCopy.WriteAsync(connection, unstored, list, cancellationToken);
            await CountDaysAsync(connection, unstored, list, cancellationToken);
        }

        var last = blocks[^1];
        var chain = expected with { Revision = expected.Revision + 1, Tip = new ChainTip(last.Height, last.Head.Header.Hash) };
        await AdvanceAsync(connection, chain, keptHeight, staled, blocks.Count, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return chain;
    }

    /// <returns>Hash of the active block at a height; null where none is stored.</returns>
    public async Task<BlockHash?> GetActiveHashAsync(int height, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("SELECT hash FROM block WHERE active AND height = $1");
        command.Parameters.Add(new() { Value = height });
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] hash ? BlockHash.FromBytes(hash) : null;
    }

    /// <returns>Header time and median time past of the active blocks of a range of heights, in order.</returns>
    public async Task<IReadOnlyList<(uint Time, uint MedianTime)>> GetTimesAsync(int fromHeight, int toHeight, CancellationToken cancellationToken)
    {
        var times = new List<(uint, uint)>();
        await using var command = database.Source.CreateCommand(
            "SELECT time, median_time FROM block WHERE active AND height BETWEEN $1 AND $2 ORDER BY height");
        command.Parameters.Add(new() { Value = fromHeight });
        command.Parameters.Add(new() { Value = toHeight });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            times.Add((ReadUnixTime(reader, 0), ReadUnixTime(reader, 1)));
        }

        return times;
    }

    /// <summary>Tells the database's planner what a long catch-up stored; it would find out by itself, but minutes later.</summary>
    public async Task AnalyzeAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("ANALYZE block, attribution, pool_day");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async Task<StoredChain?> ReadChainAsync(NpgsqlConnection connection, CancellationToken cancellationToken, string locking = "")
    {
        await using var command = new NpgsqlCommand(
            $"SELECT network, genesis_hash, from_height, pool_list_id, revision, evidence, tip_height, tip_hash FROM chain {locking}", connection)
        {
            // Whoever locks waits for a change of list, which may look at a whole chain.
            CommandTimeout = locking.Length > 0 ? LockSeconds : QuerySeconds,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var tip = reader.IsDBNull(6) ? null : new ChainTip(reader.GetInt32(6), ReadHash(reader, 7));
        return new StoredChain(reader.GetString(0), ReadHash(reader, 1), reader.GetInt32(2), reader.GetInt16(3), reader.GetInt64(4), reader.GetInt16(5), tip);
    }

    internal static BlockHash ReadHash(NpgsqlDataReader reader, int column) => BlockHash.FromBytes(reader.GetFieldValue<byte[]>(column));

    internal static uint ReadUnixTime(NpgsqlDataReader reader, int column) =>
        (uint)((reader.GetDateTime(column).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond);

    private static async Task MoveBeginningAsync(
        NpgsqlConnection connection, StoredChain begun, BlockHash genesisHash, int fromHeight, CancellationToken cancellationToken)
    {
        if (begun.Tip is null && begun.GenesisHash == genesisHash)
        {
            await using var command = new NpgsqlCommand("UPDATE chain SET from_height = $1", connection) { Parameters = { new() { Value = fromHeight } } };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task InsertChainAsync(
        NpgsqlConnection connection, string network, BlockHash genesisHash, int fromHeight, StoredPoolList list, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH begun AS (
                INSERT INTO chain (network, genesis_hash, from_height, pool_list_id, revision, evidence) VALUES ($1, $2, $3, $4, 0, $5)
            )
            INSERT INTO pool_list_change (at, kind, pool_list_id, revision, blocks, moved, changed, accepted) VALUES ($6, 'begin', $4, 0, 0, 0, 0, false)
            """, connection)
        {
            Parameters =
            {
                new() { Value = network }, new() { Value = genesisHash.ToArray() }, new() { Value = fromHeight }, new() { Value = list.Id },
                new() { Value = Evidence }, new() { Value = time.GetUtcNow() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> StaleAboveAsync(NpgsqlConnection connection, int keptHeight, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH staled AS (
                UPDATE block SET active = false WHERE active AND height > $1 RETURNING id, median_time
            ), by_day AS (
                SELECT (median_time AT TIME ZONE 'UTC')::date AS day, pool_id, count(*) AS blocks
                FROM staled JOIN attribution ON block_id = id
                GROUP BY 1, 2
            ), uncounted AS (
                UPDATE pool_day SET blocks = pool_day.blocks - by_day.blocks
                FROM by_day WHERE pool_day.day = by_day.day AND pool_day.pool_id = by_day.pool_id
            )
            SELECT count(*)::integer FROM staled
            """, connection)
        {
            Parameters = { new() { Value = keptHeight } },
        };
        var staled = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        await using var emptied = new NpgsqlCommand("DELETE FROM pool_day WHERE blocks = 0", connection);
        await emptied.ExecuteNonQueryAsync(cancellationToken);
        return staled;
    }

    /// <summary>Stale blocks that come back keep their rows and their attributions: both depend on nothing but their bytes and the active list.</summary>
    /// <returns>The blocks that were not stored yet.</returns>
    private static async Task<IReadOnlyList<AttributedBlock>> ReviveStaleAsync(
        NpgsqlConnection connection, IReadOnlyList<AttributedBlock> blocks, CancellationToken cancellationToken)
    {
        var stale = await ReadStaleHashesAsync(connection, blocks[0].Height, blocks[^1].Height, cancellationToken);
        var back = blocks.Where(b => stale.Contains(b.Head.Header.Hash)).ToList();
        if (back.Count == 0)
        {
            return blocks;
        }

        await using var command = new NpgsqlCommand(
            """
            WITH revived AS (
                UPDATE block SET active = true WHERE hash = ANY ($1) RETURNING id, median_time
            )
            INSERT INTO pool_day (day, pool_id, blocks)
            SELECT (median_time AT TIME ZONE 'UTC')::date, pool_id, count(*)
            FROM revived JOIN attribution ON block_id = id
            GROUP BY 1, 2
            ON CONFLICT (day, pool_id) DO UPDATE SET blocks = pool_day.blocks + excluded.blocks
            """, connection)
        {
            Parameters = { new() { Value = back.Select(b => b.Head.Header.Hash.ToArray()).ToArray() } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return [.. blocks.Except(back)];
    }

    private static async Task<HashSet<BlockHash>> ReadStaleHashesAsync(
        NpgsqlConnection connection, int fromHeight, int toHeight, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT hash FROM block WHERE NOT active AND height BETWEEN $1 AND $2", connection)
        {
            Parameters = { new() { Value = fromHeight }, new() { Value = toHeight } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var hashes = new HashSet<BlockHash>();
        while (await reader.ReadAsync(cancellationToken))
        {
            hashes.Add(ReadHash(reader, 0));
        }

        return hashes;
    }

    private static async Task CountDaysAsync(
        NpgsqlConnection connection, IReadOnlyList<AttributedBlock> blocks, StoredPoolList list, CancellationToken cancellationToken)
    {
        var days = blocks.CountBy(b => (Day: b.MedianTime / SecondsPerDay, Pool: list.IdOf(b.Attribution.Pool))).ToList();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO pool_day (day, pool_id, blocks) SELECT * FROM unnest($1::date[], $2::smallint[], $3::integer[])
            ON CONFLICT (day, pool_id) DO UPDATE SET blocks = pool_day.blocks + excluded.blocks
            """, connection)
        {
            Parameters =
            {
                new() { Value = days.Select(d => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays((int)d.Key.Day)).ToArray() },
                new() { Value = days.Select(d => d.Key.Pool).ToArray() },
                new() { Value = days.Select(d => d.Value).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task AdvanceAsync(
        NpgsqlConnection connection, StoredChain chain, int keptHeight, int staled, int added, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("UPDATE chain SET revision = $1, tip_height = $2, tip_hash = $3")
                {
                    Parameters = { new() { Value = chain.Revision }, new() { Value = chain.Tip!.Height }, new() { Value = chain.Tip.Hash.ToArray() } },
                },
                new("INSERT INTO chain_change (revision, kept_height, staled, added, at) VALUES ($1, $2, $3, $4, $5)")
                {
                    Parameters =
                    {
                        new() { Value = chain.Revision }, new() { Value = keptHeight }, new() { Value = staled },
                        new() { Value = added }, new() { Value = time.GetUtcNow() },
                    },
                },
                new("DELETE FROM chain_change WHERE revision <= $1") { Parameters = { new() { Value = chain.Revision - KeptChanges } } },
                new("SELECT pg_notify(current_schema(), $1)") { Parameters = { new() { Value = chain.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture) } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Another process wrote into the schema since it was read; nothing was written now.</summary>
internal sealed class ConcurrentWriterException(bool onlyListChanged)
    : Exception("Another process wrote into this schema meanwhile; nothing was written. The next run sees which of them may write.")
{
    /// <summary>It wrote no block: the pool list was changed.</summary>
    public bool OnlyListChanged { get; } = onlyListChanged;
}
