using PoolWatch.Core.Concentration.History;

namespace PoolWatch.History;

/// <summary>One measure of a window as exports and the table <c>concentration</c> name it.</summary>
/// <param name="Name">Column.</param>
/// <param name="IsCount">Whether it is a whole number.</param>
/// <param name="Value">The measure; null where it does not exist.</param>
internal sealed record HistoryMeasure(string Name, bool IsCount, Func<HistoryRow, double?> Value)
{
    /// <summary>In the order of the columns.</summary>
    public static IReadOnlyList<HistoryMeasure> All { get; } =
    [
        new("unknown_share", false, static r => r.UnknownShare),
        new("miners_share", false, static r => r.SinglesShare),
        new("entities", true, static r => r.Entities),
        .. Enumerable.Range(1, WindowMeasures.MaxTop).Select(static n => new HistoryMeasure($"top{n}_share", false, r => r.TopShare(n))),
        new("hhi", false, static r => r.HhiSeparate),
        new("hhi_excluded", false, static r => r.HhiExcluded),
        new("hhi_largest", false, static r => r.HhiLargest),
        new("hhi_unbiased", false, static r => r.HhiUnbiased),
        new("nakamoto", true, static r => r.Nakamoto.Half),
        new("nakamoto_third", true, static r => r.Nakamoto.Third),
        new("nakamoto_two_thirds", true, static r => r.Nakamoto.TwoThirds),
        new("nakamoto_largest", true, static r => r.Nakamoto.HalfLargest),
        new("effective_hhi", false, static r => r.EffectiveByHhi),
        new("effective_entropy", false, static r => r.EffectiveByEntropy),
        new("entropy_bits", false, static r => r.EntropyBits),
        new("gini", false, static r => r.Gini),
        new("theil", false, static r => r.Theil),
    ];
}
