using System.Globalization;
using PoolWatch.ReadModel;

namespace PoolWatch.PoolLists;

/// <summary>
/// Every measure of a window under the name that /v1/concentration and /v1/shares give it: <c>hhi.separate</c>, <c>doubleSpends.6.atShare</c>,
/// <c>pools.foundryusa.share</c>.
/// </summary>
internal static class MeasureValues
{
    /// <param name="layer">The layer.</param>
    /// <param name="window">Length of the window.</param>
    /// <param name="chances">Whether p-values and chances of streaks are among them, which take longest and follow from the rest.</param>
    public static IReadOnlyDictionary<string, double?> Of(LayerMeasures layer, int window, bool chances)
    {
        var (values, measures) = (new Dictionary<string, double?>(StringComparer.Ordinal), layer.Windows[window]);
        AddBlocks(values, measures);
        AddHashRate(values, measures.HashRate);
        AddRisks(values, "doubleSpends", measures.DoubleSpends);
        AddLargest(values, measures);
        foreach (var share in measures.Shares)
        {
            var (pool, streak) = ($"pools.{layer.Map.NameOf(share.Entity).Slug}.", layer.Streaks[window][share.Entity].Longest);
            Add(values, pool, ("blocks", share.Blocks), ("share", share.Share), ("lower", share.Interval.Lower), ("upper", share.Interval.Upper), ("longestStreak", streak));
            if (chances)
            {
                AddChances(values, pool, share, streak, window);
            }
        }

        return values;
    }

    /// <summary>Whether a value is one that a person reads first; the others are ends of intervals, bounds, and what follows from a share.</summary>
    public static bool IsPrincipal(string name) =>
        name is "doubleSpends.6.atShare"
        || (name.Split('.')[0] is not ("hashRate" or "largest" or "doubleSpends" or "pools"))
        || (name.StartsWith("pools.", StringComparison.Ordinal) && name.EndsWith(".share", StringComparison.Ordinal));

    private static void AddBlocks(Dictionary<string, double?> values, WindowMeasures m)
    {
        (string, double?)[] figures =
        [
            ("hhi.separate", m.Hhi.Separate), ("hhi.excluded", m.Hhi.Excluded), ("hhi.largest", m.Hhi.Largest), ("hhi.unbiased", m.Hhi.Unbiased),
            ("nakamoto.half", m.Nakamoto.Half), ("nakamoto.third", m.Nakamoto.Third), ("nakamoto.twoThirds", m.Nakamoto.TwoThirds),
            ("nakamoto.halfLargest", m.Nakamoto.HalfLargest), ("nakamoto.thirdLargest", m.Nakamoto.ThirdLargest), ("nakamoto.twoThirdsLargest", m.Nakamoto.TwoThirdsLargest),
            ("minersShare", m.Singles.Share), ("unknownShare", m.Unknown.Share),
        ];
        Add(values, "", figures);
        AddInequality(values, "", m.TopShares, m.Effective, (m.EntropyBits, m.Gini, m.Theil, m.Entities));
    }

    private static void AddLargest(Dictionary<string, double?> values, WindowMeasures m)
    {
        var bound = UnknownBound.Of(ShareDistribution.FromCounts(m.Shares.Select(s => new EntityBlocks(s.Entity, s.Blocks)), m.Unknown.Blocks, m.Singles.Blocks));
        AddInequality(values, "largest.", bound.TopShares, bound.Effective, (bound.EntropyBits, bound.Gini, bound.Theil, bound.Entities));
        AddRisks(values, "largest.doubleSpends", bound.DoubleSpends);
    }

    private static void AddInequality(
        Dictionary<string, double?> values, string prefix, IReadOnlyList<double> top, EffectiveFigures effective, (double Entropy, double Gini, double Theil, int Entities) m)
    {
        (string, double?)[] figures =
        [
            ("effective.hhi", effective.Hhi), ("effective.entropy", effective.Entropy),
            ("entropyBits", m.Entropy), ("gini", m.Gini), ("theil", m.Theil), ("entities", m.Entities),
        ];
        Add(values, prefix, figures);
        for (var n = 1; n <= top.Count; n++)
        {
            values.Add(string.Create(CultureInfo.InvariantCulture, $"{prefix}top.{n}"), top[n - 1]);
        }
    }

    private static void AddHashRate(Dictionary<string, double?> values, HashRateFigures figures)
    {
        (string, SamplingInterval?)[] intervals =
        [
            ("hhi", figures.Hhi), ("entropyBits", figures.EntropyBits), ("effectiveByHhi", figures.EffectiveByHhi), ("effectiveByEntropy", figures.EffectiveByEntropy),
        ];
        foreach (var (name, interval) in intervals)
        {
            Add(values, $"hashRate.{name}.", ("estimate", interval?.Estimate), ("lower", interval?.Lower), ("upper", interval?.Upper));
        }

        (string, NakamotoRange)[] ranges = [("half", figures.NakamotoHalf), ("third", figures.NakamotoThird), ("twoThirds", figures.NakamotoTwoThirds)];
        foreach (var (name, range) in ranges)
        {
            Add(values, $"hashRate.nakamoto.{name}.", ("lower", range.Lower), ("upper", range.Upper));
        }
    }

    private static void AddRisks(Dictionary<string, double?> values, string prefix, IReadOnlyList<DoubleSpendRisk> risks)
    {
        foreach (var risk in risks)
        {
            Add(values, string.Create(CultureInfo.InvariantCulture, $"{prefix}.{risk.Confirmations}."), ("atShare", risk.AtShare), ("atUpperBound", risk.AtUpperBound));
        }
    }

    private static void AddChances(Dictionary<string, double?> values, string prefix, EntityShare share, int longestStreak, int window) => Add(
        values, prefix,
        ("longestStreakProbability", Streaks.ProbabilityOfRun(longestStreak, window, share.Share)),
        ("exceeds.third", BinomialTail.ExceedsPValue(share.Blocks, window, Threshold.Third)),
        ("exceeds.twoFifths", BinomialTail.ExceedsPValue(share.Blocks, window, Threshold.TwoFifths)),
        ("exceeds.half", BinomialTail.ExceedsPValue(share.Blocks, window, Threshold.Half)));

    private static void Add(Dictionary<string, double?> values, string prefix, params ReadOnlySpan<(string Name, double? Value)> figures)
    {
        foreach (var (name, value) in figures)
        {
            values.Add(prefix + name, value);
        }
    }
}
