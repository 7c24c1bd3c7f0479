using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class BlockDecoderAllocationTests
{
    // The most that the fields' own limits allow, so that nothing is refused and everything is asked for.
    [Theory]
    [InlineData("fe07b20100")]
    [InlineData("010000000000000000fe00350c00")]
    [InlineData("020000000000000000fe00350c00")]
    public void Largest_claims_that_can_be_right_allocate_nothing(string outputs)
    {
        var block = BlockBytes.Block(outputs: outputs);
        var end = block.Length - 4;

        Assert.Equal(0, Allocated(() => Assert.False(BlockDecoder.TryDecode(block.AsSpan(0, end), out _, out _))));
    }

    [Theory]
    [InlineData("ffffffffffffffffff", "02abcd", "01")]
    [InlineData("01", "feffffff7f", "01")]
    [InlineData("01", "02abcd", "ffffffffffffffff7f")]
    [InlineData("01", "02abcd", "010000000000000000ffffffffffffffff7f")]
    public void Impossible_claims_allocate_no_more_than_the_error(string count, string script, string outputs)
    {
        var block = BlockBytes.Block(count, script: script, outputs: outputs);
        var error = Allocated(() => Thrown(() => throw new BlockFormatException("A message about as long as the decoder's own", 80)));

        Assert.InRange(Allocated(() => Thrown(() => BlockDecoder.TryDecode(block, out _, out _))), 1, error + 800);
    }

    [Fact]
    public void Prefix_that_is_too_short_allocates_nothing()
    {
        var block = FixtureFile.Block("758300-dcfa93d9.bin");

        Assert.Equal(0, Allocated(() => Assert.False(BlockDecoder.TryDecode(block.AsSpan(0, 290), out _, out _))));
    }

    [Fact]
    public void Result_takes_its_bytes_its_outputs_and_a_few_objects()
    {
        var block = FixtureFile.Block("758300-dcfa93d9.bin");
        var coinbase = BlockDecoder.Decode(block).Coinbase;

        // Three objects, two arrays; a TxOut is 24 bytes. The rest of the 43,710 bytes must not count.
        Assert.InRange(Allocated(() => BlockDecoder.Decode(block)), 1, coinbase.Transaction.Length + (24 * coinbase.Outputs.Count) + 350);
    }

    private static void Thrown(Action action)
    {
        try
        {
            action();
        }
        catch (BlockFormatException)
        {
            return;
        }

        Assert.Fail("Nothing was refused.");
    }

    private static long Allocated(Action action)
    {
        action();
        action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
