using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PoolWatch.Tests.Support;

public sealed class TagMinerTests
{
    [Fact]
    public async Task The_sample_is_mined_with_its_times_in_seconds()
    {
        var labels = SampleLabels.Load();
        await using var node = await BitcoinNode.StartAsync();
        var clock = Stopwatch.StartNew();

        var mined = await TagMiner.MineAsync(node, [.. labels.Select(label => Plan(label.Time, label.Pool))]);

        TestContext.Current.SendDiagnosticMessage($"{mined.Count} blocks in {clock.Elapsed.TotalSeconds:F1} s");
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal(labels.Count, await node.CallAsync<int>("getblockcount"));
        Assert.Equal(mined[^1].Hash, await node.CallAsync<string>("getbestblockhash"));
        var last = await node.CallAsync("getblock", mined[^1].Hash, 2);
        Assert.Equal(labels[^1].Time, last.GetProperty("time").GetUInt32());
        Assert.EndsWith(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(labels[^1].Pool)), ScriptSigOf(last), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_node_sees_the_outputs_of_the_plan()
    {
        await using var node = await BitcoinNode.StartAsync();
        CoinbaseOutput[] outputs = [new(4_999_999_999, [0x00, 0x14, .. new byte[20]]), new(1, [0x51]), new(0, [0x6a, 0x01, 0x07])];

        var mined = await TagMiner.MineAsync(node, [new CoinbasePlan(1_700_000_000, [], outputs)]);

        var seen = (await node.CallAsync("getblock", mined[0].Hash, 2)).GetProperty("tx")[0].GetProperty("vout").EnumerateArray().ToList();
        Assert.Equal([49.99999999m, 0.00000001m, 0m], seen.Select(output => output.GetProperty("value").GetDecimal()));
        Assert.Equal(
            outputs.Select(output => Convert.ToHexStringLower(output.ScriptPubKey)),
            seen.Select(output => output.GetProperty("scriptPubKey").GetProperty("hex").GetString()));
    }

    [Fact]
    public async Task A_longer_branch_wins()
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("old", 1, 10));
        var shorter = await TagMiner.MineAsync(node, Plans("short", 5, 3), old[3]);
        Assert.Equal(old[^1].Hash, await node.CallAsync<string>("getbestblockhash"));

        var longer = await TagMiner.MineAsync(node, Plans("long", 5, 8), old[3]);

        Assert.Equal(longer[^1].Hash, await node.CallAsync<string>("getbestblockhash"));
        Assert.Equal(12, longer[^1].Height);
        Assert.Equal(12, await node.CallAsync<int>("getblockcount"));
        Assert.NotEqual(longer[0].Hash, shorter[0].Hash);
    }

    [Fact]
    public async Task An_earlier_height_can_be_forked_from()
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("old", 1, 4));
        var fork = await TagMiner.BlockAtAsync(node, 1);
        Assert.Equal(old[0].Header, fork.Header);

        var longer = await TagMiner.MineAsync(node, Plans("new", 2, 4), fork);

        Assert.Equal(longer[^1].Hash, await node.CallAsync<string>("getblockhash", 5));
    }

    [Fact]
    public async Task A_refused_block_fails_with_the_reason()
    {
        await using var node = await BitcoinNode.StartAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TagMiner.MineAsync(node, [Plan(1, "too old")]));

        Assert.Contains("time-too-old", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 5_000_000_000)]
    [InlineData(149, 5_000_000_000)]
    [InlineData(150, 2_500_000_000)]
    [InlineData(4949, 1)]
    [InlineData(4950, 0)]
    [InlineData(1_000_000, 0)]
    public void The_subsidy_halves_every_150_blocks(int height, long satoshi) =>
        Assert.Equal(satoshi, TagMiner.RegtestSubsidy(height));

    [Fact]
    public void The_sample_is_a_sequence_of_2016_blocks()
    {
        var labels = SampleLabels.Load();

        Assert.Equal(2016, labels.Count);
        Assert.Equal(Enumerable.Range(labels[0].Height, 2016), labels.Select(label => label.Height));
        Assert.Contains(labels, label => label.Pool == "foundryusa");
    }

    private static CoinbasePlan Plan(uint time, string tag) => new(time, Encoding.ASCII.GetBytes(tag));

    private static CoinbasePlan[] Plans(string tag, int firstHeight, int count) =>
        [.. Enumerable.Range(firstHeight, count).Select(height => Plan(1_700_000_000 + ((uint)height * 600), tag))];

    private static string ScriptSigOf(JsonElement block) =>
        block.GetProperty("tx")[0].GetProperty("vin")[0].GetProperty("coinbase").GetString()!;
}
