using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PoolWatch.Storage;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>Whatever is killed, stopped or away: the end is that of an undisturbed run, and until then the state says what is wrong.</summary>
public sealed class FaultTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_service_killed_while_catching_up_ends_like_an_undisturbed_one()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load(), 1));
        var killed = await postgres.CreateDatabaseAsync();
        var heights = new List<int>();
        foreach (var height in new[] { -1, 0, 499, 999, 1499 })
        {
            await using var victim = await ServiceProcess.StartAsync([.. RunningService.ReadingNode(node), $"ConnectionStrings:PoolWatch={killed}"]);
            await WaitForStoredAsync(killed, height, victim);
            await victim.KillAsync();
            heights.Add(await StoredHeightAsync(killed));
        }

        // Otherwise it did not die on its way, and this test shows nothing.
        Assert.Contains(heights, h => h is > 0 and < 2016);
        await using (var last = await RunningService.StartAsync(killed, RunningService.ReadingNode(node)))
        {
            await last.WaitForTipAsync(mined[^1].Hash);
        }

        await FreshRun.AssertSameAsync(postgres, node, killed, mined[^1].Hash);
        Assert.Empty(await StoredState.ReadStaleAsync(killed));
    }

    [Fact]
    public async Task A_database_that_restarts_is_lived_through()
    {
        using var directory = new OpenDirectory();
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(200), 1));
        var server = await StartPostgresAsync(directory.Path);
        await using var service = await RunningService.StartAsync(server.ConnectionString, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(mined[^1].Hash);
        var before = await service.GetTextAsync("/v1/shares?window=144");

        await server.DisposeAsync();
        var down = await service.WaitAsync(s => s.GetProperty("problem").GetString() == "database_unavailable" && !s.GetProperty("databaseUp").GetBoolean());
        Assert.Equal("degraded", down.GetProperty("state").GetString());
        var metrics = (await service.GetTextAsync("/metrics")).Split('\n');
        Assert.Contains("poolwatch_database_up 0", metrics);
        Assert.Contains("poolwatch_chain_height 200", metrics);
        Assert.Equal(before, await service.GetTextAsync("/v1/shares?window=144"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await service.Http.GetAsync("/v1/blocks", TestContext.Current.CancellationToken)).StatusCode);

        var more = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(200).Take(10), 201));
        await using var again = await StartPostgresAsync(directory.Path);
        await service.WaitForTipAsync(more[^1].Hash);
        await FreshRun.AssertSameAsync(postgres, node, again.ConnectionString, more[^1].Hash);
    }

    [Theory]
    [InlineData("query LIKE 'LISTEN%'", 1)]
    [InlineData("pid <> pg_backend_pid()", 4)]
    public async Task Sessions_that_the_server_ends_are_no_outage(string which, int atLeast)
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(20), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(mined[^1].Hash);
        await Task.Delay(TimeSpan.FromSeconds(1.2), TestContext.Current.CancellationToken);
        // As many in the pool as requests at once open: dead ones must not be used.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.GetTextAsync("/v1/blocks")));

        var ended = await StoredState.RowsAsync(
            database, "public", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND {which}");

        Assert.InRange(ended.Count, atLeast, int.MaxValue);
        for (var look = 0; look < 40; look++)
        {
            Assert.True((await service.StatusAsync()).GetProperty("databaseUp").GetBoolean());
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        var more = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(20).Take(1), 21));
        await service.WaitForTipAsync(more[0].Hash, seconds: 5);
    }

    [Fact]
    public async Task A_node_that_goes_away_and_comes_back_is_followed_on()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(150), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(mined[^1].Hash);

        await node.StopAsync();
        var away = await service.WaitAsync(s => s.GetProperty("problem").GetString() == "node_unreachable");
        Assert.False(away.GetProperty("node").GetProperty("up").GetBoolean());
        Assert.False(away.GetProperty("sample").GetBoolean());
        Assert.Equal(mined[^1].Hash, away.GetProperty("chain").GetProperty("hash").GetString());
        Assert.Contains("poolwatch_node_up 0", (await service.GetTextAsync("/metrics")).Split('\n'));

        await node.RestartAsync();
        var more = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(150).Take(10), 151));
        await service.WaitForTipAsync(more[^1].Hash);
        Assert.Contains("poolwatch_node_up 1", (await service.GetTextAsync("/metrics")).Split('\n'));
        await FreshRun.AssertSameAsync(postgres, node, database, more[^1].Hash);
    }

    [Fact]
    public async Task A_node_of_another_network_is_refused()
    {
        await using var node = await BitcoinNode.StartAsync();
        await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(3), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(
            database, "PoolWatch:Source=rpc", $"PoolWatch:Node:Url={node.Url}", $"PoolWatch:Node:CookieFile={node.CookieFile}");

        var status = await service.WaitAsync(s => s.GetProperty("problem").GetString() == "node_other_network");

        Assert.Contains("'regtest'", status.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await StoredState.RowsAsync(database, "poolwatch", "SELECT 1 FROM chain"));
    }

    [Fact]
    public async Task A_schema_never_takes_a_second_chain()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(3), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using (var first = await RunningService.StartAsync(database, RunningService.ReadingNode(node)))
        {
            await first.WaitForTipAsync(mined[^1].Hash);
        }

        // As if the schema had been filled from another private network, which has the same name and another genesis.
        await StoredState.ExecuteAsync(database, "poolwatch_regtest", "UPDATE chain SET genesis_hash = decode(repeat('ab', 32), 'hex')");
        await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(3).Take(3), 4));
        await using var second = await RunningService.StartAsync(database, RunningService.ReadingNode(node));

        var status = await second.WaitAsync(s =>
            s.GetProperty("problem").GetString() == "node_other_network" && s.GetProperty("chain").ValueKind == JsonValueKind.Object);

        Assert.Equal(mined[^1].Hash, status.GetProperty("chain").GetProperty("hash").GetString());
    }

    [Fact]
    public async Task A_wrong_password_is_a_state_and_not_a_secret()
    {
        await using var node = await BitcoinNode.StartAsync();
        await using var service = await RunningService.StartAsync(
            await postgres.CreateDatabaseAsync(), "PoolWatch:Network=regtest", "PoolWatch:Source=rpc", $"PoolWatch:Node:Url={node.Url}",
            "PoolWatch:Node:User=somebody", "PoolWatch:Node:Password=hunter2-secret");

        var status = await service.WaitAsync(s => s.GetProperty("problem").GetString() == "node_unauthorized");

        Assert.DoesNotContain("hunter2", status.ToString(), StringComparison.Ordinal);
        Assert.Contains("poolwatch_sync_problem{problem=\"node_unauthorized\"} 1", (await service.GetTextAsync("/metrics")).Split('\n'));
        var ready = await service.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
    }

    private static async Task<PrivatePostgres> StartPostgresAsync(string directory)
    {
        var server = new PrivatePostgres(directory, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        await server.EnsureRunningAsync(TestContext.Current.CancellationToken);
        return server;
    }

    private static async Task WaitForStoredAsync(string database, int height, ServiceProcess service)
    {
        await service.WaitAsync(_ => true);
        while (await StoredHeightAsync(database) < height)
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<int> StoredHeightAsync(string database)
    {
        var exists = await StoredState.RowsAsync(database, "public", "SELECT to_regclass('poolwatch_regtest.chain') IS NOT NULL AS there");
        if (exists[0] != "(t)")
        {
            return -1;
        }

        var rows = await StoredState.RowsAsync(database, "poolwatch_regtest", "SELECT coalesce(tip_height, -1) FROM chain");
        return rows.Count == 0 ? -1 : int.Parse(rows[0].Trim('(', ')'), System.Globalization.CultureInfo.InvariantCulture);
    }
}
