#if NBITCOIN
using Microsoft.AspNetCore.Http;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Tests.Node;

public sealed class NBitcoinWireTests : WireContract
{
    protected override IBlockSource Open(NodeAccess access) => access.OpenNBitcoin();

    // NBitcoin gives out the answers of a batch by their place.
    [Fact]
    public async Task Blocks_in_another_order_are_a_bad_answer_never_mixed_up()
    {
        var other = BlockHash.Of("another block"u8);
        await using var server = await WireServer.StartAsync((context, calls) => context.Response.WriteAsync(WireServer.Batch(
            calls.Reverse().Select(call => WireServer.Result(call, $"\"{Genesis}\"")))));

        var error = await Assert.ThrowsAsync<BlockSourceException>(
            async () => await Open(server.Access).ReadAsync([GenesisHash, other], Token).ToListAsync(Token));

        Assert.Equal(SourceFault.BadAnswer, error.Fault);
        Assert.Contains(other.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coinbase_that_does_not_fit_its_header_is_no_block()
    {
        await using var server = await WireServer.StartAsync(_ => $"\"{Genesis[..^1]}1\"");

        var error = Assert.IsType<BlockFormatException>(await ReadFaultAsync(server.Access));

        Assert.Contains("Merkle root", error.Message, StringComparison.Ordinal);
    }
}
#endif
