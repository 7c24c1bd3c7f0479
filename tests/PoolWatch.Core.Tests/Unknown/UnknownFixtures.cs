using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Tests.Pools;
using PoolWatch.Core.Unknown;

namespace PoolWatch.Core.Tests.Unknown;

/// <summary>Blocks that nobody is known to have mined.</summary>
internal static class UnknownFixtures
{
    public const long Subsidy = 312_500_000;

    /// <summary>A block whose coinbase pays all of its value to one payee, named by a number.</summary>
    public static UnknownBlock Block(int height, string text, int payee) => Block(height, text, Paying(payee));

    /// <param name="height">Its height.</param>
    /// <param name="text">What follows the height, one byte a character.</param>
    /// <param name="outputs">Its outputs.</param>
    public static UnknownBlock Block(int height, string text, params TxOut[] outputs) =>
        new(height, BlockHash.Of(BitConverter.GetBytes(height)), Traces(height, text, outputs));

    public static CoinbaseTraces Traces(int height, string text, params TxOut[] outputs) =>
        CoinbaseTraces.Of([3, (byte)height, (byte)(height >> 8), (byte)(height >> 16), .. Encoding.Latin1.GetBytes(text)], outputs);

    public static TxOut Paying(int payee, long value = Subsidy) => new(value, ScriptOf(payee));

    public static byte[] ScriptOf(int payee) => [0, 20, .. SHA256.HashData(BitConverter.GetBytes(payee))[..20]];

    public static string Uuid(int seed) => new Guid(SHA256.HashData(BitConverter.GetBytes(seed))[..16]).ToString() is var text
        ? text[..14] + "4" + text[15..19] + "a" + text[20..]
        : "";

    public static IReadOnlyList<UnknownCluster> Find(params UnknownBlock[] blocks) => UnknownClusters.Find(blocks);

    /// <summary>All that is said of a cluster, to compare.</summary>
    public static string Text(UnknownCluster cluster) =>
        $"{cluster.Id} {string.Join(',', cluster.Blocks.Select(b => b.Height))} {cluster.Shape} {cluster.Text} {cluster.Structure} "
        + string.Join(',', cluster.Payouts.Select(p => $"{Convert.ToHexString(p.Script.Span)}:{p.Blocks}:{p.MajorityBlocks}"));

    /// <summary>The real coinbases of the fixtures whose whole transaction is known.</summary>
    public static IReadOnlyList<(int Height, Coinbase Coinbase)> ReadReal() =>
        [.. File.ReadLines(PoolFixtures.OutputPath("Fixtures", "coinbases.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
            .Where(json => json.TryGetProperty("coinbase_tx_hex", out var hex) && hex.ValueKind == JsonValueKind.String)
            .Select(json => (json.GetProperty("height").GetInt32(), Coinbase.Decode(Convert.FromHexString(json.GetProperty("coinbase_tx_hex").GetString()!))))];
}
