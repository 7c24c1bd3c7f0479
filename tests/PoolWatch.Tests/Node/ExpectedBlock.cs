using System.Security.Cryptography;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Tests.Node;

/// <summary>A block's bytes, taken apart here without PoolWatch's decoder (Bitcoin developer reference; BIP 144), to compare a source's answer with.</summary>
public sealed class ExpectedBlock
{
    private const int OutpointLength = 36;
    private readonly byte[] _header;
    private readonly long _transactions;
    private readonly byte[] _stripped;
    private readonly byte[] _scriptSig;
    private readonly List<(long Value, byte[] Script)> _outputs = [];

    /// <param name="height">Its height in its branch.</param>
    /// <param name="header">80 bytes.</param>
    /// <param name="transactions">How many it has.</param>
    /// <param name="coinbase">The first of them, with its witness if it has one.</param>
    public ExpectedBlock(int height, byte[] header, long transactions, byte[] coinbase)
    {
        (Height, _header, _transactions) = (height, header, transactions);
        using var reader = new BinaryReader(new MemoryStream(coinbase));
        reader.ReadInt32();
        HasWitness = coinbase[4] == 0;
        reader.BaseStream.Position += HasWitness ? 2 : 0;
        var body = (int)reader.BaseStream.Position;
        Assert.Equal(1, ReadCompactSize(reader));
        reader.ReadBytes(OutpointLength);
        _scriptSig = reader.ReadBytes(ReadCompactSize(reader));
        reader.ReadUInt32();
        for (var left = ReadCompactSize(reader); left > 0; left--)
        {
            _outputs.Add((reader.ReadInt64(), reader.ReadBytes(ReadCompactSize(reader))));
        }

        _stripped = [.. coinbase[..4], .. coinbase[body..(int)reader.BaseStream.Position], .. coinbase[^4..]];
    }

    public int Height { get; }

    public bool HasWitness { get; }

    public int OutputCount => _outputs.Count;

    public long TransactionCount => _transactions;

    public BlockHash Hash => BlockHash.FromBytes(DoubleSha256(_header));

    public void AssertEqual(BlockHead head)
    {
        Assert.Equal(Hash, head.Header.Hash);
        Assert.Equal(_header, HeaderBytes(head.Header));
        Assert.Equal(_transactions, head.TransactionCount);
        Assert.Equal(_stripped, head.Coinbase.Transaction.ToArray());
        Assert.Equal(DoubleSha256(_stripped), head.Coinbase.Txid.ToArray());
        Assert.Equal(_scriptSig, head.Coinbase.ScriptSig.ToArray());
        Assert.Equal(_outputs, head.Coinbase.Outputs.Select(output => (output.Value, output.Script.ToArray())), SameOutput);
    }

    private static bool SameOutput((long Value, byte[] Script) one, (long Value, byte[] Script) other) =>
        one.Value == other.Value && one.Script.AsSpan().SequenceEqual(other.Script);

    private static byte[] HeaderBytes(BlockHeader header)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(header.Version);
        writer.Write(header.PreviousHash.ToArray());
        writer.Write(header.MerkleRoot.ToArray());
        writer.Write(header.Time);
        writer.Write(header.Bits);
        writer.Write(header.Nonce);
        return bytes.ToArray();
    }

    private static int ReadCompactSize(BinaryReader reader) => reader.ReadByte() switch
    {
        253 => reader.ReadUInt16(),
        254 => checked((int)reader.ReadUInt32()),
        var small => small,
    };

    private static byte[] DoubleSha256(byte[] bytes) => SHA256.HashData(SHA256.HashData(bytes));
}
