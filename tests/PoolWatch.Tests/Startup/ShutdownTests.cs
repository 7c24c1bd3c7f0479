using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Storage;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Startup;

/// <summary>
/// SIGTERM ends the service, and the database that it started, within two seconds and with code 0, whatever it is doing. While it catches up:
/// <see cref="PrivateInstallationTests"/>.
/// </summary>
public sealed class ShutdownTests(TestPostgres postgres)
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task With_a_database_of_its_own_that_is_created_runs_recovers_or_hangs()
    {
        using var directory = new OpenDirectory();
        string[] settings = [$"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample"];
        await using (var creating = await ServiceProcess.StartAsync(settings))
        {
            await UntilAsync(creating, () => PostgresProcesses.Of(directory.Path).Count > 0);
            await AssertEndsAsync(creating, directory);
            Assert.False(Directory.Exists(Path.Combine(directory.Path, "postgres")));
        }

        await using (var following = await ServiceProcess.StartAsync(settings))
        {
            await following.WaitAsync(ServiceStatus.FollowsSample);
            await AssertEndsAsync(following, directory);
        }

        await RecoverForeverAsync(directory);
        await using (var recovering = await ServiceProcess.StartAsync(settings))
        {
            await UntilAsync(recovering, () => PostgresProcesses.Of(directory.Path).Count > 3);
            await AssertEndsAsync(recovering, directory);
            Assert.DoesNotContain("Private PostgreSQL runs", recovering.Output, StringComparison.Ordinal);
            File.Delete(Path.Combine(directory.Path, "postgres", "recovery.signal"));
        }

        await using var hung = await ServiceProcess.StartAsync(settings);
        await hung.WaitAsync(ServiceStatus.FollowsSample);
        await PostgresProcesses.FreezeAsync(directory.Path);
        await WaitForRunAsync();
        await AssertEndsAsync(hung, directory);
    }

    [Fact]
    public async Task While_it_starts()
    {
        const int endedBySignal = 128 + 15;
        var database = await postgres.CreateDatabaseAsync();
        var ends = new List<int>();
        for (var delay = 50; delay <= 650; delay += 150)
        {
            await using var service = await ServiceProcess.StartAsync($"ConnectionStrings:PoolWatch={database}", "PoolWatch:Source=sample");
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            var (exitCode, duration) = await service.SignalAsync("TERM");
            Assert.True(duration < LongestStop, service.Output);
            Assert.DoesNotContain("Exception", service.Output, StringComparison.Ordinal);
            ends.Add(exitCode);
        }

        Assert.All(ends, code => Assert.Contains(code, (int[])[0, endedBySignal]));
        Assert.Contains(endedBySignal, ends);
    }

    [Fact]
    public async Task While_another_process_migrates()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var other = new NpgsqlConnection(database);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var create = new NpgsqlCommand("CREATE SCHEMA poolwatch_sample", other);
        await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var service = await ServiceProcess.StartAsync($"ConnectionStrings:PoolWatch={database}", "PoolWatch:Source=sample");
        await WaitForBackendAsync(database, "wait_event_type = 'Lock'");

        await AssertEndsAsync(service);
    }

    [Fact]
    public async Task While_the_node_is_away() =>
        await AssertEndsWithNodeAsync(new Uri($"http://127.0.0.1:{Ports.Free(1)[0]}"), s => s.GetProperty("problem").GetString() == "node_unreachable");

    [Fact]
    public async Task While_the_node_warms_up()
    {
        await using var node = await WireServer.StartWithErrorAsync(-28, "Loading block index…");
        await AssertEndsWithNodeAsync(node.Url, s => s.GetProperty("problem").GetString() == "node_warming_up");
    }

    [Fact]
    public async Task While_the_node_stalls_in_the_middle_of_an_answer()
    {
        var stalled = new TaskCompletionSource();
        await using var node = await WireServer.StartAsync(async (context, _) =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("[{\"result\":");
            await context.Response.Body.FlushAsync();
            stalled.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await AssertEndsWithNodeAsync(node.Url, _ => stalled.Task.IsCompleted);
    }

    [Fact]
    public async Task While_a_database_of_others_is_away_or_hangs()
    {
        using var directory = new OpenDirectory();
        await using var server = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        string[] settings = [$"ConnectionStrings:PoolWatch={server.ConnectionString}", "PoolWatch:Source=sample"];
        await using var away = await ServiceProcess.StartAsync(settings);
        await away.WaitAsync(s => s.GetProperty("problem").GetString() == "database_unavailable");
        await AssertEndsAsync(away);

        await server.EnsureRunningAsync(TestContext.Current.CancellationToken);
        await using var hung = await ServiceProcess.StartAsync(settings);
        await hung.WaitAsync(ServiceStatus.FollowsSample);
        await PostgresProcesses.FreezeAsync(directory.Path);
        await using var starting = await ServiceProcess.StartAsync(settings);
        await starting.WaitAsync(_ => true);
        await WaitForRunAsync();
        await AssertEndsAsync(hung);
        await AssertEndsAsync(starting);
        await PostgresProcesses.ThawAsync(directory.Path);
    }

    [Fact]
    public async Task As_a_reader_and_as_a_standby()
    {
        string[] settings = [$"ConnectionStrings:PoolWatch={await postgres.CreateDatabaseAsync()}", "PoolWatch:Source=sample"];
        await using var writer = await ServiceProcess.StartAsync(settings);
        await writer.WaitAsync(ServiceStatus.FollowsSample);
        await using var reader = await ServiceProcess.StartAsync([.. settings, "PoolWatch:Ingest=false"]);
        await using var standby = await ServiceProcess.StartAsync(settings);
        await reader.WaitAsync(ServiceStatus.FollowsSample);
        await standby.WaitAsync(s => ServiceStatus.FollowsSample(s) && s.GetProperty("problem").GetString() == "other_ingester");

        await AssertEndsAsync(reader);
        await AssertEndsAsync(standby);
    }

    [Fact]
    public async Task While_requests_are_answered_and_a_run_waits_for_a_lock()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await ServiceProcess.StartAsync($"ConnectionStrings:PoolWatch={database}", "PoolWatch:Source=sample");
        await service.WaitAsync(ServiceStatus.FollowsSample);
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { SearchPath = "poolwatch_sample" }.ConnectionString);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var takeLock = new NpgsqlCommand("LOCK TABLE block, chain IN ACCESS EXCLUSIVE MODE", other);
        await takeLock.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        using var whole = await SendAsync(service.Url, "GET /v1/blocks HTTP/1.1\r\nHost: poolwatch\r\n\r\n");
        using var half = await SendAsync(service.Url, "GET /v1/blocks HTTP/1.1\r\nHost: poolw");
        await WaitForBackendAsync(database, "wait_event_type = 'Lock' AND query LIKE '%chain%'");

        await AssertEndsAsync(service);
    }

    /// <summary>From the signal until the process and every process of its database are gone.</summary>
    private static async Task AssertEndsAsync(ServiceProcess service, OpenDirectory? data = null)
    {
        var database = data is null ? [] : PostgresProcesses.Of(data.Path);
        var start = TimeProvider.System.GetTimestamp();
        var own = await service.TerminateAsync();
        while (database.Any(ProcessTree.Exists) && TimeProvider.System.GetElapsedTime(start) < 2 * LongestStop)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        var all = TimeProvider.System.GetElapsedTime(start);
        TestContext.Current.TestOutputHelper?.WriteLine($"{own.TotalMilliseconds:0} ms, with its database {all.TotalMilliseconds:0} ms");
        Assert.True(all < LongestStop, $"It took {own.TotalSeconds:0.000} s, with its database {all.TotalSeconds:0.000} s:\n{service.Output}");
        Assert.All((string[])[" ERROR ", " CRIT ", "Exception"], complaint => Assert.False(service.Output.Contains(complaint, StringComparison.Ordinal), service.Output));
    }

    private async Task AssertEndsWithNodeAsync(Uri node, Func<JsonElement, bool> reached)
    {
        await using var service = await ServiceProcess.StartAsync(
            $"ConnectionStrings:PoolWatch={await postgres.CreateDatabaseAsync()}", "PoolWatch:Network=regtest", "PoolWatch:Source=rpc",
            $"PoolWatch:Node:Url={node}", "PoolWatch:Node:User=user", "PoolWatch:Node:Password=password");
        await service.WaitAsync(reached);
        await AssertEndsAsync(service);
    }

    /// <summary>A server that recovers, as after a crash, for as long as this command runs, and accepts nobody meanwhile.</summary>
    private static async Task RecoverForeverAsync(OpenDirectory directory)
    {
        var data = Path.Combine(directory.Path, "postgres");
        await File.WriteAllTextAsync(Path.Combine(data, "recovery.signal"), "", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"), "restore_command = 'sleep 60'\nhot_standby = off\n", TestContext.Current.CancellationToken);
    }

    private static async Task UntilAsync(ServiceProcess service, Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            Assert.False(limit.IsCancellationRequested, service.Output);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The schedule is one second: after a little more a run has met what was done to its database.</summary>
    private static Task WaitForRunAsync() => Task.Delay(1_200, TestContext.Current.CancellationToken);

    private static async Task WaitForBackendAsync(string database, string condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await StoredState.RowsAsync(database, "public", $"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND {condition}")).Count == 0)
        {
            Assert.False(limit.IsCancellationRequested, $"No session is one with {condition}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<TcpClient> SendAsync(Uri url, string text)
    {
        var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
        return client;
    }
}
