using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Node;
using PoolWatch.Settings;
using PoolWatch.Storage;

namespace PoolWatch.Commands;

/// <summary>
/// The database for as long as a command needs it: the configured server, or the private one, that of a running service or started for the
/// command. The service's settings find it.
/// </summary>
internal sealed class DatabaseSession : IAsyncDisposable
{
    private readonly PrivatePostgres? _postgres;

    private DatabaseSession(PoolWatchSettings settings, Database database, PrivatePostgres? postgres)
    {
        (Settings, Database, _postgres) = (settings, database, postgres);
        Lists = new PoolListStore(database, TimeProvider.System);
    }

    public PoolWatchSettings Settings { get; }

    public Database Database { get; }

    public PoolListStore Lists { get; }

    /// <exception cref="DatabaseSetupException">There is no database to be used, or no chain in it.</exception>
    public static async Task<DatabaseSession> OpenAsync(PoolWatchSettings settings, CancellationToken cancellationToken)
    {
        var postgres = settings.ConnectionString is null
            ? new PrivatePostgres(settings.DataDirectory, settings.PostgresBinDirectory, TimeProvider.System, NullLogger<PrivatePostgres>.Instance)
            : null;
        var database = new Database();
        try
        {
            if (postgres is not null)
            {
                RefuseEmptyFolder(settings.DataDirectory);
                await postgres.EnsureRunningAsync(cancellationToken);
            }

            var connectionString = settings.ConnectionString ?? postgres!.ConnectionString;
            var schema = await FindSchemaAsync(connectionString, settings, cancellationToken);
            await new SchemaMigrator(NullLogger<SchemaMigrator>.Instance).MigrateAsync(connectionString, schema, cancellationToken);
            database.Open(connectionString, schema);
            return new DatabaseSession(settings, database, postgres);
        }
        catch
        {
            await CloseAsync(database, postgres);
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync(Database, _postgres);

    private static async Task CloseAsync(Database database, PrivatePostgres? postgres)
    {
        await database.DisposeAsync();
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    /// <summary>A command makes no database: it would be an empty one.</summary>
    private static void RefuseEmptyFolder(string dataDirectory)
    {
        if (!Directory.Exists(PrivatePostgres.DataFolder(dataDirectory)))
        {
            throw new DatabaseSetupException($"There is no database in '{dataDirectory}': start the service first, or name its folder or server by "
                + "PoolWatch:DataDirectory or ConnectionStrings:PoolWatch.");
        }
    }

    /// <summary>The chain that the service serves by the same settings: the real one where one is stored, else the sample.</summary>
    private static async Task<string> FindSchemaAsync(string connectionString, PoolWatchSettings settings, CancellationToken cancellationToken)
    {
        string[] schemas = settings.Source == SourceKind.Sample ? [SourceChoice.SampleSchema(settings)] : [SourceChoice.RealSchema(settings), SourceChoice.SampleSchema(settings)];
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var schema in schemas)
        {
            await using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = $"{schema}.chain" } } };
            if ((bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
            {
                return schema;
            }
        }

        throw new DatabaseSetupException($"No chain is stored in schema {string.Join(" or ", schemas)}: start the service first, or set PoolWatch:Network or PoolWatch:Schema as the service has them.");
    }
}
