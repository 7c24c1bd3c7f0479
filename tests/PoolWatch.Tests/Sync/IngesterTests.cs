using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>One process writes into a schema, any number read it, and all of them serve the same numbers.</summary>
public sealed class IngesterTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_second_ingester_only_reads_and_takes_over_when_the_first_ends()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(200), 1));
        var database = await postgres.CreateDatabaseAsync();
        var first = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await first.WaitForTipAsync(mined[^1].Hash);

        await using var second = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        var waiting = await second.WaitAsync(s =>
            s.GetProperty("problem").GetString() == "other_ingester" && s.GetProperty("chain").ValueKind == JsonValueKind.Object);
        Assert.Equal(mined[^1].Hash, waiting.GetProperty("chain").GetProperty("hash").GetString());
        Assert.Equal(await first.GetTextAsync("/v1/shares?window=144"), await second.GetTextAsync("/v1/shares?window=144"));

        await first.DisposeAsync();
        var more = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(200).Take(5), 201));
        await second.WaitForTipAsync(more[^1].Hash);
    }

    [Fact]
    public async Task A_reader_follows_new_blocks_and_reorgs_at_once()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(200), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using var writer = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await using var reader = await RunningService.StartAsync(database, [.. RunningService.ReadingNode(node), "PoolWatch:Ingest=false"]);
        await reader.WaitForTipAsync(mined[^1].Hash);

        var branch = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Skip(300).Take(30), 181), mined[179]);
        await reader.WaitForTipAsync(branch[^1].Hash, seconds: 10);
        await writer.WaitForTipAsync(branch[^1].Hash, seconds: 10);

        Assert.Equal(await writer.GetTextAsync("/v1/shares?window=144"), await reader.GetTextAsync("/v1/shares?window=144"));
        Assert.Equal(await writer.GetTextAsync("/v1/concentration?from=1&to=210"), await reader.GetTextAsync("/v1/concentration?from=1&to=210"));
        Assert.Equal(Concentration(await writer.GetTextAsync("/metrics")), Concentration(await reader.GetTextAsync("/metrics")));
    }

    private static IEnumerable<string> Concentration(string page) => page.Split('\n').TakeWhile(l => !l.Contains("poolwatch_sync", StringComparison.Ordinal));
}
