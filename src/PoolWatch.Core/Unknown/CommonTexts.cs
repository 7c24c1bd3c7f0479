using System.Text;

namespace PoolWatch.Core.Unknown;

/// <summary>Texts that software writes by itself, that miners voted with, or that stand in many names: sharing them says nothing.</summary>
/// <remarks>
/// nodeStratum, ckpool, btcpool and /P2SH/ are known to be used by many operators (bitcoin-data/mining-pools issues 22 and 28); the votes are those
/// of BIP 9, 16, 91, 100, 101, 148 and 341; the others are names of free mining software and everyday words of the trade.
/// </remarks>
internal static class CommonTexts
{
    private static readonly byte[][] Texts =
    [
        .. new[]
        {
            "nodestratum", "stratum", "ckpool", "btcpool", "p2pool", "eloipool", "bfgminer", "cgminer", "public-pool", "bitaxe", "nerdminer", "braiins",
            "p2sh", "nop2sh", "bip9", "bip91", "bip100", "bip101", "bip148", "taproot", "segwit", "/nya/", "/eb1/ad6/", "bitcoin unlimited", "classic",
            "mined by", "powered by", "made in", "made with", "mining", "miner", "pool", "solo", "bitcoin", "knots", "datum", "block", "coinbase", "reserved",
            "http", "https", "://", "www.", ".com", ".org", ".net",
        }.Select(Encoding.ASCII.GetBytes),
    ];

    /// <summary>Marks each byte that belongs to one of the texts, in whatever case.</summary>
    public static void Mark(ReadOnlySpan<byte> bytes, Span<bool> common)
    {
        Span<byte> folded = stackalloc byte[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            folded[i] = bytes[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(bytes[i] | 0x20) : bytes[i];
        }

        foreach (var text in Texts)
        {
            for (int at, from = 0; (at = folded[from..].IndexOf(text)) >= 0; from += at + 1)
            {
                common.Slice(from + at, text.Length).Fill(true);
            }
        }
    }
}
