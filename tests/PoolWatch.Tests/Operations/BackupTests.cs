using Npgsql;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Operations;

/// <summary>The commands of docs/operations.md: what they save comes back whole, is served as before, and goes on following the node.</summary>
public sealed class BackupTests(TestPostgres postgres)
{
    private static readonly string[] Served = ["/v1/shares?window=144", "/v1/concentration?window=144", "/v1/pools", "/v1/blocks?limit=50"];

    [Fact]
    public async Task A_private_database_comes_back_from_a_dump_and_from_a_cold_copy()
    {
        using var directory = new OpenDirectory();
        string Folder(string name) => Path.Combine(directory.Path, name);
        await using var node = await BitcoinNode.StartAsync();
        (string, string) dump = ("dump", Folder("poolwatch.dump"));
        string tip;
        IReadOnlyList<string> served;
        await using (var original = await StartAsync(Folder("first"), node))
        {
            tip = await FollowReorgAsync(node, hash => original.WaitForTipAsync(hash));
            served = await ServedAsync(original.Url);
            await DocumentedCommands.RunAsync("Backup", ("data", Folder("first")), dump);
            await original.TerminateAsync();
        }

        await DocumentedCommands.RunAsync("Backup", ("data", Folder("first")), ("copy", Folder("copy")));
        await using (var reader = await ServiceProcess.StartAsync($"PoolWatch:DataDirectory={Folder("second")}", "PoolWatch:Ingest=false", "PoolWatch:Network=regtest"))
        {
            await reader.WaitAsync(s => s.GetProperty("databaseUp").GetBoolean());
            await DocumentedCommands.RunAsync("Restore", ("data", Folder("second")), dump);
            await reader.TerminateAsync();
        }

        await using var restored = await StartAsync(Folder("second"), node);
        await using var copied = await StartAsync(Folder("copy"), node);
        await restored.WaitForTipAsync(tip);
        await copied.WaitForTipAsync(tip);
        Assert.Equal(3, (await StoredState.ReadStaleAsync(Connection(Folder("second")))).Count);
        Assert.Equal(served, await ServedAsync(restored.Url));
        Assert.Equal(served, await ServedAsync(copied.Url));
        Assert.Equal(await WholeAsync(Connection(Folder("copy"))), await WholeAsync(Connection(Folder("second"))));

        var more = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(250).Take(5), 201));
        await restored.WaitForTipAsync(more[^1].Hash);
        await copied.WaitForTipAsync(more[^1].Hash);
        Assert.Equal(await ServedAsync(copied.Url), await ServedAsync(restored.Url));
        await FreshRun.AssertSameAsync(postgres, node, Connection(Folder("second")), more[^1].Hash);
    }

    [Fact]
    public async Task A_database_of_ones_own_comes_back_whole_and_follows_a_chain_that_was_reorganised_meanwhile()
    {
        using var directory = new OpenDirectory();
        (string, string) dump = ("dump", Path.Combine(directory.Path, "poolwatch.dump"));
        await using var node = await BitcoinNode.StartAsync();
        var original = await postgres.CreateDatabaseAsync();
        await using (var service = await RunningService.StartAsync(original, RunningService.ReadingNode(node)))
        {
            await FollowReorgAsync(node, hash => service.WaitForTipAsync(hash));
            await DocumentedCommands.RunAsync("Backup", [.. Names(original), dump]);
        }

        var restored = await postgres.CreateDatabaseAsync();
        await DocumentedCommands.RunAsync("Restore", [.. Names(restored), dump]);
        Assert.Equal(await WholeAsync(original), await WholeAsync(restored));

        var branch = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(300).Take(40), 181), await TagMiner.BlockAtAsync(node, 180));
        await using var again = await RunningService.StartAsync(restored, RunningService.ReadingNode(node));
        await again.WaitForTipAsync(branch[^1].Hash);
        await FreshRun.AssertSameAsync(postgres, node, restored, branch[^1].Hash);
        Assert.Equal(3 + 20, (await StoredState.ReadStaleAsync(restored)).Count);
    }

    /// <summary>200 blocks, three of which replace others that the service keeps as stale.</summary>
    private static async Task<string> FollowReorgAsync(BitcoinNode node, Func<string, Task> waitForTip)
    {
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(183), 1));
        await waitForTip(mined[^1].Hash);
        var branch = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(183).Take(20), 181), mined[179]);
        await waitForTip(branch[^1].Hash);
        return branch[^1].Hash;
    }

    private static Task<ServiceProcess> StartAsync(string folder, BitcoinNode node) =>
        ServiceProcess.StartAsync([$"PoolWatch:DataDirectory={folder}", .. RunningService.ReadingNode(node)]);

    private static async Task<IReadOnlyList<string>> ServedAsync(Uri url)
    {
        using var http = new HttpClient { BaseAddress = url };
        var answers = await Task.WhenAll(Served.Select(path => http.GetStringAsync(path, TestContext.Current.CancellationToken)));
        var metrics = await http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        return [.. answers, .. metrics.Split('\n').TakeWhile(l => !l.Contains("poolwatch_sync", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Every table, view, function and row, as pg_dump writes them.</summary>
    private static async Task<IEnumerable<string>> WholeAsync(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        var text = await PostgresProgram.RunAsync($"pg_dump --host={builder.Host} --username={builder.Username} {builder.Database}");
        // Newer versions guard the text by words that are different each time, and a server that was stopped at once takes its sequences some numbers on.
        return text.Split('\n').Where(l => (!l.StartsWith('\\') || l == "\\.") && !l.StartsWith("SELECT pg_catalog.setval(", StringComparison.Ordinal));
    }

    private static (string Name, string Value)[] Names(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        return [("server", $"host={builder.Host} user={builder.Username}"), ("database", builder.Database!)];
    }

    private static string Connection(string folder) => $"Host={folder}/run;Username=poolwatch;Database=poolwatch";
}
