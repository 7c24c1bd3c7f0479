using System.Globalization;
using System.Reflection;
using EvolveDb;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>Brings a schema to the newest version by the numbered scripts in Migrations; an interrupted script leaves nothing behind.</summary>
internal sealed partial class SchemaMigrator(ILogger<SchemaMigrator> logger)
{
    private const string MetadataTable = "schema_migration";
    private const string Scripts = "PoolWatch.Storage.Migrations";

    /// <remarks>A schema that is as new as this program is not looked at further: a start should not wait for that.</remarks>
    /// <exception cref="DatabaseSetupException">The database is newer than this program, or was changed by hand.</exception>
    public async Task MigrateAsync(string connectionString, string schema, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, SearchPath = schema }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        if (await ReadAppliedAsync(connection, schema, cancellationToken) is { } applied && applied >= NewestKnown())
        {
            RefuseNewer(applied, schema);
            return;
        }

        var migrated = 0;
        try
        {
            migrated = Migrate(connection, schema);
        }
        catch (EvolveException e) when (IsRefusal(e))
        {
            throw new DatabaseSetupException($"Schema '{schema}' can't be brought to this version's tables: {e.Message} Restore a backup, or run the version that "
                + "made it (docs/operations.md).", e);
        }
        catch (EvolveException e)
        {
            throw new DatabaseUnavailableException($"The connection broke while schema '{schema}' was made: {e.Message}", e);
        }

        if (migrated > 0)
        {
            Log.Migrated(logger, schema, migrated);
        }
    }

    private int Migrate(NpgsqlConnection connection, string schema)
    {
        var migration = new Evolve(connection, message => Log.Step(logger, message))
        {
            EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
            EmbeddedResourceFilters = [Scripts],
            Schemas = [schema],
            MetadataTableSchema = schema,
            MetadataTableName = MetadataTable,
            IsEraseDisabled = true,
            EnableClusterMode = true,
        };
        migration.Migrate();
        return migration.NbMigration;
    }

    /// <summary>
    /// Scripts that were changed, or a statement that the server refuses. Of a connection that breaks the tool makes other errors, some of which
    /// name neither server nor network: after them another attempt is made.
    /// </summary>
    private static bool IsRefusal(EvolveException exception) =>
        exception is EvolveValidationException or EvolveConfigurationException
        || (!Database.IsOutage(exception) && InnerOf(exception).OfType<PostgresException>().Any());

    private static IEnumerable<Exception> InnerOf(Exception exception)
    {
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            yield return inner;
        }
    }

    /// <summary>An older program would write into tables that it does not know.</summary>
    private static void RefuseNewer(int applied, string schema)
    {
        if (applied > NewestKnown())
        {
            throw new DatabaseSetupException($"Schema '{schema}' was made by a newer PoolWatch (migration {applied}; this program "
                + $"knows {NewestKnown()}). Run that version or a later one.");
        }
    }

    /// <returns>The newest migration that was applied whole; null for none.</returns>
    private static async Task<int?> ReadAppliedAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = $"{schema}.{MetadataTable}" } } };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
        {
            return null;
        }

        await using var newest = new NpgsqlCommand($"SELECT max(version::integer) FROM {MetadataTable} WHERE success AND version ~ '^[0-9]+$'", connection);
        return await newest.ExecuteScalarAsync(cancellationToken) as int?;
    }

    private static int NewestKnown() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(n => n.StartsWith($"{Scripts}.V", StringComparison.Ordinal))
        .Max(n => int.Parse(n.AsSpan($"{Scripts}.V".Length, 3), CultureInfo.InvariantCulture));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Migration: {Step}")]
        public static partial void Step(ILogger logger, string step);

        [LoggerMessage(Level = LogLevel.Information, Message = "Schema {Schema}: {Count} migrations applied")]
        public static partial void Migrated(ILogger logger, string schema, int count);
    }
}
