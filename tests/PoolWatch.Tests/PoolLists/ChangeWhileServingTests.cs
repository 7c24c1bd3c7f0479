using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PoolWatch.PoolLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>A change of list while everything else goes on: readers see one list or the other, the writer of blocks goes on with the new one, a killed change leaves the old.</summary>
public sealed partial class ChangeWhileServingTests(TestPostgres postgres)
{
    private const int Changes = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_belongs_wholly_to_one_list()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        PoolList[] lists = [new EditedList().WithoutPool("luxor").Renamed("spiderpool", "spider", "Spider").ToList(), EditedList.Bundled];
        var seen = new ConcurrentDictionary<(string Address, string Body), int>();
        using var changed = new CancellationTokenSource();

        string[] addresses = ["/metrics", "/v1/shares?window=2016", "/v1/concentration?window=1008", "/v1/pools", "/v1/blocks?limit=1000"];
        var readers = addresses.Select(address => Task.Run(() => ReadAsync(sample.Service, address, seen, changed.Token), Cancellation)).ToList();
        for (var i = 0; i < Changes; i++)
        {
            await sample.ApplyAsync(lists[i % 2]);
        }

        await changed.CancelAsync();
        await Task.WhenAll(readers);
        Assert.All(addresses, address => Assert.True(
            seen.Count(s => s.Key.Address == address) == 2, $"{address} gave {seen.Count(s => s.Key.Address == address)} different answers for two lists."));
        Assert.All(addresses, address => Assert.True(seen.Where(s => s.Key.Address == address).Sum(s => s.Value) > Changes, $"{address} was hardly read."));
    }

    [Fact]
    public async Task The_same_entity_tag_never_stands_for_two_answers()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var tagged = new ConcurrentDictionary<(string Address, string Tag), string>();
        using var changed = new CancellationTokenSource();
        string[] addresses =
        [
            "/v1/shares", "/v1/blocks?limit=500", "/v1/blocks/946200", "/v1/pool-lists", "/v1/unknown", "/v1/custody-overlaps", "/v1/list-check", "/v1/layers",
            $"/v1/blocks/946200?list={EditedList.Bundled.Version}", "/v1/shares?layer=template",
        ];
        var readers = addresses.Select(address => Task.Run(() => ReadTaggedAsync(sample.Service, address, tagged, changed.Token), Cancellation)).ToList();
        for (var i = 0; i < Changes; i++)
        {
            await sample.ApplyAsync(i % 2 == 0 ? new EditedList().WithoutPool("luxor").ToList() : EditedList.Bundled);
        }

        await changed.CancelAsync();
        await Task.WhenAll(readers);
        Assert.True(tagged.Count > Changes);
    }

    [Fact]
    public async Task A_change_that_is_killed_leaves_the_old_list_whole()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        using var directory = new OpenDirectory();
        var before = await AllAsync(sample.ConnectionString);
        var file = Path.Combine(directory.Path, "list.json");
        var list = new EditedList().WithoutPool("luxor").ToList();
        await File.WriteAllTextAsync(file, list.ToJson(), Cancellation);
        string[] arguments = ["apply", file, $"--ConnectionStrings:PoolWatch={sample.ConnectionString}", "--PoolWatch:Source=sample"];

        await using (var holder = new NpgsqlConnection(sample.ConnectionString))
        {
            await holder.OpenAsync(Cancellation);
            await using var transaction = await holder.BeginTransactionAsync(Cancellation);
            // History and attributions are written before the days: the change waits in the middle.
            await using var hold = new NpgsqlCommand($"LOCK TABLE {ChangedSample.Schema}.pool_day IN ACCESS EXCLUSIVE MODE", holder, transaction);
            await hold.ExecuteNonQueryAsync(Cancellation);
            await using var apply = await ListCommand.StartAsync(arguments);
            while ((await StoredState.TextsAsync(sample.ConnectionString, ChangedSample.Schema,
                "SELECT 'x' FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%pool_day%'")).Count == 0)
            {
                Assert.False(apply.HasExited, apply.Output);
                await Task.Delay(20, Cancellation);
            }

            await apply.KillAsync();
        }

        Assert.Equal(before, await AllAsync(sample.ConnectionString));
        var applied = await ListCommand.RunAsync(arguments);
        Assert.True(applied.Code == 0, applied.Output);
        await sample.WaitForAsync(list);
        await sample.AssertAsBegunWithAsync(list);
    }

    [Fact]
    public async Task Blocks_that_are_read_meanwhile_are_attributed_by_the_new_list()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var node = await BitcoinNode.StartAsync();
        var labels = SampleLabels.Load().Take(600).ToList();
        await TagMiner.MineAsync(node, [.. LabelledPlans.Of(labels.Take(200), 1)]);
        var list = new EditedList().Without("foundryusa", "tags").Without("foundryusa", "addresses").WithPool("newcomer", "Newcomer", 9001, "Foundry USA Pool").ToList();
        using var directory = new OpenDirectory();
        string tip;
        await using (var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node)))
        {
            await service.WaitAsync(s => s.GetProperty("state").GetString() == "following");
            var changes = service.Services.GetRequiredService<PoolListChanges>();
            var mining = Task.Run(async () =>
            {
                for (var height = 201; height <= 600; height += 20)
                {
                    await TagMiner.MineAsync(node, [.. LabelledPlans.Of(labels.Skip(height - 1).Take(20), height)]);
                }
            }, Cancellation);
            for (var i = 0; !mining.IsCompleted || i % 2 == 0; i++)
            {
                await changes.ApplyAsync(i % 2 == 0 ? list : EditedList.Bundled, null, ChangeKind.Apply, accept: true, Cancellation);
            }

            await mining;
            await changes.ApplyAsync(list, null, ChangeKind.Apply, accept: true, Cancellation);
            tip = await node.CallAsync<string>("getbestblockhash");
            var status = await service.WaitForTipAsync(tip);
            Assert.Equal(JsonValueKind.Null, status.GetProperty("problem").ValueKind);
        }

        Assert.Equal(await BegunWithAsync(node, tip, list, directory), await StoredState.ReadAsync(database));
    }

    [Fact]
    public async Task Evidence_that_an_older_version_stored_is_completed_at_the_next_start()
    {
        var database = await postgres.CreateDatabaseAsync();
        string[] settings = ["PoolWatch:Source=sample"];
        await using (var service = await RunningService.StartAsync(database, settings))
        {
            await service.WaitForSampleAsync();
        }

        var whole = await StoredState.ReadAsync(database, ChangedSample.Schema);
        await StoredState.ExecuteAsync(database, ChangedSample.Schema, "UPDATE attribution SET miners = NULL; UPDATE chain SET evidence = 1");
        await using (var service = await RunningService.StartAsync(database, settings))
        {
            await service.WaitForSampleAsync();
        }

        Assert.Equal(whole, await StoredState.ReadAsync(database, ChangedSample.Schema));
        Assert.Empty(await StoredState.RowsAsync(database, ChangedSample.Schema, "SELECT * FROM attribution_change"));
    }

    private async Task<IReadOnlyList<string>> BegunWithAsync(BitcoinNode node, string tip, PoolList list, OpenDirectory directory)
    {
        var file = Path.Combine(directory.Path, "list.json");
        await File.WriteAllTextAsync(file, list.ToJson(), Cancellation);
        var fresh = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(fresh, [.. RunningService.ReadingNode(node), $"PoolWatch:PoolList={file}"]);
        await service.WaitForTipAsync(tip);
        return await StoredState.ReadAsync(fresh);
    }

    private static async Task ReadAsync(RunningService service, string address, ConcurrentDictionary<(string, string), int> seen, CancellationToken changed)
    {
        while (!changed.IsCancellationRequested)
        {
            var body = await service.GetTextAsync(address);
            seen.AddOrUpdate((address, address == "/metrics" ? ConcentrationOf(body) : body), 1, (_, n) => n + 1);
        }
    }

    private static async Task ReadTaggedAsync(RunningService service, string address, ConcurrentDictionary<(string, string), string> tagged, CancellationToken changed)
    {
        while (!changed.IsCancellationRequested)
        {
            using var answer = await service.Http.GetAsync(address, Cancellation);
            var body = await answer.Content.ReadAsStringAsync(Cancellation);
            if (answer.Headers.ETag is { } tag)
            {
                Assert.Equal(tagged.GetOrAdd((address, tag.Tag), body), body);
            }
        }
    }

    /// <summary>The part of the page that is made of the chain and its list; the rest are counters and clocks, and when the list was applied: each change has its own.</summary>
    private static string ConcentrationOf(string page) =>
        string.Join('\n', page.Split('\n').Where(line => !line.StartsWith('#') && Concentration().IsMatch(line)));

    private static async Task<IReadOnlyList<string>> AllAsync(string connectionString)
    {
        var rows = new List<string>();
        foreach (var table in new[] { "chain", "attribution", "attribution_change", "pool", "pool_day", "pool_list_version", "pool_list_pool", "pool_list_change" })
        {
            rows.AddRange(await StoredState.RowsAsync(connectionString, ChangedSample.Schema, $"SELECT * FROM {table} ORDER BY 1, 2"));
        }

        return rows;
    }

    [GeneratedRegex("^poolwatch_(?!pool_list_applied)(pool|unknown|top|hhi|effective|shannon|gini|nakamoto|stale|list|custody|layers|miners)")]
    private static partial Regex Concentration();
}
