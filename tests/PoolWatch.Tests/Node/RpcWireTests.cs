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

    private static BlockHash HashOf(int height) => BlockHash.Of([(byte)height]);
}
