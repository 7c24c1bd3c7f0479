using PoolWatch.Core.Bitcoin;
using PoolWatch.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>The real node, which serves whole blocks only.</summary>
public sealed class RestBlockSourceTests(MinedChain chain) : NodeSourceContract(chain)
{
    protected override string Name => "rest";

    protected override IBlockSource Open(NodeAccess access) => access.OpenRest();

    [Fact]
    public async Task A_node_without_parts_is_asked_for_one_only_at_first()
    {
        await using var server = BlockPartProxy.Start(Node.Url, withParts: false);
        var source = (RestBlockSource)(Access with { Url = server.Url }).OpenRest();

        await source.ReadAsync([Blocks[1].Hash], Token).ToListAsync(Token);
        await source.ReadAsync([.. Blocks.Take(100).Select(b => b.Hash)], Token).ToListAsync(Token);

        Assert.False(source.ServesParts);
        Assert.Equal(1, server.CountOf("/rest/blockpart/"));
        Assert.Equal(101, server.CountOf("/rest/block/"));
    }

    [Fact]
    public async Task Thousands_of_hashes_come_2000_headers_at_a_time()
    {
        await using var server = BlockPartProxy.Start(Node.Url);

        var hashes = await (Access with { Url = server.Url }).OpenRest().GetHashesAsync(0, 10_000, Token);

        Assert.Equal(Blocks.Select(b => b.Hash), hashes);
        Assert.Equal(2, server.CountOf("/rest/headers/"));
        Assert.Equal(1, server.CountOf("/rest/blockhashbyheight/"));
    }

    [Fact]
    public async Task A_node_whose_REST_is_off_is_a_bad_answer_that_says_so()
    {
        await using var node = await BitcoinNode.StartAsync(null, "-rest=0");

        var error = await Assert.ThrowsAsync<BlockSourceException>(() => Open(new NodeAccess(node.Url, node.CookieFile)).GetChainAsync(Token));

        Assert.Equal(SourceFault.BadAnswer, error.Fault);
        Assert.Contains("-rest=1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_the_smallest_queue_is_read_all_the_same()
    {
        await using var node = await BitcoinNode.StartAsync(null, "-rpcthreads=1", "-rpcworkqueue=1");
        var mined = await TagMiner.MineAsync(
            node, [.. Enumerable.Range(1, 500).Select(h => new CoinbasePlan(1_700_000_000 + ((uint)h * 600), "tag"u8.ToArray()))]);
        var source = Open(new NodeAccess(node.Url, node.CookieFile));

        var heads = await source.ReadAsync(await source.GetHashesAsync(1, 500, Token), Token).ToListAsync(Token);

        Assert.Equal(mined.Select(b => b.Hash), heads.Select(h => h.Header.Hash.ToString()));
    }
}
