using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>
/// Mines regtest blocks whose coinbases say what a test needs, and submits them. It shares no code with PoolWatch, so that a
/// mistake in the one is not repeated by the other. Formats: BIP34 (height), Bitcoin developer reference (block, transaction).
/// </summary>
public static class TagMiner
{
    private const int BlocksPerRequest = 250;
    private const int HeaderLength = 80;
    private const int NonceOffset = 76;
    private const uint Bits = 0x207fffff;
    private static readonly byte[] AnyoneCanSpend = [0x51];

    /// <summary>The subsidy in satoshi: 50 BTC, halved every 150 blocks.</summary>
    public static long RegtestSubsidy(int height) => height / 150 is var halvings && halvings < 64 ? 5_000_000_000 >> halvings : 0;

    /// <summary>Mines one block for each plan on top of <paramref name="parent"/> (none: the node's tip) and submits them.</summary>
    public static async Task<IReadOnlyList<MinedBlock>> MineAsync(
        BitcoinNode node, IReadOnlyList<CoinbasePlan> plan, MinedBlock? parent = null)
    {
        var previous = parent ?? await BlockAtAsync(node, await node.CallAsync<int>("getblockcount"));
        var mined = new List<MinedBlock>(plan.Count);
        foreach (var coinbase in plan)
        {
            previous = Mine(coinbase, previous);
            mined.Add(previous);
        }

        foreach (var blocks in mined.Chunk(BlocksPerRequest))
        {
            var answers = await node.BatchAsync("submitblock", blocks.Select(block => new object?[] { Serialize(block) }));
            foreach (var (block, answer) in blocks.Zip(answers))
            {
                EnsureAccepted(block, answer);
            }
        }

        return mined;
    }

    /// <summary>A block of the active chain, to fork from. Of a block that was not mined here, only the coinbase is missing.</summary>
    public static async Task<MinedBlock> BlockAtAsync(BitcoinNode node, int height)
    {
        var hash = await node.CallAsync<string>("getblockhash", height);
        var header = await node.CallAsync<string>("getblockheader", hash, false);
        return new MinedBlock(hash, height, Convert.FromHexString(header), []);
    }

    /// <summary>Mines a block that no node has been told of.</summary>
    /// <param name="plan">What its coinbase says.</param>
    /// <param name="previous">The block that it builds on.</param>
    /// <param name="withWork">False: the header's hash is above the target.</param>
    /// <param name="merkleRoot">The root that the header names, from the coinbase; none: that of the coinbase alone.</param>
    public static MinedBlock Mine(CoinbasePlan plan, MinedBlock previous, bool withWork = true, Func<byte[], byte[]>? merkleRoot = null)
    {
        var height = previous.Height + 1;
        var coinbase = Coinbase(plan, height);
        var header = new byte[HeaderLength];
        BinaryPrimitives.WriteUInt32LittleEndian(header, 0x20000000);
        DoubleSha256(previous.Header).CopyTo(header, 4);
        (merkleRoot ?? DoubleSha256)(coinbase).CopyTo(header, 36);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(68), plan.Time);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(72), Bits);
        var hash = Grind(header, withWork);
        Array.Reverse(hash);
        return new MinedBlock(Convert.ToHexStringLower(hash), height, header, coinbase);
    }

    // The target of regtest is 0x7fffff followed by zeros: a hash whose highest byte is below 0x7f is below it. The few good ones
    // that begin with 0x7f are passed over, as are the few bad ones.
    private static byte[] Grind(byte[] header, bool withWork)
    {
        for (uint nonce = 0; ; nonce++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(NonceOffset), nonce);
            var hash = DoubleSha256(header);
            if (withWork ? hash[^1] < 0x7f : hash[^1] > 0x7f)
            {
                return hash;
            }
        }
    }

    private static byte[] Coinbase(CoinbasePlan plan, int height)
    {
        var scriptSig = ScriptSig(height, plan.ScriptSigTail);
        var outputs = plan.Outputs ?? [new CoinbaseOutput(RegtestSubsidy(height), AnyoneCanSpend)];
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(1);
        WriteCompactSize(writer, 1);
        writer.Write(new byte[32]);
        writer.Write(uint.MaxValue);
        WriteCompactSize(writer, scriptSig.Length);
        writer.Write(scriptSig);
        writer.Write(uint.MaxValue);
        WriteCompactSize(writer, outputs.Count);
        foreach (var output in outputs)
        {
            writer.Write(output.Value);
            WriteCompactSize(writer, output.ScriptPubKey.Length);
            writer.Write(output.ScriptPubKey);
        }

        writer.Write(0);
        return bytes.ToArray();
    }

    private static byte[] ScriptSig(int height, byte[] tail)
    {
        byte[] scriptSig = [.. HeightPush(height), .. tail];
        return scriptSig.Length switch
        {
            1 => [.. scriptSig, 0],
            <= 100 => scriptSig,
            _ => throw new ArgumentException($"A coinbase script of {scriptSig.Length} bytes is longer than 100.", nameof(tail)),
        };
    }

    // OP_1 to OP_16, else the shortest little-endian number whose top bit (the sign) is clear.
    private static byte[] HeightPush(int height)
    {
        if (height <= 16)
        {
            return [(byte)(0x50 + height)];
        }

        var number = new List<byte>();
        for (var rest = height; rest > 0; rest >>= 8)
        {
            number.Add((byte)rest);
        }

        if (number[^1] >= 0x80)
        {
            number.Add(0);
        }

        return [(byte)number.Count, .. number];
    }

    private static string Serialize(MinedBlock block) => Convert.ToHexStringLower(block.Bytes);

    private static void WriteCompactSize(BinaryWriter writer, int value)
    {
        if (value < 0xfd)
        {
            writer.Write((byte)value);
        }
        else
        {
            writer.Write((byte)0xfd);
            writer.Write(checked((ushort)value));
        }
    }

    private static byte[] DoubleSha256(byte[] bytes) => SHA256.HashData(SHA256.HashData(bytes));

    // "inconclusive" is what the node says of a good block that is not (yet) in its best chain.
    public static void EnsureAccepted(MinedBlock block, JsonElement answer)
    {
        if (answer.ValueKind != JsonValueKind.Null && answer.GetString() != "inconclusive")
        {
            throw new InvalidOperationException($"The node refused block {block.Height} {block.Hash}: {answer.GetString()}");
        }
    }
}
