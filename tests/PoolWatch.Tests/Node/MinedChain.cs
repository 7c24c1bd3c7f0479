using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>A real node with a chain of many kinds of coinbases, longer than one request asks for. Tests leave it as it is.</summary>
public sealed class MinedChain : IAsyncLifetime
{
    private const int MinedBlocks = 2_500;
    private readonly List<ExpectedBlock> _blocks = [];
    private BitcoinNode? _node;

    public BitcoinNode Node => _node!;

    public NodeAccess Access => new(Node.Url, Node.CookieFile);

    /// <summary>By height, from the genesis block to the tip.</summary>
    public IReadOnlyList<ExpectedBlock> Blocks => _blocks;

    public async ValueTask InitializeAsync()
    {
        _node = await BitcoinNode.StartAsync();
        await AddFromNodeAsync(0);
        var mined = await TagMiner.MineAsync(Node, [.. Enumerable.Range(1, MinedBlocks).Select(Plan)]);
        _blocks.AddRange(mined.Select(block => new ExpectedBlock(block.Height, block.Header, 1, block.Coinbase)));

        // The node's own blocks have a witness in their coinbase (BIP 141), and these have more than one transaction.
        for (var count = 0; count <= 4; count++)
        {
            var spends = await Task.WhenAll(mined.Skip(count * 10).Take(count).Select(SpendAsync));
            await Node.CallAsync("generateblock", "raw(51)", spends);
            await AddFromNodeAsync(MinedBlocks + 1 + count);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }
    }

    private static CoinbasePlan Plan(int height)
    {
        var time = 1_600_000_000 + ((uint)height * 600);
        byte[] toKeyHash = [0x00, 0x14, .. Enumerable.Repeat((byte)height, 20)];
        var subsidy = TagMiner.RegtestSubsidy(height);
        return (height % 10) switch
        {
            1 or 2 or 3 => new CoinbasePlan(time, "/a pool's tag/"u8.ToArray()),
            4 => new CoinbasePlan(time, []),
            5 => new CoinbasePlan(time, [.. Enumerable.Range(0, 96).Select(i => (byte)(i * 7))]),
            6 => new CoinbasePlan(time, "七彩神仙鱼"u8.ToArray(), [new(subsidy, toKeyHash)]),
            7 => new CoinbasePlan(time, [0], [new(subsidy - 1, toKeyHash), new(1, [0x51]), new(0, [0x6a, 0x01, 0x07])]),
            8 => new CoinbasePlan(time, [0xff], [new(subsidy, [0x6a, .. Enumerable.Repeat((byte)0x01, 400)])]),
            9 => new CoinbasePlan(time, [1], [new(subsidy, []), .. Enumerable.Repeat(new CoinbaseOutput(0, [0x51]), 300)]),
            _ => new CoinbasePlan(time, [2], [new(0, [0x51])]),
        };
    }

    // Whoever wants may spend these; all of the value goes to the miner.
    private async Task<string> SpendAsync(MinedBlock block)
    {
        var txid = (await Node.CallAsync("getblock", block.Hash, 1)).GetProperty("tx")[0].GetString();
        object[] inputs = [new { txid, vout = 0 }], outputs = [new { data = Convert.ToHexStringLower(block.Header) }];
        return await Node.CallAsync<string>("createrawtransaction", inputs, outputs);
    }

    private async Task AddFromNodeAsync(int height)
    {
        var hash = await Node.CallAsync<string>("getblockhash", height);
        var header = Convert.FromHexString(await Node.CallAsync<string>("getblockheader", hash, false));
        var transactions = (await Node.CallAsync("getblock", hash, 2)).GetProperty("tx");
        var coinbase = Convert.FromHexString(transactions[0].GetProperty("hex").GetString()!);
        _blocks.Add(new ExpectedBlock(height, header, transactions.GetArrayLength(), coinbase));
    }
}
