using CsCheck;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class BlockDecoderPropertyTests
{
    private static readonly byte[][] Prefixes = [.. FixtureFile.Blocks.Select(file => FixtureFile.Block(file)).Select(block => block[..Math.Min(block.Length, 600)])];

    private static readonly Gen<byte[]> Script = Gen.Byte.Array[0, 300];

    private static readonly Gen<(long Value, byte[] Script)> Output = Gen.Select(Gen.Long[0, 4_000_000_000_000], Script);

    private static readonly Gen<(int Version, byte[] ScriptSig, (long Value, byte[] Script)[] Outputs, uint LockTime, byte[][]? Witness)> Parts =
        Gen.Select(Gen.Int, Gen.Byte.Array[2, 100], Output.Array[1, 300], Gen.UInt, Gen.OneOf(Gen.Const((byte[][]?)null), Gen.Byte.Array[0, 40].Array[1, 3]!));

    private static readonly Gen<byte[]> Mutated =
        Gen.Select(Gen.OneOf(Prefixes), Gen.Select(Gen.Int[0, 599], Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(0, 1, 0xfc, 0xfd, 0xfe, 0xff))).Array[1, 4], Gen.Int[0, 600])
            .Select((prefix, changes, length) =>
            {
                var bytes = prefix.ToArray();
                foreach (var (at, value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                return bytes[..Math.Min(length, bytes.Length)];
            });

    [Fact]
    public void Random_bytes_never_throw_anything_else() => Gen.Byte.Array[0, 400].Sample(OnlyFormatErrors, iter: 50_000);

    [Fact]
    public void Mutated_real_blocks_never_throw_anything_else() => Mutated.Sample(OnlyFormatErrors, iter: 100_000);

    [Fact]
    public void Mutated_headers_and_coinbases_never_throw_anything_else() =>
        Mutated.Where(bytes => bytes.Length > 81).Sample(
            bytes =>
            {
                OnlyFormatErrors(() => BlockHeader.Decode(bytes.AsSpan(0, 80)), bytes.Length);
                OnlyFormatErrors(() => Coinbase.Decode(bytes.AsSpan(81)), bytes.Length - 81);
            },
            iter: 50_000);

    [Fact]
    public void What_was_written_is_what_is_read() =>
        Parts.Sample(
            parts =>
            {
                var coinbase = Coinbase.Decode(BlockBytes.Coinbase(parts.Version, parts.ScriptSig, parts.Outputs, parts.LockTime, parts.Witness));
                var stripped = BlockBytes.Coinbase(parts.Version, parts.ScriptSig, parts.Outputs, parts.LockTime, null);

                Assert.Equal(stripped, coinbase.Transaction.ToArray());
                Assert.Equal(parts.ScriptSig, coinbase.ScriptSig.ToArray());
                Assert.Equal(parts.Outputs, coinbase.Outputs.Select(output => (output.Value, output.Script.ToArray())), SameOutput);
            },
            iter: 500);

    [Fact]
    public void Asking_again_ends_exactly_at_the_coinbase() =>
        Parts.Sample(
            parts =>
            {
                var coinbase = BlockBytes.Coinbase(parts.Version, parts.ScriptSig, parts.Outputs, parts.LockTime, parts.Witness);
                byte[] block = [.. new byte[80], 7, .. coinbase, .. new byte[100]];
                var length = 0;
                while (!BlockDecoder.TryDecode(block.AsSpan(0, length), out _, out var missing))
                {
                    Assert.True(missing > 0);
                    length += missing;
                }

                Assert.Equal(81 + coinbase.Length, length);
            },
            iter: 500);

    private static bool SameOutput((long Value, byte[] Script) left, (long Value, byte[] Script) right) =>
        left.Value == right.Value && left.Script.AsSpan().SequenceEqual(right.Script);

    private static void OnlyFormatErrors(byte[] bytes) =>
        OnlyFormatErrors(
            () =>
            {
                if (BlockDecoder.TryDecode(bytes, out var head, out var missing))
                {
                    Assert.Equal(head.Coinbase.Txid, Coinbase.Decode(head.Coinbase.Transaction.Span).Txid);
                    Assert.Equal(0, missing);
                }
                else
                {
                    Assert.InRange(missing, 1, 4_000_000);
                }
            },
            bytes.Length);

    private static void OnlyFormatErrors(Action decode, int length)
    {
        try
        {
            decode();
        }
        catch (BlockFormatException exception)
        {
            Assert.InRange(exception.Offset, 0, length);
        }
    }
}
