using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Node;
using PoolWatch.Settings;
using PoolWatch.Storage;

namespace PoolWatch.Tests.Support;

/// <summary>A private PostgreSQL whose service is not running, started for a moment by the test.</summary>
public static class PrivateDatabase
{
    public static async Task ExecuteAsync(string directory, string sql)
    {
        await using var server = await StartAsync(directory);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a start with nothing configured but this folder, on a machine without a node, would serve.</summary>
    public static async Task<bool> WouldShowSampleAsync(string directory)
    {
        await using var server = await StartAsync(directory);
        var (settings, errors) = SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection([new("PoolWatch:DataDirectory", directory)]).Build());
        Assert.Empty(errors);
        Assert.False(settings!.Node.Configured);
        Assert.False(File.Exists(settings.Node.CookieFile), "This machine has a Bitcoin node: this test can't be run beside it.");
        var (source, _, _) = await new SourceChoice(settings, NullLoggerFactory.Instance).DecideAsync(server.ConnectionString, TestContext.Current.CancellationToken);
        return source is SampleBlockSource;
    }

    private static async Task<PrivatePostgres> StartAsync(string directory)
    {
        var server = new PrivatePostgres(directory, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        await server.EnsureRunningAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
