using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using PoolWatch.Storage;

namespace PoolWatch.PoolLists;

/// <summary>Writes a change of list in the caller's transaction: history, attributions, days, the active list, the news for readers.</summary>
internal sealed class ListReplacement(NpgsqlConnection connection, TimeProvider time)
{
    /// <summary>Makes <paramref name="to"/> the active list, whose attributions of <paramref name="changed"/> differ from the stored ones.</summary>
    public async Task WriteAsync(
        ChangeKind kind, StoredChain chain, StoredPoolList to, ChangeReport report, IReadOnlyList<ChangedBlock> changed, bool accepted, CancellationToken cancellationToken)
    {
        var change = await AddChangeAsync(kind, chain, to, report, accepted, cancellationToken);
        await NameBlocksAsync(changed, cancellationToken);
        await ExecuteAsync(
            """
            WITH former AS (
                DELETE FROM attribution a USING changed WHERE changed.block_id = a.block_id RETURNING a.*, changed.only_names
            )
            INSERT INTO attribution_change (block_id, change_id, pool_list_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners)
            SELECT block_id, $1, pool_list_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners FROM former
            WHERE NOT only_names ORDER BY block_id
            """, [new() { Value = change }], cancellationToken);
        await BlockCopy.WriteAttributionsAsync(connection, changed.Select(c => (c.Id, c.Attribution)), to, cancellationToken);
        await CountDaysAsync(changed, cancellationToken);
        await AdvanceAsync(chain, to.Id, cancellationToken);
    }

    /// <summary>Writes what is known of the same blocks by the same list in the present version of this program; no judgement changes, and no number.</summary>
    public async Task RefreshAsync(StoredChain chain, StoredPoolList list, IReadOnlyList<ChangedBlock> blocks, CancellationToken cancellationToken)
    {
        await NameBlocksAsync(blocks, cancellationToken);
        await ExecuteAsync("DELETE FROM attribution a USING changed WHERE changed.block_id = a.block_id", [], cancellationToken);
        await BlockCopy.WriteAttributionsAsync(connection, blocks.Select(c => (c.Id, c.Attribution)), list, cancellationToken);
        await ExecuteAsync("UPDATE chain SET evidence = $1", [new() { Value = BlockStore.Evidence }], cancellationToken);
        await NotifyAsync(chain.Revision, cancellationToken);
    }

    private async Task<int> AddChangeAsync(
        ChangeKind kind, StoredChain chain, StoredPoolList to, ChangeReport report, bool accepted, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO pool_list_change (at, kind, pool_list_id, former_id, revision, tip_height, blocks, moved, changed, accepted)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id
            """, connection)
        {
            Parameters =
            {
                new() { Value = time.GetUtcNow() }, new() { Value = kind.ToString().ToLowerInvariant() }, new() { Value = to.Id }, new() { Value = chain.PoolListId },
                new() { Value = chain.Revision + 1 }, new() { Value = (object?)chain.Tip?.Height ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer },
                new() { Value = report.Blocks }, new() { Value = report.Moved }, new() { Value = report.Changed }, new() { Value = accepted },
            },
        };
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Fills the table <c>changed</c> with the blocks whose attributions are replaced.</summary>
    private async Task NameBlocksAsync(IReadOnlyList<ChangedBlock> changed, CancellationToken cancellationToken)
    {
        await ExecuteAsync("CREATE TEMPORARY TABLE changed (block_id integer, only_names boolean) ON COMMIT DROP", [], cancellationToken);
        await using (var writer = await connection.BeginBinaryImportAsync("COPY changed (block_id, only_names) FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var block in changed)
            {
                await writer.StartRowAsync(cancellationToken);
                await writer.WriteAsync(block.Id, NpgsqlDbType.Integer, cancellationToken);
                await writer.WriteAsync(block.OnlyNames, NpgsqlDbType.Boolean, cancellationToken);
            }

            await writer.CompleteAsync(cancellationToken);
        }

        // Without it the planner guesses how many there are; and with room to sort and join in, a change of all blocks takes half the time.
        await ExecuteAsync("ANALYZE changed", [], cancellationToken);
        await ExecuteAsync("SET LOCAL work_mem = '64MB'", [], cancellationToken);
    }

    private async Task CountDaysAsync(IReadOnlyList<ChangedBlock> changed, CancellationToken cancellationToken)
    {
        var days = changed.Where(c => c.Active && c.Moves)
            .SelectMany(c => new[] { (c.Day, Pool: c.FormerPool, Blocks: -1), (c.Day, Pool: c.Pool, Blocks: 1) })
            .GroupBy(d => (d.Day, d.Pool)).Select(g => (g.Key.Day, g.Key.Pool, Blocks: g.Sum(d => d.Blocks))).Where(d => d.Blocks != 0).ToList();
        // Two steps: a row that INSERT proposes is checked before its conflict is found, and a difference may be negative.
        await ExecuteAsync(
            """
            WITH difference AS (
                SELECT * FROM unnest($1::date[], $2::smallint[], $3::integer[]) AS t (day, pool_id, blocks)
            ), counted AS (
                UPDATE pool_day d SET blocks = d.blocks + difference.blocks FROM difference
                WHERE d.day = difference.day AND d.pool_id = difference.pool_id RETURNING d.day, d.pool_id
            )
            INSERT INTO pool_day (day, pool_id, blocks)
            SELECT day, pool_id, blocks FROM difference WHERE (day, pool_id) NOT IN (SELECT day, pool_id FROM counted)
            """,
            [
                new() { Value = days.Select(d => d.Day).ToArray() },
                new() { Value = days.Select(d => d.Pool).ToArray() },
                new() { Value = days.Select(d => d.Blocks).ToArray() },
            ], cancellationToken);
        await ExecuteAsync("DELETE FROM pool_day WHERE blocks = 0", [], cancellationToken);
    }

    /// <summary>No block stays as readers know it: they load everything anew.</summary>
    private async Task AdvanceAsync(StoredChain chain, short list, CancellationToken cancellationToken)
    {
        var revision = chain.Revision + 1;
        await ExecuteAsync("UPDATE chain SET revision = $1, pool_list_id = $2", [new() { Value = revision }, new() { Value = list }], cancellationToken);
        await ExecuteAsync(
            "INSERT INTO chain_change (revision, kept_height, staled, added, at) VALUES ($1, $2, 0, 0, $3)",
            [new() { Value = revision }, new() { Value = chain.FromHeight - 1 }, new() { Value = time.GetUtcNow() }], cancellationToken);
        await NotifyAsync(revision, cancellationToken);
    }

    private Task NotifyAsync(long revision, CancellationToken cancellationToken) =>
        ExecuteAsync("SELECT pg_notify(current_schema(), $1)", [new() { Value = revision.ToString(CultureInfo.InvariantCulture) }], cancellationToken);

    private async Task ExecuteAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        // As long as it takes: of a whole chain on a slow disk that is minutes.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
