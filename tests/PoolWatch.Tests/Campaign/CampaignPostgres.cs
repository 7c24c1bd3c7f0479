using System.Diagnostics;
using System.Globalization;
using Npgsql;
using PoolWatch.Storage;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>A PostgreSQL server on TCP whose data lie on a <see cref="SmallDisk"/>: to be killed, started again, and to run out of room.</summary>
public sealed class CampaignPostgres : IAsyncDisposable
{
    private const string User = "poolwatch";
    private const int StartAttempts = 20;
    private readonly SmallDisk _disk;
    private readonly int _port = Ports.Free(1)[0];
    private readonly PostgresPrograms _programs = PostgresPrograms.Find(null);
    private ChildProcess? _server;
    private int _databases;

    private CampaignPostgres(SmallDisk disk) => _disk = disk;

    public int Port => _port;

    public SmallDisk Disk => _disk;

    public bool IsRunning => _server is { HasExited: false };

    private string Data => Path.Combine(_disk.Mount, "data");

    public static async Task<CampaignPostgres> StartAsync()
    {
        var server = new CampaignPostgres(await SmallDisk.MountAsync());
        try
        {
            await server.CreateClusterAsync();
            await server.EnsureRunningAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <param name="database">A database of this server.</param>
    /// <param name="port">Another port than the server's own: that of a proxy.</param>
    public string ConnectionString(string database, int? port = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port ?? _port,
        Username = User,
        Database = database,
        // A connection that a stalled network has swallowed shall not cost half a minute of each round.
        Timeout = 5,
        CommandTimeout = 5,
    }.ConnectionString;

    /// <returns>The name of a new database: empty, or a copy.</returns>
    public async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"round_{++_databases}");
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return name;
    }

    public Task DropDatabaseAsync(string name) => ExecuteAsync($"DROP DATABASE {name} WITH (FORCE)");

    /// <summary>Ends, one after the other, the sessions that a condition on <c>pg_stat_activity</c> selects, as an administrator would.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> TerminateAsync(string database, string condition = "true") => int.Parse(
        (await RowsAsync($"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{database}' AND {condition}"))[0].Trim('(', ')'),
        CultureInfo.InvariantCulture);

    /// <summary>kill -9 of one session's process: PostgreSQL then ends all the others too, and recovers.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> KillBackendAsync(string database, Random random)
    {
        var ids = await RowsAsync($"SELECT pid FROM pg_stat_activity WHERE datname = '{database}'");
        return ids.Count > 0 && Kill(int.Parse(ids[random.Next(ids.Count)].Trim('(', ')'), CultureInfo.InvariantCulture));
    }

    /// <summary>What others write: a little, or so much that the log needs another file.</summary>
    public async Task WriteLogAsync(bool much)
    {
        try
        {
            await StoredState.ExecuteAsync(ConnectionString("postgres"), "public", much ? "SELECT pg_current_xact_id(), pg_switch_wal()" : "SELECT pg_current_xact_id()");
        }
        catch (NpgsqlException)
        {
            // Where there is no room, this is what has to happen.
        }
    }

    /// <summary>kill -9 of the server and of each of its processes.</summary>
    public async Task KillAsync()
    {
        var server = _server!;
        var children = ProcessTree.Descendants(server.Id).ToList();
        await server.KillAsync();
        children.ForEach(id => Kill(id));
        while (children.Exists(ProcessTree.Exists))
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Starts the server if it does not run, and waits until it takes connections.</summary>
    public async Task EnsureRunningAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var attempt = 0; !await AnswersAsync(); attempt++)
        {
            Assert.False(limit.IsCancellationRequested, $"PostgreSQL runs and does not answer:\n{_server?.Output}");
            if (_server is { HasExited: true } ended)
            {
                Assert.True(attempt < StartAttempts, $"PostgreSQL does not start:\n{ended.Output}");
                await ended.DisposeAsync();
                _server = null;
            }

            _server ??= await ChildProcess.StartAsync(_disk.Enter[0], [.. _disk.Enter[1..], .. Words("postgres",
                "-D", Data, "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", "", "-h", "127.0.0.1",
                "-c", "max_wal_size=64MB", "-c", "max_connections=50")]);
            await Task.Delay(30, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await KillAsync();
            await _server.DisposeAsync();
        }

        await _disk.DisposeAsync();
    }

    private async Task CreateClusterAsync()
    {
        Directory.CreateDirectory(_disk.Path("data"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (PostgresPrograms.RunsAsPostgresUser)
        {
            await PostgresPrograms.RunAsync(new ProcessStartInfo("chown", ["postgres:postgres", _disk.Path("data")]), TestContext.Current.CancellationToken);
        }

        await using var initdb = await ChildProcess.StartAsync(_disk.Enter[0], [.. _disk.Enter[1..], .. Words("initdb",
            "-D", Data, "-U", User, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")]);
        await initdb.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(initdb.ExitCode == 0, initdb.Output);
    }

    /// <summary>PostgreSQL refuses to run as root, and whoever made the disk without being root is root there.</summary>
    private string[] Words(string program, params string[] arguments)
    {
        var command = _programs.Command(program, diesWithUs: true, arguments);
        string[] unprivileged = PostgresPrograms.RunsAsPostgresUser ? [] : ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"];
        return [.. unprivileged, command.FileName, .. command.ArgumentList];
    }

    private async Task<bool> AnswersAsync()
    {
        if (!IsRunning)
        {
            return false;
        }

        try
        {
            await StoredState.ExecuteAsync(ConnectionString("postgres"), "public", "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private Task<int> ExecuteAsync(string sql) => OnceItAnswersAsync(() => StoredState.ExecuteAsync(ConnectionString("postgres"), "public", sql));

    private Task<IReadOnlyList<string>> RowsAsync(string sql) => OnceItAnswersAsync(() => StoredState.RowsAsync(ConnectionString("postgres"), "public", sql));

    /// <summary>A server that was hit recovers for a moment, and may not have noticed yet.</summary>
    private async Task<T> OnceItAnswersAsync<T>(Func<Task<T>> ask)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await ask();
            }
            catch (NpgsqlException e) when (attempt < StartAttempts && e.SqlState is null or "57P01" or "57P02" or "57P03")
            {
                await EnsureRunningAsync();
            }
        }
    }

    private static bool Kill(int id)
    {
        try
        {
            Process.GetProcessById(id).Kill();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
