using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration.Coverage;

/// <summary>Shares of hash rate that windows are drawn from.</summary>
/// <param name="Name">For tables.</param>
/// <param name="Weights">Of each entity.</param>
/// <param name="Unknown">Weight of what is spread over so many miners that no two blocks have the same.</param>
internal sealed record HashRate(string Name, int[] Weights, int Unknown = 0)
{
    /// <summary>
    /// Blocks by pool in whole months of the labels of sorukumar/bitcoin-mining-pools (blocks_post_2021.parquet at ca5ba78, BSD-2), months by UTC dates of header times, and the last of them with
    /// the pools as one that mainnet-observer (0xB10C, commit a0c114a) lists as "AntPool and friends". The labels leave out payout addresses for most of 2021
    /// and 2022, hence the many unknown blocks.
    /// </summary>
    public static IReadOnlyList<HashRate> RealMonths { get; } =
    [
        new("October 2021", [793, 771, 537, 484, 410, 267, 223, 81, 75, 68, 63, 57, 18, 9, 5, 2, 1, 1, 1, 1, 1], 814),
        new("June 2022", [972, 635, 595, 472, 464, 419, 249, 126, 67, 23, 18, 13, 13, 6, 2], 224),
        new("May 2023", [1423, 1033, 619, 416, 392, 171, 89, 83, 80, 78, 52, 41, 40, 17, 16, 15, 1, 1], 45),
        new("May 2024", [1266, 1156, 609, 428, 184, 170, 116, 83, 78, 76, 58, 55, 41, 22, 11, 9, 7, 4, 3, 1], 33),
        new("March 2025", [1455, 841, 645, 459, 242, 190, 182, 157, 98, 52, 43, 34, 34, 27, 27, 13, 13, 9, 3, 3, 1, 1, 1, 1], 10),
        new("March 2026", [1422, 734, 468, 385, 373, 229, 176, 148, 99, 89, 62, 61, 20, 14, 13, 12, 12, 10, 7, 4, 2, 1], 8),
        new("March 2026 by template", [1422, 1257, 468, 385, 373, 229, 89, 62, 20, 13, 12, 4, 2, 1], 8),
    ];

    /// <summary>No month was like these: rankings that luck alone decides.</summary>
    public static IReadOnlyList<HashRate> EqualMiners { get; } =
    [
        new("8 equal", [.. Enumerable.Repeat(1, 8)]),
        new("20 equal", [.. Enumerable.Repeat(1, 20)]),
        new("26 %, 5 × 12 %, 2 × 7 %", [26, 12, 12, 12, 12, 12, 7, 7]),
        new("30 %, 2 × 20 %, 3 × 10 %", [30, 20, 20, 10, 10, 10]),
    ];

    public double Total => Weights.Sum() + Unknown;

    public double Hhi => Weights.Sum(weight => Math.Pow(weight / Total, 2));

    /// <summary>Bits, with what is spread over many in parts of one block of a window.</summary>
    public double Entropy(int blocks) =>
        Weights.Sum(weight => -weight / Total * Math.Log2(weight / Total)) + (Unknown / Total * Math.Log2(blocks));

    /// <summary>Null where it takes some of those that are without number.</summary>
    public int? Nakamoto(Threshold threshold)
    {
        int[] ranked = [.. Weights.OrderDescending()];
        var needed = Enumerable.Range(1, ranked.Length)
            .FirstOrDefault(k => ranked.Take(k).Sum() * (long)threshold.Denominator > (long)Total * threshold.Numerator);
        return needed == 0 ? null : needed;
    }
}
