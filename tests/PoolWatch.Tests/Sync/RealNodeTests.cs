using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>The main job on the real node: what was mined is what is measured.</summary>
public sealed class RealNodeTests(TestPostgres postgres)
{
    [Fact]
    public async Task Two_thousand_labelled_blocks_give_the_labelled_numbers()
    {
        var labels = SampleLabels.Load();
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(labels, firstHeight: 1));
        await using var service = await RunningService.StartAsync(
            await postgres.CreateDatabaseAsync(), [.. RunningService.ReadingNode(node), "PoolWatch:FromHeight=1"]);
        await service.WaitForTipAsync(mined[^1].Hash);

        await AssertBlocksAsync(service, labels, mined);
        foreach (var window in new[] { 1, 7, 144, 432, 1008, 2016 })
        {
            var expected = new ExpectedMeasures([.. labels.TakeLast(window)]);
            expected.AssertShares(await service.GetAsync($"/v1/shares?window={window}"));
            expected.AssertConcentration(await service.GetAsync($"/v1/concentration?window={window}"));
        }

        var middle = new ExpectedMeasures([.. labels.Skip(499).Take(501)]);
        middle.AssertShares(await service.GetAsync("/v1/shares?from=500&to=1000"));
        middle.AssertConcentration(await service.GetAsync("/v1/concentration?from=500&to=1000"));
        await AssertMedianTimesAsync(node, service);
    }

    [Fact]
    public async Task One_satoshi_to_a_rivals_address_does_not_buy_an_attribution()
    {
        var foundry = PoolList.LoadBundled().Find("foundryusa")!.Addresses[0].Text;
        await using var node = await BitcoinNode.StartAsync();
        var honest = LabelledPlans.ByTag("antpool", 1_700_000_000);
        var mined = await TagMiner.MineAsync(node, [honest with
        {
            Outputs = [new CoinbaseOutput(4_999_999_999, [0x51]), new CoinbaseOutput(1, LabelledPlans.ScriptOf(foundry))],
        }]);
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), RunningService.ReadingNode(node));
        await service.WaitForTipAsync(mined[0].Hash);

        var block = await service.GetAsync("/v1/blocks/1");

        Assert.Equal("antpool", block.GetProperty("pool").GetProperty("slug").GetString());
        Assert.Equal("tag", block.GetProperty("method").GetString());
        Assert.Contains("minor_address", block.GetProperty("conflicts").EnumerateArray().Select(c => c.GetString()));
        var candidate = Assert.Single(block.GetProperty("candidates").EnumerateArray());
        Assert.Equal(
            ("foundryusa", "address", foundry, 1, 1),
            (candidate.GetProperty("pool").GetString(), candidate.GetProperty("kind").GetString(), candidate.GetProperty("rule").GetString(),
             candidate.GetProperty("index").GetInt32(), candidate.GetProperty("value").GetInt64()));
    }

    [Fact]
    public async Task A_chain_from_its_genesis_is_stored_whole()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, [LabelledPlans.ByTag("ocean", 1_700_000_000)]);
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), RunningService.ReadingNode(node));
        await service.WaitForTipAsync(mined[0].Hash);

        var genesis = await service.GetAsync("/v1/blocks/0");

        Assert.Equal(Network.Regtest.GenesisHash, genesis.GetProperty("hash").GetString());
        Assert.Equal("unknown", genesis.GetProperty("pool").GetProperty("slug").GetString());
        Assert.Equal(JsonValueKind.Null, genesis.GetProperty("evidence").ValueKind);
    }

    private static async Task AssertBlocksAsync(RunningService service, IReadOnlyList<SampleLabel> labels, IReadOnlyList<MinedBlock> mined)
    {
        var seen = new List<(int Height, string Hash, uint Time, string Pool)>();
        for (var before = labels.Count + 1; before > 1; before = seen[^1].Height)
        {
            var page = await service.GetAsync($"/v1/blocks?limit=500&before={before}");
            seen.AddRange(page.GetProperty("blocks").EnumerateArray().Select(b => (
                b.GetProperty("height").GetInt32(), b.GetProperty("hash").GetString()!,
                (uint)b.GetProperty("time").GetDateTimeOffset().ToUnixTimeSeconds(), b.GetProperty("pool").GetProperty("slug").GetString()!)));
        }

        seen.Reverse();
        Assert.Equal(mined.Zip(labels, (block, label) => (block.Height, block.Hash, label.Time, label.Pool)), seen);
    }

    private static async Task AssertMedianTimesAsync(BitcoinNode node, RunningService service)
    {
        foreach (var height in new[] { 1, 2, 9, 10, 11, 12, 500, 501, 1000, 2016 })
        {
            var hash = await node.CallAsync<string>("getblockhash", height);
            var theirs = (await node.CallAsync("getblockheader", hash, true)).GetProperty("mediantime").GetInt64();
            var ours = (await service.GetAsync($"/v1/blocks/{height}")).GetProperty("medianTime").GetDateTimeOffset().ToUnixTimeSeconds();
            Assert.Equal(theirs, ours);
        }
    }
}
