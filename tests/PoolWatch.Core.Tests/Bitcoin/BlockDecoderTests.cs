using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class BlockDecoderTests
{
    public static TheoryData<string> Blocks => [.. FixtureFile.Blocks];

    [Theory]
    [InlineData(162500, "0000000000000295b629e94570ebe77eb499285c89f45478dd7aba55a1f88d50", 1, 1)]
    [InlineData(275000, "00000000000000044750d80a0d3f3e307e54e8802397ae840d91adc28068f5bc", 8, 1)]
    [InlineData(670718, "0000000000000000000566438fa7dc31ec2b26e8cfd0a704822238ee8a40922c", 1, 3)]
    [InlineData(758300, "000000000000000000034900990cff43efbce633b9afa806abaeddd7dcfa93d9", 59, 2)]
    [InlineData(768274, "00000000000000000004a792625715b4ae1ae3a0a300310855a010463aeb5d46", 1, 3)]
    public void Block_has_the_published_hash_count_and_outputs(int height, string hash, long count, int outputs)
    {
        var head = BlockDecoder.Decode(FixtureFile.Block($"{height}-{hash[^8..]}.bin"));

        Assert.Equal(hash, head.Header.Hash.ToString());
        Assert.Equal(count, head.TransactionCount);
        Assert.Equal(outputs, head.Coinbase.Outputs.Count);
        Assert.Equal(count == 1, head.Coinbase.Txid == head.Header.MerkleRoot);
    }

    [Theory, MemberData(nameof(Blocks))]
    public void Every_truncation_asks_for_more_and_gets_further(string file)
    {
        var block = FixtureFile.Block(file);
        var end = HeadLength(block);

        for (var length = 0; length < end; length++)
        {
            Assert.False(BlockDecoder.TryDecode(block.AsSpan(0, length), out var head, out var missing));
            Assert.Null(head);
            Assert.InRange(missing, 1, end - length);
            Assert.Equal(length, Assert.Throws<BlockFormatException>(() => BlockDecoder.Decode(block.AsSpan(0, length))).Offset);
        }
    }

    [Theory, MemberData(nameof(Blocks))]
    public void Reading_only_what_was_asked_for_takes_few_steps(string file)
    {
        var block = FixtureFile.Block(file);
        var (length, steps) = (0, 0);
        while (!BlockDecoder.TryDecode(block.AsSpan(0, length), out _, out var missing))
        {
            length += missing;
            steps++;
        }

        Assert.Equal(HeadLength(block), length);
        Assert.InRange(steps, 2, 3 + (2 * BlockDecoder.Decode(block).Coinbase.Outputs.Count));
    }

    [Fact]
    public void Nothing_at_all_asks_for_the_smallest_block()
    {
        Assert.False(BlockDecoder.TryDecode([], out _, out var missing));
        Assert.Equal(BlockHeader.Size + 1 + 62, missing);
    }

    [Theory]
    [InlineData("01", "", 86)]
    [InlineData("000101", "0100", 87)]
    public void What_is_certain_to_follow_is_asked_for_at_once(string form, string witness, int known)
    {
        var block = BlockBytes.Block(form: form, witness: witness, outputs: "01000000000000000000");
        for (var length = known; length < block.Length; length++)
        {
            Assert.False(BlockDecoder.TryDecode(block.AsSpan(0, length), out _, out var missing));
            Assert.Equal(block.Length - length, missing);
        }
    }

    [Theory]
    [InlineData("00", 80)]
    [InlineData("fd0100", 80)]
    [InlineData("fdfc00", 80)]
    [InlineData("fe01000000", 80)]
    [InlineData("ff0100000000000000", 80)]
    [InlineData("feffff0000", 80)]
    [InlineData("ffffffffff00000000", 80)]
    [InlineData("fe6b040100", 80)]
    [InlineData("ffffffffffffffffff", 80)]
    public void Odd_transaction_count_is_refused(string count, int offset) => Refused(BlockBytes.Block(count: count), offset);

    [Theory]
    [InlineData("fc", 252)]
    [InlineData("fdfd00", 253)]
    [InlineData("fdffff", 65_535)]
    [InlineData("fe00000100", 65_536)]
    [InlineData("fe6a040100", 66_666)]
    public void Shortest_form_of_a_count_is_read(string count, long expected) =>
        Assert.Equal(expected, BlockDecoder.Decode(BlockBytes.Block(count: count)).TransactionCount);

    [Theory]
    [InlineData("00", 86)]
    [InlineData("0002", 86)]
    [InlineData("000102", 87)]
    [InlineData("02", 85)]
    [InlineData("fd0100", 85)]
    public void Anything_but_one_input_is_refused(string form, int offset) => Refused(BlockBytes.Block(form: form), offset);

    [Theory]
    [InlineData(0, 86)]
    [InlineData(31, 117)]
    [InlineData(32, 118)]
    [InlineData(35, 121)]
    public void Input_that_spends_an_output_is_refused(int at, int offset)
    {
        var outpoint = BlockBytes.NoOutpoint.ToArray();
        outpoint[at] ^= 0x40;
        Refused(BlockBytes.Block(outpoint: outpoint), offset);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("01aa")]
    [InlineData("65")]
    [InlineData("fd6400")]
    [InlineData("ffffffffffffffffff")]
    public void Script_of_other_than_2_to_100_bytes_is_refused(string script) => Refused(BlockBytes.Block(script: script), 122);

    [Theory]
    [InlineData("00", 129)]
    [InlineData("fe08b20100", 129)]
    [InlineData("010140075af07507000151", 130)]
    [InlineData("01ffffffffffffffff0151", 130)]
    [InlineData("020040075af0750700015101000000000000000151", 140)]
    [InlineData("010000000000000000fd0100", 138)]
    [InlineData("010000000000000000fe40420f00", 138)]
    [InlineData("010000000000000000ffffffffffffffff7f", 138)]
    public void Odd_outputs_are_refused(string outputs, int offset) => Refused(BlockBytes.Block(outputs: outputs), offset);

    [Theory]
    [InlineData("00", 142)]
    [InlineData("fe01093d00", 142)]
    [InlineData("01ffffffffffffffffff", 143)]
    [InlineData("01fe00093d00", 143)]
    [InlineData("01fd2000", 143)]
    public void Odd_witness_is_refused(string witness, int offset) => Refused(BlockBytes.Block(form: "000101", witness: witness), offset);

    [Fact]
    public void All_bitcoin_there_will_ever_be_fits_into_a_value()
    {
        var head = BlockDecoder.Decode(BlockBytes.Block(outputs: "010040075af07507000151"));
        Assert.Equal(2_100_000_000_000_000, head.Coinbase.Outputs[0].Value);
    }

    [Fact]
    public void Header_fields_are_those_of_the_bytes()
    {
        var block = BlockBytes.Block();
        Convert.FromHexString("feffffff").CopyTo(block, 0);
        block[4] = 1;
        block[36] = 2;
        Convert.FromHexString("010203040506070809101112").CopyTo(block, 68);

        var header = BlockDecoder.Decode(block).Header;

        Assert.Equal(BlockHash.Of(block.AsSpan(0, 80)), header.Hash);
        Assert.Equal((-2, 0x04030201u, 0x08070605u, 0x12111009u), (header.Version, header.Time, header.Bits, header.Nonce));
        Assert.EndsWith("01", header.PreviousHash.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("02", header.MerkleRoot.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(79, 79)]
    [InlineData(81, 80)]
    public void Header_of_another_length_is_refused(int length, int offset) =>
        Assert.Equal(offset, Assert.Throws<BlockFormatException>(() => BlockHeader.Decode(new byte[length])).Offset);

    [Fact]
    public void Coinbase_that_stands_alone_must_end_where_its_bytes_end()
    {
        var coinbase = BlockBytes.Block()[81..];

        Assert.Equal(50_00000000, Coinbase.Decode(coinbase).Outputs[0].Value);
        Assert.Equal(coinbase.Length, Assert.Throws<BlockFormatException>(() => Coinbase.Decode([.. coinbase, 0])).Offset);
        Assert.Equal(coinbase.Length - 1, Assert.Throws<BlockFormatException>(() => Coinbase.Decode(coinbase.AsSpan(..^1))).Offset);
    }

    private static void Refused(byte[] block, int offset)
    {
        Assert.Equal(offset, Assert.Throws<BlockFormatException>(() => BlockDecoder.TryDecode(block, out _, out _)).Offset);
        Assert.Equal(offset, Assert.Throws<BlockFormatException>(() => BlockDecoder.Decode(block)).Offset);
    }

    private static int HeadLength(byte[] block)
    {
        var length = 0;
        while (!BlockDecoder.TryDecode(block.AsSpan(0, length), out _, out _))
        {
            length++;
        }

        return length;
    }
}
