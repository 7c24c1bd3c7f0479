using PoolWatch.Core.Bitcoin;
using PoolWatch.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>The cheapest way that the node offers is taken, and named once.</summary>
public sealed class AutoBlockSourceTests(MinedChain chain) : NodeSourceContract(chain)
{
    private readonly LogLines<AutoBlockSource> _log = new();

    protected override string Name => "rest";

    protected override IBlockSource Open(NodeAccess access) => access.OpenAuto(_log);

    [Fact]
    public void Before_the_node_answers_nothing_is_chosen() => Assert.Equal("auto", Open().Name);

    [Fact]
    public async Task Parts_of_blocks_are_the_cheapest()
    {
        await using var proxy = BlockPartProxy.Start(Node.Url);
        var source = Open(Access with { Url = proxy.Url });

        await source.GetChainAsync(Token);
        await source.GetChainAsync(Token);

        Assert.Equal("rest", source.Name);
        Assert.Equal("The node offers REST with parts of blocks: reading by rest", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task Without_parts_whole_blocks_are_read_by_REST()
    {
        var source = Open();

        await source.GetChainAsync(Token);
        await source.ReadAsync([Blocks[5].Hash], Token).ToListAsync(Token);

        Assert.Equal("The node offers REST without parts of blocks (Bitcoin Core 31 has them): reading by rest", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task A_node_that_loses_its_REST_is_read_by_RPC_and_by_REST_again_when_it_has_it_back()
    {
        using var directory = new TemporaryDirectory();
        await using var node = await BitcoinNode.StartAsync(directory.Path);
        var access = new NodeAccess(node.Url, node.CookieFile);
        var source = Open(access);
        await source.GetChainAsync(Token);

        await node.RestartAsync("-rest=0");
        await source.GetChainAsync(Token);
        var withoutRest = source.Name;
        var hashes = await source.GetHashesAsync(0, 5, Token);
        await node.RestartAsync("-rest=1");
        await source.GetChainAsync(Token);

        Assert.Equal("rpc", withoutRest);
        Assert.Single(hashes);
        Assert.Equal("rpc", source.Name);
        await node.StopAsync();
        await Assert.ThrowsAsync<BlockSourceException>(() => source.GetChainAsync(Token));
        await node.RestartAsync();
        await source.GetChainAsync(Token);
        Assert.Equal("rest", source.Name);
        Assert.Equal(3, _log.Lines.Count);
    }
}
