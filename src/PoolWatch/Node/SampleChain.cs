using System.Buffers.Binary;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace PoolWatch.Node;

/// <summary>
/// 2016 blocks with the real heights, times and pools of mainnet's 944221 to 946236 (labels: sorukumar/bitcoin-mining-pools, BSD-2),
/// and with coinbases made up from what those pools write and where they are paid. The proof of work is regtest's. A sample, never mainnet.
/// </summary>
internal static class SampleChain
{
    private const long Subsidy = 312_500_000;
    private const int Version = 0x20000000;

    /// <summary>The block bytes in height order and the height of the first.</summary>
    public static (int FirstHeight, IReadOnlyList<byte[]> Blocks) Build()
    {
        var traces = Lines("sample-pools.tsv").Select(l => l.Split('\t')).ToDictionary(f => f[0], f => (Tag: f[1], Address: f[2], AlwaysPaid: f[3].Length > 0));
        var labels = Lines("sample-chain.csv").Select(l => l.Split(',')).ToList();
        var blocks = new List<byte[]>(labels.Count);
        var previous = BlockHash.Zero;
        foreach (var label in labels)
        {
            var height = int.Parse(label[0], CultureInfo.InvariantCulture);
            var time = uint.Parse(label[1], CultureInfo.InvariantCulture);
            var (tag, address, alwaysPaid) = traces.GetValueOrDefault(label[2], ("", "", false));
            var block = Mine(previous, time, MakeCoinbase(height, tag, address, alwaysPaid));
            blocks.Add(block);
            previous = BlockHash.Of(block.AsSpan(0, BlockHeader.Size));
        }

        return (int.Parse(labels[0][0], CultureInfo.InvariantCulture), blocks);
    }

    /// <summary>
    /// Of every three blocks of a pool that has both traces, one has the tag, one pays the address, one does both. Pools that the bundled list knows to be always
    /// paid are paid in all three: else their tags would be claims to doubt.
    /// </summary>
    private static byte[] MakeCoinbase(int height, string tag, string address, bool alwaysPaid)
    {
        var (useTag, useAddress) = (height % 3 != 1 || address.Length == 0, height % 3 != 0 || tag.Length == 0 || alwaysPaid);
        var scriptSig = new List<byte> { 3, (byte)height, (byte)(height >> 8), (byte)(height >> 16) };
        scriptSig.AddRange(useTag ? Encoding.UTF8.GetBytes(tag) : []);
        byte[] anyone = [0x51];
        var script = useAddress && Address.TryToScript(address, Network.Main, out var listed) ? listed : anyone;
        using var transaction = new MemoryStream();
        using var writer = new BinaryWriter(transaction);
        writer.Write(2);
        writer.Write((byte)1);
        writer.Write(new byte[BlockHash.Size]);
        writer.Write(uint.MaxValue);
        writer.Write((byte)scriptSig.Count);
        writer.Write(scriptSig.ToArray());
        writer.Write(uint.MaxValue);
        writer.Write((byte)1);
        writer.Write(Subsidy);
        writer.Write((byte)script.Length);
        writer.Write(script);
        writer.Write(0);
        return transaction.ToArray();
    }

    private static byte[] Mine(BlockHash previous, uint time, byte[] coinbase)
    {
        var block = new byte[BlockHeader.Size + 1 + coinbase.Length];
        BinaryPrimitives.WriteInt32LittleEndian(block, Version);
        previous.CopyTo(block.AsSpan(4));
        BlockHash.Of(coinbase).CopyTo(block.AsSpan(36));
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(68), time);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(72), Network.Sample.ProofOfWorkLimit);
        block[BlockHeader.Size] = 1;
        coinbase.CopyTo(block, BlockHeader.Size + 1);
        for (var nonce = 0u; !ProofOfWork.IsMet(BlockHeader.Decode(block.AsSpan(0, BlockHeader.Size)), Network.Sample);)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(76), ++nonce);
        }

        return block;
    }

    private static IEnumerable<string> Lines(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
    }
}
