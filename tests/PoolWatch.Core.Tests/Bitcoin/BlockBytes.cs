using System.Buffers.Binary;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Tests.Bitcoin;

/// <summary>Writes blocks and coinbases as the network does, right or wrong.</summary>
internal static class BlockBytes
{
    public static readonly byte[] NoOutpoint = [.. new byte[32], 0xff, 0xff, 0xff, 0xff];

    /// <summary>A block of one right coinbase in legacy form, with one part replaced at the offset where it stands.</summary>
    public static byte[] Block(
        string? count = null, string form = "01", byte[]? outpoint = null, string script = "02abcd", string outputs = "0100f2052a010000000151",
        string witness = "") =>
        Hex(new string('0', 160) + (count ?? "01") + "01000000" + form, outpoint ?? NoOutpoint, script + "ffffffff" + outputs + witness + "00000000");

    public static byte[] Hex(string before, byte[] middle, string after) =>
        [.. Convert.FromHexString(before), .. middle, .. Convert.FromHexString(after)];

    public static byte[] CompactSize(ulong value)
    {
        var bytes = new byte[9];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(1), value);
        (bytes[0], var length) = value switch { < 0xfd => ((byte)value, 1), <= 0xffff => ((byte)0xfd, 3), <= 0xffff_ffff => ((byte)0xfe, 5), _ => ((byte)0xff, 9) };
        return bytes[..length];
    }

    public static byte[] Coinbase(int version, byte[] scriptSig, IEnumerable<(long Value, byte[] Script)> outputs, uint lockTime, byte[][]? witness)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(version);
        writer.Write(witness is null ? [] : (byte[])[0, 1]);
        writer.Write((byte)1);
        writer.Write(NoOutpoint);
        Write(writer, scriptSig);
        writer.Write(uint.MaxValue);
        writer.Write(CompactSize((ulong)outputs.Count()));
        foreach (var (value, script) in outputs)
        {
            writer.Write(value);
            Write(writer, script);
        }

        if (witness is not null)
        {
            writer.Write(CompactSize((ulong)witness.Length));
            Array.ForEach(witness, item => Write(writer, item));
        }

        writer.Write(lockTime);
        writer.Flush();
        return stream.ToArray();
    }

    public static BlockHeader Header(uint bits, string hash) =>
        new(BlockHash.Parse(hash), 1, BlockHash.Zero, BlockHash.Zero, 0, bits, 0);

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(CompactSize((ulong)bytes.Length));
        writer.Write(bytes);
    }
}
