using System.Diagnostics;
using System.Text.Json;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>
/// A node that does what it should not, end to end: the state says what is wrong, nothing wrong is stored, nothing runs hot, and when the node
/// is well again the service is too, with the rows of an undisturbed run.
/// </summary>
public abstract class NodeFaultContract(FollowedNode followed) : IClassFixture<FollowedNode>
{
    /// <summary>New blocks in each test; what is wrong with one is wrong with the middle one.</summary>
    private const int NewBlocks = 3;

    /// <summary>Of one run of the schedule, with all that it may try again.</summary>
    private const int MostRequestsInOneRun = 40;

    protected abstract string Source { get; }

    /// <summary>Whether the node has <c>/rest/blockpart</c>.</summary>
    protected virtual bool Parts => false;

    protected FollowedNode Followed => followed;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The service that the tests share, on a node that is well.</summary>
    protected Task<FollowedNode.Run> SharedAsync() => followed.SharedAsync(Source, Parts);

    protected Task<FollowedNode.Run> StartAsync(FakeChain chain) => followed.StartAsync(Source, Parts, chain);

    /// <summary>The node's chain as it will be when it has a few blocks more.</summary>
    protected FakeChain Grown(FakeNode node, int blocks = NewBlocks) => followed.Chain.UpTo(node.Chain.Tip.Height + blocks);

    /// <summary>The middle one of the blocks that come in this test.</summary>
    protected MinedBlock Victim(FakeNode node) => followed.Chain.Blocks[node.Chain.Tip.Height + 2];

    /// <summary>Lets a fault begin and new blocks come, waits for the problem, ends the fault, and compares.</summary>
    /// <param name="begin">The fault. Where it leaves the node's chain alone, the chain grows then.</param>
    /// <param name="problem">One of the problems that the state may name, parted by <c>|</c>.</param>
    /// <param name="words">What the sentence must have.</param>
    /// <returns>The status while the fault lasted.</returns>
    protected async Task<JsonElement> LiveThroughAsync(Action<FakeNode> begin, string problem, params string[] words)
    {
        var run = await SharedAsync();
        var (node, before, grown) = (run.Node, run.Node.Chain, Grown(run.Node));
        node.ForgetRequests();
        var (clock, nudges) = (Stopwatch.StartNew(), run.Nudges);
        begin(node);
        node.Chain = node.Chain == before ? grown : node.Chain;

        var status = await run.WaitAsync(s => s.GetProperty("problem").ValueKind != JsonValueKind.Null);
        AssertDegraded(status, problem, words);
        Assert.InRange(node.Requests.Count, 1, MostRequestsInOneRun * (run.Nudges - nudges + clock.Elapsed.TotalSeconds + 1));

        node.Chain = grown;
        node.Recover();
        await run.WaitForTipAsync();
        await run.AssertStoredAsync(followed.Stored);
        return status;
    }

    /// <summary>Lets a fault begin and new blocks come, and waits for those: the fault is none that an operator should hear of.</summary>
    protected async Task<FollowedNode.Run> SurviveAsync(Action<FakeNode> begin, int blocks = NewBlocks)
    {
        var run = await SharedAsync();
        var grown = Grown(run.Node, blocks);
        run.Node.ForgetRequests();
        begin(run.Node);
        run.Node.Chain = grown;

        await run.WaitAsync(status =>
        {
            Assert.Equal(JsonValueKind.Null, status.GetProperty("problem").ValueKind);
            return status.GetProperty("chain").GetProperty("hash").GetString() == grown.Tip.Hash;
        });
        run.Node.Recover();
        await run.WaitForTipAsync();
        await run.AssertStoredAsync(followed.Stored);
        return run;
    }

    private void AssertDegraded(JsonElement status, string problem, string[] words)
    {
        Assert.Equal("degraded", status.GetProperty("state").GetString());
        var detail = status.GetProperty("detail").GetString()!;
        Assert.True(problem.Split('|').Contains(status.GetProperty("problem").GetString()), $"{status.GetProperty("problem")}: {detail}");
        Assert.All(words, word => Assert.Contains(word, detail, StringComparison.Ordinal));
        var height = status.GetProperty("chain").GetProperty("height").GetInt32();
        Assert.Equal(followed.Chain.Blocks[height].Hash, status.GetProperty("chain").GetProperty("hash").GetString());
    }
}
