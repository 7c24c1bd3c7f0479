using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Storage;
using PoolWatch.Tests.Support;

[assembly: AssemblyFixture(typeof(TestPostgres))]

namespace PoolWatch.Tests.Support;

/// <summary>One PostgreSQL server for the whole run, started as the service starts its own; every test that asks gets an empty database on it.</summary>
public sealed class TestPostgres : IAsyncLifetime
{
    private readonly OpenDirectory _directory = new();
    private readonly PrivatePostgres _server;
    private int _databases;

    public TestPostgres() => _server = new PrivatePostgres(_directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);

    public async ValueTask InitializeAsync() => await _server.EnsureRunningAsync(TestContext.Current.CancellationToken);

    /// <summary>Connection string of a new database.</summary>
    /// <param name="template">A database that nobody is connected to, to be copied; none: an empty one.</param>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(_server.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template ?? "template1"}", connection);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Database = name }.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>A temporary folder that other users may pass through: root's PostgreSQL runs as another user.</summary>
public sealed class OpenDirectory : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public OpenDirectory() => File.SetUnixFileMode(_directory.Path, (UnixFileMode)Convert.ToInt32("711", 8));

    public string Path => _directory.Path;

    public void Dispose() => _directory.Dispose();
}
