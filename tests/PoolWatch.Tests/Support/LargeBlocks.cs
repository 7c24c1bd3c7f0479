using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PoolWatch.Tests.Support;

/// <summary>
/// Blocks as long as a test wants. Most of each is the witness of one transaction, which spends a program of a witness version that has no rules yet
/// (BIP 141), so that the node accepts any bytes there.
/// </summary>
public static class LargeBlocks
{
    private const int Maturity = 100;
    private const uint FirstTime = 1_700_000_000;
    private static readonly byte[] Program = [0x52, 0x20, .. Enumerable.Repeat((byte)1, 32)];
    private static readonly byte[] Anyone = [0x51];

    /// <summary>Mines <paramref name="count"/> blocks of about <paramref name="bytes"/> bytes above the tip of a node; blocks before them mature their coins.</summary>
    /// <param name="node">The node.</param>
    /// <param name="count">How many large blocks.</param>
    /// <param name="bytes">Length of each, about.</param>
    /// <param name="outputs">Outputs of each coinbase, besides the witness commitment.</param>
    /// <returns>Hashes of the large blocks in height order.</returns>
    public static async Task<IReadOnlyList<string>> MineAsync(BitcoinNode node, int count, int bytes, int outputs = 1)
    {
        var height = await node.CallAsync<int>("getblockcount");
        var coins = await TagMiner.MineAsync(node, [.. Enumerable.Range(height + 1, count + Maturity).Select(h =>
            new CoinbasePlan(TimeOf(h), "coin"u8.ToArray(), [new CoinbaseOutput(TagMiner.RegtestSubsidy(h), Program)]))]);
        var previous = coins[^1];
        var hashes = new List<string>();
        foreach (var coin in coins.Take(count))
        {
            var (block, mined) = Mine(previous, coin, bytes, outputs);
            var answer = await node.CallAsync("submitblock", Convert.ToHexStringLower(block));
            Assert.Equal("null", answer.GetRawText());
            hashes.Add(mined.Hash);
            previous = mined;
        }

        return hashes;
    }

    private static (byte[] Block, MinedBlock Mined) Mine(MinedBlock previous, MinedBlock coin, int bytes, int outputs)
    {
        var (spend, spendWithWitness) = Spend(coin, bytes);
        var reserved = new byte[32];
        byte[] witnessRoot = [.. new byte[32], .. Hash(spendWithWitness)];
        byte[] commitment = [0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed, .. Hash([.. Hash(witnessRoot), .. reserved])];
        var plan = new CoinbasePlan(TimeOf(previous.Height + 1), "large"u8.ToArray(), [.. Enumerable.Repeat(new CoinbaseOutput(0, Anyone), outputs), new CoinbaseOutput(0, commitment)]);
        var mined = TagMiner.Mine(plan, previous, merkleRoot: coinbase => Hash([.. Hash(coinbase), .. Hash(spend)]));
        // The coinbase's witness is the reserved value (BIP 141); its form with a witness is marker and flag after the version.
        byte[] coinbase = [.. mined.Coinbase[..4], 0, 1, .. mined.Coinbase[4..^4], 1, 32, .. reserved, .. mined.Coinbase[^4..]];
        return ([.. mined.Header, 2, .. coinbase, .. spendWithWitness], mined);
    }

    private static (byte[] Plain, byte[] WithWitness) Spend(MinedBlock coin, int witnessBytes)
    {
        byte[] version = [2, 0, 0, 0], lockTime = new byte[4], length = new byte[4];
        byte[] body = [1, .. Hash(coin.Coinbase), .. new byte[4], 0, 0xff, 0xff, 0xff, 0xff, 1, .. new byte[8], (byte)Anyone.Length, .. Anyone];
        BinaryPrimitives.WriteInt32LittleEndian(length, witnessBytes);
        byte[] witness = [1, 0xfe, .. length, .. Enumerable.Repeat((byte)0xab, witnessBytes)];
        return ([.. version, .. body, .. lockTime], [.. version, 0, 1, .. body, .. witness, .. lockTime]);
    }

    private static uint TimeOf(int height) => FirstTime + (uint)(600 * height);

    private static byte[] Hash(byte[] bytes) => SHA256.HashData(SHA256.HashData(bytes));
}
