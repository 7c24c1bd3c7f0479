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
    public async Task Of_a_block_longer_than_a_part_only_parts_are_moved(int pastTheEnd)
    {
        var proxy = Proxy(Node.Url);
        proxy.PastTheEnd = pastTheEnd;
        var source = (RestBlockSource)(Access with { Url = proxy.Url }).OpenRest();
        var longer = Blocks.Where(b => b.OutputCount > 252).ToList();
        var shorter = Blocks.Skip(1).Take(3).ToList();

        var heads = await source.ReadAsync([.. longer.Select(b => b.Hash), .. shorter.Select(b => b.Hash)], Token).ToListAsync(Token);

        Assert.Equal([.. longer.Select(b => b.Hash), .. shorter.Select(b => b.Hash)], heads.Select(h => h.Header.Hash));
        Assert.True(source.ServesParts);
        // A coinbase of 300 outputs is nearly all of these blocks: parts of 1, 1 and 2 KB, the last of which may be too long.
        Assert.InRange(proxy.CountOf("/rest/blockpart/"), 2 * longer.Count, (4 * longer.Count) + shorter.Count);
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
