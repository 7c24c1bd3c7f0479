using System.Data;
using Npgsql;
using PoolWatch.Settings;
using PoolWatch.Storage;

namespace PoolWatch.ReadModel;

/// <summary>Reads a snapshot from the database: the whole chain at first, then only what changed.</summary>
internal sealed class SnapshotLoader(Database database, BlockInspector inspector, PoolWatchSettings settings)
{
    private const int LoadedAtOnce = 4_096;
    private const int FewBlocks = 10_000;

    private const string ReadMany =
        """
        SELECT b.time, b.median_time, a.pool_id
        FROM block b JOIN attribution a ON a.block_id = b.id
        WHERE b.active AND b.height BETWEEN $1 AND $2
        ORDER BY b.height
        """;

    /// <summary>
    /// One look-up for each block, whatever the planner believes: in a first catch-up it knows nothing of the tables and would read all of both.
    /// For the same reason the range has two ends: of one with a single end it expects a third of all blocks.
    /// </summary>
    private const string ReadFew =
        """
        SELECT b.time, b.median_time, (SELECT a.pool_id FROM attribution a WHERE a.block_id = b.id)
        FROM block b
        WHERE b.active AND b.height BETWEEN $1 AND $2
        ORDER BY b.height
        """;

    private const string ReadPresentPools = "SELECT id, slug, name, link FROM pool WHERE id <> 0";

    /// <summary>A slug that several pools had belongs to the last of them; one that is in use again, to who uses it.</summary>
    private const string ReadFormerNames =
        """
        WITH last AS (
            SELECT DISTINCT ON (f.slug) f.slug, f.pool_id
            FROM pool_list_pool f JOIN pool_list_change c ON c.pool_list_id = f.pool_list_id
            ORDER BY f.slug, c.id DESC
        )
        SELECT DISTINCT f.pool_id, f.slug, f.name, ''
        FROM pool_list_pool f JOIN last USING (slug, pool_id)
        WHERE (f.slug, f.name) NOT IN (SELECT slug, name FROM pool)
        ORDER BY f.pool_id, f.slug, f.name
        """;

    /// <param name="current">The snapshot to go on from; null for none.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <returns>The newest snapshot, <paramref name="current"/> itself where nothing changed, null where no chain was begun.</returns>
    public async Task<Snapshot?> LoadAsync(Snapshot? current, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // One database snapshot for all that follows, whatever is written meanwhile.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var stored = await BlockStore.ReadChainAsync(connection, cancellationToken);
        if (stored is null || stored == current?.Stored)
        {
            return stored is null ? null : current;
        }

        var sameList = current?.Stored.PoolListId == stored.PoolListId;
        var changes = sameList ? await ReadChangesAsync(connection, current!.Stored.Revision, stored.Revision, cancellationToken) : null;
        var chain = changes is { } known ? Keep(current!.Chain, known.KeptHeight) : ChainView.StartingAt(stored.FromHeight);
        chain = await ReadBlocksAsync(connection, chain, stored.Tip?.Height ?? 0, cancellationToken);
        if (stored.Tip is { } tip && chain.TipHeight != tip.Height)
        {
            throw new InvalidOperationException($"The stored chain has a gap: its blocks lead to height {chain.TipHeight}, its tip is "
                + $"at {tip.Height}.");
        }

        var (algorithm, list) = sameList ? (current!.Algorithm, current.List) : await PoolListStore.ReadListAsync(connection, stored.PoolListId, cancellationToken);
        var pools = sameList ? current!.Pools : (await ReadPoolsAsync(connection, ReadPresentPools, cancellationToken)).ToDictionary(p => p.Id);
        var formerNames = sameList ? current!.FormerNames : await ReadPoolsAsync(connection, ReadFormerNames, cancellationToken);
        var windows = Measure(chain);
        return new Snapshot
        {
            Stored = stored,
            Algorithm = algorithm,
            List = list,
            // Anew each time: the same list may have been another's successor meanwhile.
            ListSince = await PoolListStore.ReadActiveSinceAsync(connection, cancellationToken),
            Chain = chain,
            FormerNames = formerNames,
            Pools = pools,
            // Where nothing was stale and nothing became so, there is nothing to count: in a first catch-up the count would read all blocks.
            StaleBlocks = changes is { Staled: 0 } && current!.StaleBlocks.Count == 0
                ? current.StaleBlocks
                : await ReadStaleBlocksAsync(connection, cancellationToken),
            Windows = windows,
            Layers = LayeredMeasures.Of(settings.Layers, pools, formerNames, chain, windows, current?.Layers),
            Inspection = await inspector.InspectAsync(connection, chain, list, sameList ? current!.Inspection : null, changes?.KeptHeight, cancellationToken),
        };
    }

    private static ChainView Keep(ChainView chain, int height) => height < chain.TipHeight ? chain.TruncateTo(height) : chain;

    private static Dictionary<int, WindowMeasures> Measure(ChainView chain)
    {
        var windows = new Dictionary<int, WindowMeasures>();
        foreach (var length in BlockWindow.StandardLengths)
        {
            if (chain.TryLast(length, out var window))
            {
                windows.Add(length, WindowMeasures.Of(ShareDistribution.Of(chain, window)));
            }
        }

        return windows;
    }

    private static async Task<List<PoolName>> ReadPoolsAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var pools = new List<PoolName>();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = (ushort)reader.GetInt16(0);
            pools.Add(new PoolName(id, reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return pools;
    }

    /// <returns>The lowest height kept by all changes since a revision, and how many blocks they made stale; null where they are no longer known.</returns>
    private static async Task<(int KeptHeight, long Staled)?> ReadChangesAsync(
        NpgsqlConnection connection, long since, long until, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT count(*), min(kept_height), sum(staled) FROM chain_change WHERE revision > $1", connection)
        {
            Parameters = { new() { Value = since } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0) == until - since && !reader.IsDBNull(1) ? (reader.GetInt32(1), reader.GetInt64(2)) : null;
    }

    private static async Task<ChainView> ReadBlocksAsync(
        NpgsqlConnection connection, ChainView chain, int tipHeight, CancellationToken cancellationToken)
    {
        var fromHeight = chain.FirstHeight + chain.Count;
        await using var command = new NpgsqlCommand(tipHeight - fromHeight < FewBlocks ? ReadFew : ReadMany, connection)
        {
            Parameters = { new() { Value = fromHeight }, new() { Value = tipHeight } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<ChainEntry>(LoadedAtOnce);
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new ChainEntry(BlockStore.ReadUnixTime(reader, 0), BlockStore.ReadUnixTime(reader, 1), PoolId(reader, 2)));
            if (entries.Count == LoadedAtOnce)
            {
                chain = chain.Append(entries.ToArray());
                entries.Clear();
            }
        }

        return chain.Append(entries.ToArray());
    }

    private static async Task<Dictionary<ushort, int>> ReadStaleBlocksAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var stale = new Dictionary<ushort, int>();
        await using var command = new NpgsqlCommand(
            """
            SELECT a.pool_id, count(*)::integer
            FROM block b JOIN attribution a ON a.block_id = b.id
            WHERE NOT b.active
            GROUP BY a.pool_id
            ORDER BY a.pool_id
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            stale.Add(PoolId(reader, 0), reader.GetInt32(1));
        }

        return stale;
    }

    private static ushort PoolId(NpgsqlDataReader reader, int column) =>
        reader.GetInt16(column) is var id and not 0 ? (ushort)id : ChainView.UnknownPool;
}
