using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Storage;
using PoolWatch.Tests.Campaign;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Storage;

/// <summary>A schema that can't be made now is tried again; one that must not be touched is refused.</summary>
public sealed class MigrationTests(TestPostgres postgres)
{
    private const string Schema = "poolwatch_regtest";
    private readonly SchemaMigrator _migrator = new(NullLogger<SchemaMigrator>.Instance);

    [Fact]
    public async Task A_script_that_was_changed_is_refused()
    {
        var database = await postgres.CreateDatabaseAsync();
        await _migrator.MigrateAsync(database, Schema, TestContext.Current.CancellationToken);
        // Of a schema that needs no migration the scripts are not looked at.
        Assert.True(await StoredState.ExecuteAsync(
            database, Schema, "DELETE FROM schema_migration WHERE version = (SELECT max(version) FROM schema_migration); UPDATE schema_migration SET checksum = 'another' WHERE checksum <> ''") > 0);

        var refused = await Assert.ThrowsAsync<DatabaseSetupException>(() => _migrator.MigrateAsync(database, Schema, TestContext.Current.CancellationToken));

        Assert.Contains(Schema, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_statement_that_the_server_refuses_is_refused()
    {
        var database = await postgres.CreateDatabaseAsync();
        await StoredState.ExecuteAsync(database, "public", $"CREATE SCHEMA {Schema}; CREATE TABLE {Schema}.chain (only_row boolean)");

        await Assert.ThrowsAsync<DatabaseSetupException>(() => _migrator.MigrateAsync(database, Schema, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_connection_that_breaks_at_any_byte_is_an_outage()
    {
        var target = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await using var proxy = new TcpProxy(new UnixDomainSocketEndPoint(Path.Combine(target.Host!, $".s.PGSQL.{target.Port}")));
        var proxied = new NpgsqlConnectionStringBuilder(target.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port, Timeout = 5, CommandTimeout = 5 };
        var broken = 0;
        for (var bytes = 350; bytes < 4000; bytes += 175)
        {
            proxy.CutAfter(bytes);
            try
            {
                await _migrator.MigrateAsync(proxied.ConnectionString, Schema, TestContext.Current.CancellationToken);
            }
            catch (Exception e)
            {
                Assert.True(Database.IsOutage(e), $"Cut after {bytes} bytes: {e}");
                broken++;
            }
        }

        Assert.True(broken > 0);
        proxy.CutAfter(int.MaxValue);
        await _migrator.MigrateAsync(proxied.ConnectionString, Schema, TestContext.Current.CancellationToken);
        Assert.Equal(["(0)"], await StoredState.RowsAsync(target.ConnectionString, Schema, "SELECT count(*) - count(DISTINCT version) FROM schema_migration"));
        Assert.Equal(["(1)"], await StoredState.RowsAsync(target.ConnectionString, Schema, "SELECT count(*) FROM pool"));
    }
}
