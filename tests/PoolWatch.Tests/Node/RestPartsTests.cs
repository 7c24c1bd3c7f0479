using PoolWatch.Core.Bitcoin;
using PoolWatch.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>The same node behind a proxy that serves parts of its blocks as Bitcoin Core 31 does.</summary>
public sealed class RestPartsTests(MinedChain chain) : NodeSourceContract(chain), IAsyncDisposable
{
    private readonly List<BlockPartProxy> _proxies = [];

    protected override string Name => "rest";

    protected override IBlockSource Open(NodeAccess access) => (access with { Url = Proxy(access.Url).Url }).OpenRest();

    [Theory]
    [InlineData(404)]
    [InlineData(400)]
    public async Task A_block_that_ends_within_a_part_is_read_whole(int pastTheEnd)
    {
        var proxy = Proxy(Node.Url);
        proxy.PastTheEnd = pastTheEnd;
        var source = (RestBlockSource)(Access with { Url = proxy.Url }).OpenRest();
        var hashes = Blocks.Skip(1).Take(20).Select(b => b.Hash).ToList();

        var heads = await source.ReadAsync(hashes, Token).ToListAsync(Token);

        Assert.Equal(hashes, heads.Select(h => h.Header.Hash));
        Assert.True(source.ServesParts);
        Assert.Equal(20, proxy.CountOf("/rest/block/"));
    }

    [Fact]
    public async Task A_coinbase_longer_than_a_part_is_read_in_several()
    {
        await using var node = await BitcoinNode.StartAsync();
        var hash = Assert.Single(await LargeBlocks.MineAsync(node, count: 1, bytes: 1_500_000, outputs: 300));
        var proxy = Proxy(node.Url);

        var head = await new NodeAccess(proxy.Url, node.CookieFile).OpenRest().ReadAsync([BlockHash.Parse(hash)], Token).SingleAsync(Token);

        Assert.Equal(301, head.Coinbase.Outputs.Count);
        Assert.Equal(0, proxy.CountOf("/rest/block/"));
        Assert.Equal(3, proxy.Requests.Count);
        Assert.InRange(proxy.BytesOf("/rest/blockpart/"), head.Coinbase.Transaction.Length, 2 * head.Coinbase.Transaction.Length);
    }

    [Fact]
    public async Task A_block_of_a_megabyte_costs_a_part()
    {
        await using var node = await BitcoinNode.StartAsync();
        var hash = Assert.Single(await LargeBlocks.MineAsync(node, count: 1, bytes: 1_500_000));
        var proxy = Proxy(node.Url);

        var head = await new NodeAccess(proxy.Url, node.CookieFile).OpenRest().ReadAsync([BlockHash.Parse(hash)], Token).SingleAsync(Token);

        Assert.Equal(hash, head.Header.Hash.ToString());
        Assert.Equal(1_024, proxy.BytesOf("/rest/"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }
    }

    private BlockPartProxy Proxy(Uri node)
    {
        var proxy = BlockPartProxy.Start(node);
        _proxies.Add(proxy);
        return proxy;
    }
}
