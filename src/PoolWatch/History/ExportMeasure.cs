using PoolWatch.Core.Concentration.History;

namespace PoolWatch.History;

/// <summary>One measure of a window as the export names it: those of the table <c>concentration</c>, and what is too dear for every block of a chain.</summary>
/// <param name="Name">Column.</param>
/// <param name="IsCount">Whether it is a whole number.</param>
/// <param name="Value">The measure, of the blocks and of the hash rate behind them; null where it does not exist.</param>
internal sealed record ExportMeasure(string Name, bool IsCount, Func<HistoryRow, HashRateFigures, double?> Value)
{
    /// <summary>What a careful payee waits for.</summary>
    private const int Confirmations = 6;

    /// <summary>In the order of the columns.</summary>
    public static IReadOnlyList<ExportMeasure> All { get; } =
    [
        .. HistoryMeasure.All.Select(static m => new ExportMeasure(m.Name, m.IsCount, (row, _) => m.Value(row))),
        new("evenness", false, static (row, _) => row.Evenness),
        new("hartley_bits", false, static (row, _) => row.HartleyBits),
        new("collision_bits", false, static (row, _) => row.CollisionBits),
        new("min_entropy_bits", false, static (row, _) => row.MinEntropyBits),
        new("hhi_lower", false, static (_, figures) => figures.Hhi?.Lower),
        new("hhi_upper", false, static (_, figures) => figures.Hhi?.Upper),
        new("entropy_estimate", false, static (_, figures) => figures.EntropyBits?.Estimate),
        new("entropy_lower", false, static (_, figures) => figures.EntropyBits?.Lower),
        new("entropy_upper", false, static (_, figures) => figures.EntropyBits?.Upper),
        .. Range("nakamoto", static figures => figures.NakamotoHalf),
        .. Range("nakamoto_third", static figures => figures.NakamotoThird),
        .. Range("nakamoto_two_thirds", static figures => figures.NakamotoTwoThirds),
        new("double_spend", false, static (row, _) => RiskOf(row).AtShare),
        new("double_spend_upper", false, static (row, _) => RiskOf(row).AtUpperBound),
    ];

    private static IEnumerable<ExportMeasure> Range(string name, Func<HashRateFigures, NakamotoRange> range) =>
    [
        new($"{name}_lower", true, (_, figures) => range(figures).Lower),
        new($"{name}_upper", true, (_, figures) => range(figures).Upper),
    ];

    private static DoubleSpendRisk RiskOf(HistoryRow row) => DoubleSpend.Of(row.Top[1], row.Blocks, Confirmations);
}
