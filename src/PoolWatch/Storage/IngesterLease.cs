using System.Data;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>
/// The right to write into a schema: an advisory lock on a connection of its own. It ends with the connection, so it outlives no process.
/// A writer that lost it without noticing is stopped by the tip comparison of every batch (<see cref="BlockStore"/>).
/// </summary>
internal sealed class IngesterLease(Database database) : IAsyncDisposable
{
    /// <summary>Two jobs ask, and a connection serves one at a time.</summary>
    private readonly SemaphoreSlim _turn = new(1);
    private NpgsqlConnection? _connection;

    /// <returns>Whether this process holds the lease now.</returns>
    public async Task<bool> TryHoldAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await TryHoldAloneAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A job that outlasts the stop still gives its turn back, so that is not disposed of: it holds nothing but memory.</summary>
    public async ValueTask DisposeAsync() => await ReleaseAsync();

    private async Task<bool> TryHoldAloneAsync(CancellationToken cancellationToken)
    {
        // One that its keep-alive found dead can't be asked.
        if (_connection is { State: ConnectionState.Open } held && await IsAliveAsync(held, cancellationToken))
        {
            return true;
        }

        await ReleaseAsync();
        var connection = await database.OpenUnpooledAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(
                "SELECT pg_try_advisory_lock(hashtextextended('poolwatch ingester of ' || $1, 0))", connection)
            {
                Parameters = { new() { Value = database.Schema } },
            };
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!)
            {
                _connection = connection;
                return true;
            }
        }
        finally
        {
            if (_connection != connection)
            {
                await connection.DisposeAsync();
            }
        }

        return false;
    }

    private async Task ReleaseAsync()
    {
        var released = _connection;
        _connection = null;
        try
        {
            await (released?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        catch (NpgsqlException)
        {
            // A server that ends while it is asked something takes the connection, and the lock, with it.
        }
    }

    private static async Task<bool> IsAliveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand("SELECT 1", connection);
            await command.ExecuteScalarAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
