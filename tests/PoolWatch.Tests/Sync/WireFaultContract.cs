using System.Diagnostics;
using PoolWatch.Tests.Node;

namespace PoolWatch.Tests.Sync;

/// <summary>What goes wrong between the node and the service, whatever the chain is.</summary>
public abstract class WireFaultContract(FollowedNode followed) : NodeFaultContract(followed)
{
    /// <summary>What the descriptions of requests for blocks have.</summary>
    protected abstract IReadOnlyList<string> BlockRequests { get; }

    /// <summary>More than what is under way to a reader when it hangs up.</summary>
    private const long UnderWay = 32L << 20;

    /// <summary>The largest answer to the question for three blocks: 4 MB each, written in hexadecimal digits.</summary>
    private const long MostOfBlocks = 24L << 20;

    [Fact]
    public async Task A_node_that_warms_up_is_waited_for()
    {
        var status = await LiveThroughAsync(n => n.WarmingUp = "Verifying blocks…", "node_warming_up", "starting", "Verifying blocks…");

        Assert.False(status.GetProperty("node").GetProperty("up").GetBoolean());
    }

    [Fact]
    public Task A_node_that_has_too_much_to_do_is_asked_again_later() => LiveThroughAsync(n => n.Wire.TooBusy = true, "node_unreachable", "too much to do", "rpcworkqueue");

    [Fact]
    public Task Slow_answers_are_waited_for() => SurviveAsync(n => n.Wire.Delay = TimeSpan.FromMilliseconds(250));

    [Fact]
    public async Task While_an_answer_stalls_the_service_answers_itself_and_stops_when_told()
    {
        await using var run = await StartAsync(Followed.Chain.UpTo(30));
        run.Node.Wire.StallAfter = 5;
        run.Node.Chain = Followed.Chain.UpTo(40);
        await run.WaitAsync(_ => run.Node.Requests.Any(IsStalled));

        Assert.Equal(run.Node.Chain.Blocks[30].Hash, (await run.Service.StatusAsync()).GetProperty("chain").GetProperty("hash").GetString());
        Assert.Contains("poolwatch_chain_height 30", (await run.Service.GetTextAsync("/metrics")).Split('\n'));
        var clock = Stopwatch.StartNew();
        await run.Service.DisposeAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task An_answer_that_stalls_until_the_connection_breaks_is_asked_for_again()
    {
        var run = await SharedAsync();
        run.Node.Wire.StallAfter = 5;
        run.Node.Chain = Grown(run.Node);
        // It may have been asked already when its answers began to stall.
        await run.WaitAsync(_ => run.Node.Requests.Any(IsStalled));

        run.Node.Recover();

        await run.WaitForTipAsync();
        await run.AssertStoredAsync(Followed.Stored);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public Task An_answer_that_breaks_off_is_no_answer(int after) => LiveThroughAsync(n => n.Wire.TruncateAt = after, "node_unreachable", "127.0.0.1");

    [Fact]
    public Task A_block_that_breaks_off_is_no_answer() =>
        LiveThroughAsync(n => (n.Wire.Only, n.Wire.TruncateAt) = (BlockRequests, 100), "node_unreachable", "127.0.0.1");

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public Task An_answer_that_is_too_short_is_a_bad_answer(int length) => LiveThroughAsync(n => n.Wire.CutTo = length, "node_bad_answer");

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public Task A_block_that_is_too_short_is_none(int length) =>
        LiveThroughAsync(n => (n.Wire.Only, n.Wire.CutTo) = (BlockRequests, length), "node_bad_answer|blocks_invalid");

    [Theory]
    [InlineData("")]
    [InlineData("<html>It works!</html>")]
    [InlineData("{\"result\":")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    [InlineData("\"\\ud800\"")]
    public Task JSON_that_is_none_is_a_bad_answer(string text) =>
        LiveThroughAsync(n => (n.Wire.Only, n.Wire.Instead) = (["chaininfo"], text), "node_bad_answer");

    [Fact]
    public Task A_server_that_is_no_node_is_a_bad_answer() => LiveThroughAsync(n => n.Wire.Instead = "<html>It works!</html>", "node_bad_answer");

    [Fact]
    public Task A_block_that_is_a_web_page_is_none() => LiveThroughAsync(
        n => (n.Wire.Only, n.Wire.Instead) = (BlockRequests, $"<html>{new string('x', 5_000)}</html>"), "node_bad_answer|blocks_invalid");

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        await LiveThroughAsync(n => n.Wire.Oversize = true, "node_bad_answer", "bytes");

        Assert.InRange((await SharedAsync()).Node.Requests.Max(request => request.Bytes), 1, UnderWay);
    }

    [Fact]
    public async Task A_block_without_end_is_not_read_to_its_end()
    {
        var run = await SharedAsync();
        run.Node.ForgetRequests();
        (run.Node.Wire.Only, run.Node.Wire.Oversize) = (BlockRequests, true);
        run.Node.Chain = Grown(run.Node);
        await run.WaitAsync(_ => run.Node.Requests.Any(
            request => request.Ended && BlockRequests.Any(text => request.Description.Contains(text, StringComparison.Ordinal))));

        var most = run.Node.Requests.Max(request => request.Bytes);
        run.Node.Recover();

        Assert.InRange(most, 1, MostOfBlocks + UnderWay);
        await run.WaitForTipAsync();
        await run.AssertStoredAsync(Followed.Stored);
    }

    [Fact]
    public async Task Connections_that_keep_breaking_only_take_longer()
    {
        var run = await SharedAsync();
        run.Node.ForgetRequests();
        (run.Node.Wire.Share, run.Node.Wire.TruncateAt) = (0.15, 20);
        run.Node.Chain = Grown(run.Node, 6);

        await run.WaitAsync(s => s.GetProperty("chain").GetProperty("hash").GetString() == run.Node.Chain.Tip.Hash);

        run.Node.Recover();
        await run.WaitForTipAsync();
        await run.AssertStoredAsync(Followed.Stored);
    }

    [Fact]
    public async Task A_fault_that_stays_is_asked_after_as_often_as_the_schedule_says()
    {
        await LiveThroughAsync(n => n.WarmingUp = "Loading block index…", "node_warming_up");
        var run = await SharedAsync();
        run.Node.WarmingUp = "Loading block index…";
        run.Node.ForgetRequests();

        await Task.Delay(TimeSpan.FromSeconds(2), Token);

        Assert.InRange(run.Node.Requests.Count, 1, 8);
    }

    private static bool IsStalled(FakeRequest request) => request is { Ended: false, Bytes: 5 };
}
