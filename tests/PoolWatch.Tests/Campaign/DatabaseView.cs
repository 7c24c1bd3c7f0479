using Npgsql;

namespace PoolWatch.Tests.Campaign;

/// <summary>What can be seen of a service's work in its database.</summary>
/// <param name="Begun">Whether its schema is made.</param>
/// <param name="Height">The stored height; −1 before the first block.</param>
/// <param name="Writes">Whether a transaction is writing.</param>
/// <param name="Sessions">How many sessions others have.</param>
public sealed record DatabaseSight(bool Begun, int Height, bool Writes, int Sessions);

/// <summary>One connection that looks at a round's database, quickly and as often as wanted.</summary>
public sealed class DatabaseView : IAsyncDisposable
{
    private const string Activity =
        "SELECT count(*)::integer, coalesce(bool_or(backend_xid IS NOT NULL), false) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

    private readonly NpgsqlConnection _connection;
    private bool _begun;

    private DatabaseView(NpgsqlConnection connection) => _connection = connection;

    public static async Task<DatabaseView> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return new DatabaseView(connection);
    }

    public async Task<DatabaseSight> LookAsync()
    {
        _begun = _begun || await ScalarAsync("SELECT to_regclass('poolwatch_regtest.chain') IS NOT NULL") is true;
        var height = _begun && await ScalarAsync("SELECT tip_height FROM poolwatch_regtest.chain") is int tip ? tip : -1;
        await using var command = new NpgsqlCommand(Activity, _connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        return new DatabaseSight(_begun, height, reader.GetBoolean(1), reader.GetInt32(0));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
