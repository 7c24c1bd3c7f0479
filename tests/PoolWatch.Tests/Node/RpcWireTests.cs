using Microsoft.AspNetCore.Http;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Tests.Node;

public sealed class RpcWireTests : WireContract
{
    protected override IBlockSource Open(NodeAccess access) => access.OpenRpc();

    [Fact]
    public async Task Answers_belong_to_calls_by_their_ids_in_whatever_order()
    {
        await using var server = await WireServer.StartAsync((context, calls) => context.Response.WriteAsync(WireServer.Batch(
            calls.Reverse().Select(call => WireServer.Result(call, $"\"{HashOf(call.GetProperty("params")[0].GetInt32())}\"")))));

        var hashes = await Open(server.Access).GetHashesAsync(3, 4, Token);

        Assert.Equal([HashOf(3), HashOf(4), HashOf(5), HashOf(6)], hashes);
    }

    [Fact]
    public async Task Ids_that_were_not_asked_for_are_a_bad_answer()
    {
        await using var server = await WireServer.StartAsync(200, $$"""[{"result":"{{GenesisHash}}","error":null,"id":-1},{"result":1,"error":null,"id":7}]""");

        var error = await Assert.ThrowsAsync<BlockSourceException>(() => Open(server.Access).GetChainAsync(Token));

        Assert.Equal(SourceFault.BadAnswer, error.Fault);
    }

    [Fact]
    public async Task Blocks_that_become_large_suddenly_are_asked_for_again_in_smaller_numbers()
    {
        var (small, large) = (GenesisHash.ToString(), BlockWithOutputOf(990_000));
        var largeHash = BlockHash.Of(large.AsSpan(0, BlockHeader.Size));
        var (smallText, largeText) = ($"\"{Genesis}\"", $"\"{Convert.ToHexStringLower(large)}\"");
        var asked = new List<int>();
        await using var server = await WireServer.StartAsync(async (context, calls) =>
        {
            asked.Add(calls.Count);
            await context.Response.WriteAsync("[", context.RequestAborted);
            foreach (var call in calls)
            {
                var text = call.GetProperty("params")[0].GetString() == small ? smallText : largeText;
                await context.Response.WriteAsync((call.GetProperty("id").GetInt32() == 0 ? "" : ",") + WireServer.Result(call, text), context.RequestAborted);
            }

            await context.Response.WriteAsync("]", context.RequestAborted);
        });
        BlockHash[] hashes = [.. Enumerable.Repeat(GenesisHash, 16), .. Enumerable.Repeat(largeHash, 60)];

        var heads = await Open(server.Access).ReadAsync(hashes, Token).ToListAsync(Token);

        Assert.Equal(hashes, heads.Select(head => head.Header.Hash));
        Assert.Equal(72, asked[1]);
        Assert.Equal(36, asked[2]);
        Assert.All(asked.Skip(3), blocks => Assert.InRange(blocks, 1, 8));
    }

    private static BlockHash HashOf(int height) => BlockHash.Of([(byte)height]);
}
