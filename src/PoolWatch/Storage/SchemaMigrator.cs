using System.Reflection;
using EvolveDb;
using Npgsql;

namespace PoolWatch.Storage;

/// <summary>Brings a schema to the newest version by the numbered scripts in Migrations; an interrupted script leaves nothing behind.</summary>
internal sealed partial class SchemaMigrator(ILogger<SchemaMigrator> logger)
{
    /// <exception cref="DatabaseSetupException">The database is newer than this program, or was changed by hand.</exception>
    public async Task MigrateAsync(string connectionString, string schema, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, SearchPath = schema }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var migration = new Evolve(connection, message => Log.Step(logger, message))
        {
            EmbeddedResourceAssemblies = [Assembly.GetExecutingAssembly()],
            EmbeddedResourceFilters = ["PoolWatch.Storage.Migrations"],
            Schemas = [schema],
            MetadataTableSchema = schema,
            MetadataTableName = "schema_migration",
            IsEraseDisabled = true,
            EnableClusterMode = true,
        };
        try
        {
            migration.Migrate();
        }
        catch (EvolveException e) when (!Database.IsOutage(e))
        {
            throw new DatabaseSetupException($"Schema '{schema}' can't be brought to this version's tables: {e.Message}", e);
        }

        if (migration.NbMigration > 0)
        {
            Log.Migrated(logger, schema, migration.NbMigration);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Migration: {Step}")]
        public static partial void Step(ILogger logger, string step);

        [LoggerMessage(Level = LogLevel.Information, Message = "Schema {Schema}: {Count} migrations applied")]
        public static partial void Migrated(ILogger logger, string schema, int count);
    }
}
