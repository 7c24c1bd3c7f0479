using System.Collections.Concurrent;
using Npgsql;
using PoolWatch.Storage;

namespace PoolWatch.ReadModel;

/// <summary>A list that is or was active, ready to attribute.</summary>
internal sealed record PastList(StoredPoolList Stored, PoolAttributor Attributor);

/// <summary>
/// Attributions as another list makes them. Nothing of them has to be stored: they follow from the stored coinbases and the stored lists.
/// </summary>
internal sealed class PastLists(Database database) : IDisposable
{
    /// <summary>Of compiled lists so many are kept.</summary>
    private const int Kept = 16;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>A question about a whole chain takes a second of both cores: one at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private const int QuerySeconds = 5;
    private const int WindowSeconds = 15;
    private readonly ConcurrentDictionary<short, PastList> _lists = new();

    /// <summary>The list that was active at a moment.</summary>
    /// <returns>Null where nothing was attributed yet.</returns>
    public Task<PastList?> FindAsync(DateTimeOffset at, CancellationToken cancellationToken) =>
        FindAsync("SELECT pool_list_id FROM pool_list_change WHERE at <= $1 ORDER BY id DESC LIMIT 1", [new() { Value = at.ToUniversalTime() }], cancellationToken);

    /// <summary>The list of a version, with a rule that it was active with, or null for the last one.</summary>
    /// <returns>Null where it never was.</returns>
    public Task<PastList?> FindAsync(string version, string? algorithm, CancellationToken cancellationToken) =>
        FindAsync(PoolListStore.IdOfVersion, PoolListStore.ParametersOf(version, algorithm), cancellationToken);

    /// <summary>The window's blocks as the list attributes them.</summary>
    /// <param name="snapshot">The chain in which the window lies.</param>
    /// <param name="window">Its blocks.</param>
    /// <param name="list">The list.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A chain of these blocks alone; null where the stored chain is no longer that of the snapshot.</returns>
    public async Task<ChainView?> AttributeAsync(Snapshot snapshot, BlockWindow window, PastList list, CancellationToken cancellationToken)
    {
        if (!await _turn.WaitAsync(LongestWait, cancellationToken))
        {
            throw new DatabaseBusyException("Others ask about the past at the moment, one at a time is answered. Ask again, or for a shorter window.");
        }

        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
            if (await BlockStore.ReadChainAsync(connection, cancellationToken) != snapshot.Stored)
            {
                return null;
            }

            var entries = await ReadAsync(connection, snapshot.Chain, window, list, cancellationToken);
            return ChainView.StartingAt(window.FromHeight, window.Blocks).Append(entries);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private static async Task<ChainEntry[]> ReadAsync(
        NpgsqlConnection connection, ChainView chain, BlockWindow window, PastList list, CancellationToken cancellationToken)
    {
        var entries = new ChainEntry[window.Blocks];
        await using var command = new NpgsqlCommand("SELECT height, coinbase_tx FROM block WHERE active AND height BETWEEN $1 AND $2", connection)
        {
            Parameters = { new() { Value = window.FromHeight }, new() { Value = window.ToHeight } },
            CommandTimeout = WindowSeconds,
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var height = reader.GetInt32(0);
            var pool = list.Attributor.Attribute(Coinbase.Decode(reader.GetFieldValue<byte[]>(1)), height).Pool;
            var index = pool is null ? ChainView.UnknownPool : (ushort)list.Stored.IdOf(pool);
            entries[height - window.FromHeight] = new ChainEntry(chain.Time(height), chain.MedianTimePast(height), index);
        }

        return entries;
    }

    private async Task<PastList?> FindAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = QuerySeconds };
        command.Parameters.AddRange(parameters);
        if (await command.ExecuteScalarAsync(cancellationToken) is not short id)
        {
            return null;
        }

        if (_lists.TryGetValue(id, out var known))
        {
            return known;
        }

        if (_lists.Count >= Kept)
        {
            _lists.Clear();
        }

        var stored = await PoolListStore.ReadAsync(connection, id, cancellationToken);
        return _lists[id] = new PastList(stored, PoolAttributor.Create(stored.Algorithm, stored.List));
    }
}

/// <summary>The database is up, but others keep it busy with questions of this kind.</summary>
internal sealed class DatabaseBusyException(string message) : Exception(message);
