using System.Diagnostics;
using System.Text;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>What a source that reads a node promises besides, shown on a real one.</summary>
public abstract class NodeSourceContract(MinedChain chain) : BlockSourceContract, IClassFixture<MinedChain>
{
    protected abstract IBlockSource Open(NodeAccess access);

    protected NodeAccess Access => chain.Access;

    protected BitcoinNode Node => chain.Node;

    protected override IBlockSource Open() => Open(Access);

    protected override IReadOnlyList<ExpectedBlock> Blocks => chain.Blocks;

    [Fact]
    public void The_chain_has_every_kind_of_coinbase()
    {
        Assert.Contains(Blocks, block => block.OutputCount > 252);
        Assert.Contains(Blocks, block => block.HasWitness);
        Assert.Equal([1, 2, 3, 4, 5], Blocks.Select(block => block.TransactionCount).Distinct().Order());
        Assert.InRange(Blocks.Count, 2_501, int.MaxValue);
    }

    [Fact]
    public async Task The_chain_is_the_one_the_node_itself_describes()
    {
        var own = await chain.Node.CallAsync("getblockchaininfo");

        var seen = await Open().GetChainAsync(Token);

        Assert.Equal("regtest", seen.Network);
        Assert.Equal(Network.Regtest.GenesisHash, seen.GenesisHash.ToString());
        Assert.Equal(own.GetProperty("blocks").GetInt32(), seen.Height);
        Assert.Equal(own.GetProperty("headers").GetInt32(), seen.HeadersHeight);
        Assert.Equal(own.GetProperty("bestblockhash").GetString(), seen.Hash.ToString());
        Assert.Equal(own.GetProperty("initialblockdownload").GetBoolean(), seen.InitialDownload);
    }

    [Fact]
    public async Task Stale_blocks_stay_readable()
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("old", 1, 6));
        var source = Open(new NodeAccess(node.Url, node.CookieFile));
        var before = await source.GetHashesAsync(1, 10, Token);

        var branch = await TagMiner.MineAsync(node, Plans("new", 4, 5), old[2]);

        Assert.Equal(old.Select(block => block.Hash), before.Select(hash => hash.ToString()));
        var after = await source.GetHashesAsync(1, 10, Token);
        Assert.Equal(old.Take(3).Concat(branch).Select(block => block.Hash), after.Select(hash => hash.ToString()));
        var stale = await source.ReadAsync(before, Token).ToListAsync(Token);
        Assert.Equal(old.Count, stale.Count);
        foreach (var (mined, head) in old.Zip(stale))
        {
            new ExpectedBlock(mined.Height, mined.Header, 1, mined.Coinbase).AssertEqual(head);
        }
    }

    [Fact]
    public async Task The_same_source_goes_on_after_the_node_stopped_and_came_back_with_a_new_cookie()
    {
        await using var node = await BitcoinNode.StartAsync();
        var source = Open(new NodeAccess(node.Url, node.CookieFile));
        await source.GetChainAsync(Token);
        var cookie = await File.ReadAllTextAsync(node.CookieFile, Token);

        await node.StopAsync();
        var stopped = await Assert.ThrowsAsync<BlockSourceException>(() => source.GetChainAsync(Token));
        await node.RestartAsync();

        Assert.Equal(SourceFault.Unreachable, stopped.Fault);
        Assert.NotEqual(cookie, await File.ReadAllTextAsync(node.CookieFile, Token));
        Assert.Equal(0, (await source.GetChainAsync(Token)).Height);
        Assert.Single(await source.GetHashesAsync(0, 2, Token));
    }

    [Fact]
    public async Task A_node_that_was_killed_is_unreachable_by_every_call()
    {
        await using var node = await BitcoinNode.StartAsync();
        var source = Open(new NodeAccess(node.Url, node.CookieFile));
        await node.KillAsync();

        var errors = new[]
        {
            await Assert.ThrowsAsync<BlockSourceException>(() => source.GetChainAsync(Token)),
            await Assert.ThrowsAsync<BlockSourceException>(() => source.GetHashesAsync(0, 1, Token)),
            await Assert.ThrowsAsync<BlockSourceException>(async () => await source.ReadAsync([Blocks[0].Hash], Token).ToListAsync(Token)),
        };

        Assert.All(errors, error => Assert.Equal(SourceFault.Unreachable, error.Fault));
        Assert.All(errors, error => Assert.Contains("http://127.0.0.1:", error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain(await File.ReadAllTextAsync(node.CookieFile, Token), errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_call_ends_at_once()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var (source, clock) = (Open(), Stopwatch.StartNew());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.GetChainAsync(cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => source.GetHashesAsync(0, 10, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await source.ReadAsync([Blocks[1].Hash], cancelled.Token).ToListAsync(Token));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Reading_stops_between_two_heads()
    {
        using var cancel = new CancellationTokenSource();
        var heads = Open().ReadAsync([.. Blocks.Select(block => block.Hash)], cancel.Token).GetAsyncEnumerator(Token);
        Assert.True(await heads.MoveNextAsync());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (await heads.MoveNextAsync())
            {
            }
        });
    }

    private static CoinbasePlan[] Plans(string tag, int firstHeight, int count) =>
        [.. Enumerable.Range(firstHeight, count).Select(height => new CoinbasePlan(1_700_000_000 + ((uint)height * 600), Encoding.UTF8.GetBytes(tag)))];
}
