using PoolWatch.Core.Concentration.History;

namespace PoolWatch.History;

/// <summary>One series of a family in one layer and window.</summary>
/// <param name="Labels">Labels beside layer and window, as they stand between braces.</param>
/// <param name="Value">Its value.</param>
internal sealed record HistorySeries(string Labels, Func<HistoryRow, double> Value);

/// <summary>A gauge of /metrics that has a history: the same name, help, labels and numbers, so that one goes on where the other ends.</summary>
/// <param name="Name">The gauge.</param>
/// <param name="Help">Its help text.</param>
/// <param name="HasLayer">Whether it has a label for the layer.</param>
/// <param name="Series">Its series in one layer and window.</param>
internal sealed record HistoryFamily(string Name, string Help, bool HasLayer, params HistorySeries[] Series)
{
    public static IReadOnlyList<HistoryFamily> All { get; } =
    [
        new("poolwatch_unknown_share_ratio", "Share of the window's blocks that no rule attributes, 0 to 1.", HasLayer: false, new HistorySeries("", static r => r.UnknownShare)),
        new("poolwatch_miners_share_ratio", "Share of the window's blocks whose miners count as one entity each in this layer, 0 to 1.", HasLayer: true,
            new HistorySeries("", static r => r.SinglesShare)),
        new("poolwatch_top_share_ratio", "Share of the n largest together, 0 to 1; unknown blocks count as one miner each.", HasLayer: true,
            [.. Enumerable.Range(1, WindowMeasures.MaxTop).Select(static n => new HistorySeries($"n=\"{n}\"", r => r.TopShare(n)))]),
        new("poolwatch_hhi_ratio",
            "Herfindahl-Hirschman index, 0 to 1; unknown blocks: separate (one miner each), excluded (in the total only), largest (all to the largest).", HasLayer: true,
            new HistorySeries("unknown=\"separate\"", static r => r.HhiSeparate),
            new HistorySeries("unknown=\"excluded\"", static r => r.HhiExcluded),
            new HistorySeries("unknown=\"largest\"", static r => r.HhiLargest)),
        new("poolwatch_effective_entities", "Effective number of entities, 1 / HHI.", HasLayer: true,
            new HistorySeries("unknown=\"separate\"", static r => r.EffectiveByHhi),
            new HistorySeries("unknown=\"largest\"", static r => r.EffectiveByHhiLargest)),
        new("poolwatch_shannon_entropy", "Shannon entropy in bits; unknown blocks count as one miner each.", HasLayer: true, new HistorySeries("", static r => r.EntropyBits)),
        new("poolwatch_gini_ratio", "Gini coefficient of the window's entities, 0 to 1; unknown blocks count as one miner each.", HasLayer: true,
            new HistorySeries("", static r => r.Gini)),
        new("poolwatch_nakamoto_coefficient", "Smallest number of entities with strictly more than the threshold of the window's blocks.", HasLayer: true,
            new HistorySeries("threshold=\"0.333333\",unknown=\"separate\"", static r => r.Nakamoto.Third),
            new HistorySeries("threshold=\"0.5\",unknown=\"separate\"", static r => r.Nakamoto.Half),
            new HistorySeries("threshold=\"0.666667\",unknown=\"separate\"", static r => r.Nakamoto.TwoThirds),
            new HistorySeries("threshold=\"0.333333\",unknown=\"largest\"", static r => r.Nakamoto.ThirdLargest),
            new HistorySeries("threshold=\"0.5\",unknown=\"largest\"", static r => r.Nakamoto.HalfLargest),
            new HistorySeries("threshold=\"0.666667\",unknown=\"largest\"", static r => r.Nakamoto.TwoThirdsLargest)),
        new("poolwatch_double_spend_probability",
            "Chance that the window's largest undoes a payment with so many confirmations if it tries (Rosenfeld), at its share of the blocks, 0 to 1.", HasLayer: true,
            OfDoubleSpend(static risk => risk.AtShare)),
        new("poolwatch_double_spend_upper_probability", "The same at the upper end of the 95 % interval of its share, 0 to 1.", HasLayer: true,
            OfDoubleSpend(static risk => risk.AtUpperBound)),
    ];

    private static HistorySeries[] OfDoubleSpend(Func<DoubleSpendRisk, double> value) =>
    [
        .. WindowMeasures.Confirmations.Select(n => new HistorySeries($"confirmations=\"{n}\"", r => value(DoubleSpend.Of(r.Top[1], r.Blocks, n)))),
    ];
}

/// <summary>A gauge of each pool, or group of pools.</summary>
/// <param name="Name">The gauge.</param>
/// <param name="Help">Its help text.</param>
/// <param name="HasRest">Whether those without a series of their own have one together.</param>
/// <param name="Value">Of a number of blocks in a window of a length.</param>
internal sealed record PoolFamily(string Name, string Help, bool HasRest, Func<int, int, double> Value)
{
    public static IReadOnlyList<PoolFamily> All { get; } =
    [
        new("poolwatch_pool_blocks", "Blocks of this pool, or group of pools, in the window.", HasRest: true, static (blocks, _) => blocks),
        new("poolwatch_pool_share_ratio", "Share of the window's blocks attributed to this pool, or group of pools, 0 to 1.", HasRest: true, static (blocks, window) => (double)blocks / window),
        new("poolwatch_pool_share_lower_ratio", "Lower end of the Wilson 95 % interval of the pool's share of hashrate, 0 to 1.", HasRest: false,
            static (blocks, window) => WilsonInterval.Of(blocks, window).Lower),
        new("poolwatch_pool_share_upper_ratio", "Upper end of the Wilson 95 % interval of the pool's share of hashrate, 0 to 1.", HasRest: false,
            static (blocks, window) => WilsonInterval.Of(blocks, window).Upper),
    ];
}
