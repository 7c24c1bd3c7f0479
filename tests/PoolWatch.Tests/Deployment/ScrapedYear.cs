using System.Text.Json;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.PoolLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>
/// A service that followed a node through more than a year of blocks, so that every window exists, with two reorgs and a change of list on the way; and a
/// real Prometheus that scrapes it, has seen the second reorg, and sounds an alert for it: to it this is the main network.
/// </summary>
public sealed class ScrapedYear(TestPostgres postgres) : IAsyncLifetime
{
    private const int Blocks = 55_000;

    /// <summary>More pools than have series of their own in the longest window.</summary>
    public const int Pools = 130;

    private const string AsMain = """

            metric_relabel_configs:
              - {source_labels: [network], regex: regtest, target_label: network, replacement: main}

        """;

    private FakeNode? _node;
    private RunningService? _service;
    private PrometheusServer? _prometheus;

    internal RunningService Service => _service!;

    internal PrometheusServer Prometheus => _prometheus!;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var before = TimeProvider.System.GetUtcNow().AddMinutes(-10 * (Blocks + 10));
        var plans = Plans((uint)before.ToUnixTimeSeconds()).ToList();
        // The block that becomes stale is still its pool's after the change of list.
        plans[^3] = plans[^3] with { ScriptSigTail = "Foundry USA Pool"u8.ToArray(), Outputs = null };
        var shared = FakeChain.Genesis.Mine(plans[..^3]);
        _node = await FakeNode.StartAsync(shared.Mine(plans[^3..^2]));
        ConnectionString = await postgres.CreateDatabaseAsync();
        _service = await RunningService.StartAsync(ConnectionString, _node.Settings("rest"));
        await WaitForTipAsync();
        _node.Chain = shared.Mine(plans[^2..]);
        await WaitForTipAsync();
        await ChangeListAsync();
        await WaitForHistoryAsync();
        _prometheus = await PrometheusServer.StartAsync(Service.Http.BaseAddress!.Authority, AsMain);
        await Prometheus.WaitForAsync("count_over_time(poolwatch_chain_info[1m]) > 2");
        await ReplaceFourBlocksAsync(plans[^1].Time);
        await Prometheus.WaitForAsync("ALERTS{alertname=\"PoolWatchDeepReorg\",alertstate=\"firing\"}");
    }

    public async ValueTask DisposeAsync()
    {
        // Any is missing where the start of one before failed.
        await (_prometheus?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_node?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Every tenth block is of one of many pools in turn, the others as the sample's labels have them; the last three, stale or not, of one pool.</summary>
    private static IEnumerable<CoinbasePlan> Plans(uint begin)
    {
        var labels = SampleLabels.Load();
        string[] many = [.. PoolList.LoadBundled().Pools.Where(p => p.Tags.Any(t => t.Covers(1))).Select(p => p.Slug).Take(Pools)];
        var named = Enumerable.Range(0, Blocks).Select(i => new SampleLabel(
            i + 1, begin + (uint)(600 * i), i >= Blocks - 3 ? "foundryusa" : i % 10 == 0 ? many[i / 10 % many.Length] : labels[i % labels.Count].Pool));
        return LabelledPlans.Of(named, 1);
    }

    /// <summary>Five blocks come, and another branch takes the place of the last four.</summary>
    private async Task ReplaceFourBlocksAsync(uint time)
    {
        IEnumerable<CoinbasePlan> Branch(int blocks, uint from) =>
            Enumerable.Range(0, blocks).Select(i => new CoinbasePlan(from + (uint)(60 * i), "Foundry USA Pool"u8.ToArray()));
        var before = _node!.Chain;
        _node.Chain = before.Mine(Branch(5, time + 60));
        await WaitForTipAsync();
        _node.Chain = _node.Chain.UpTo(before.Tip.Height + 1).Mine(Branch(5, time + 121));
        await WaitForTipAsync();
    }

    private async Task ChangeListAsync()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "list.json");
        await File.WriteAllTextAsync(file, new EditedList().Without("foundryusa", "tags", "/2cDw/").ToList().ToJson(), TestContext.Current.CancellationToken);
        var (code, output) = await ListCommand.RunAsync("apply", file, "--accept", $"--ConnectionStrings:PoolWatch={ConnectionString}", "--PoolWatch:Network=regtest");
        Assert.True(code == 0, output);
    }

    private async Task WaitForHistoryAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await StoredState.RowsAsync(ConnectionString, "poolwatch_regtest", "SELECT 1 FROM v_concentration LIMIT 1") is { Count: 0 })
        {
            Assert.False(limit.IsCancellationRequested, "The history of the new list is not there.");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private Task<JsonElement> WaitForTipAsync() => Service.WaitAsync(status => ServiceStatus.Follows(status, _node!.Chain.Tip.Hash));
}

/// <summary>One year for all classes that need one; they run when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class YearCollection : ICollectionFixture<ScrapedYear>
{
    public const string Name = "year";
}
