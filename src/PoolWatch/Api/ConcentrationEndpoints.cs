using System.Globalization;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>Shares and measures of any window, computed from memory.</summary>
internal static class ConcentrationEndpoints
{
    public static void MapConcentration(this RouteGroupBuilder routes)
    {
        routes.MapGet("/shares", GetSharesAsync).WithName("GetShares").WithSummary("Share of every pool in a window, with its 95 % interval")
            .Produces<SharesAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/concentration", GetConcentrationAsync).WithName("GetConcentration").WithSummary("How concentrated mining is in a window")
            .Produces<ConcentrationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<SharesAnswer> GetSharesAsync(
        [AsParameters] WindowParameters window, [AsParameters] PointParameters asOf, [AsParameters] LayerParameters layer,
        PointInTime point, CancellationToken cancellationToken)
    {
        var blocks = await point.ReadAsync(window, asOf, cancellationToken);
        var map = LayerQuery.Read(blocks.Snapshot, layer);
        var shares = map.Count(blocks.Chain, blocks.Window);
        var measures = WindowMeasures.Of(shares.Distribution);
        var streaks = Streaks.Of(EntityColumn.Of(blocks.Chain, map, blocks.Window).EntitiesOf(blocks.Window)).ToDictionary(s => s.Entity);
        return new SharesAnswer(
            WindowQuery.Describe(blocks.Chain, blocks.Window),
            map.Layer.Name,
            blocks.By,
            [.. measures.Shares.Select(s => ShareOf(map.NameOf(s.Entity), s, streaks[s.Entity], blocks, shares))],
            new MinersAnswer(measures.Singles.Blocks, measures.Singles.Share, LayerQuery.MembersOf(blocks.Names, shares, LayerMap.Singles)),
            new UnknownAnswer(measures.Unknown.Blocks, measures.Unknown.Share));
    }

    private static async Task<ConcentrationAnswer> GetConcentrationAsync(
        [AsParameters] WindowParameters window, [AsParameters] PointParameters asOf, [AsParameters] LayerParameters layer,
        PointInTime point, CancellationToken cancellationToken)
    {
        var blocks = await point.ReadAsync(window, asOf, cancellationToken);
        var map = LayerQuery.Read(blocks.Snapshot, layer);
        var distribution = map.Count(blocks.Chain, blocks.Window).Distribution;
        var m = WindowMeasures.Of(distribution);
        return new ConcentrationAnswer(
            WindowQuery.Describe(blocks.Chain, blocks.Window),
            map.Layer.Name,
            blocks.By,
            new HhiAnswer(m.Hhi.Separate, m.Hhi.Excluded, m.Hhi.Largest, m.Hhi.Unbiased),
            new NakamotoAnswer(m.Nakamoto.Half, m.Nakamoto.Third, m.Nakamoto.TwoThirds, m.Nakamoto.HalfLargest, m.Nakamoto.ThirdLargest, m.Nakamoto.TwoThirdsLargest),
            TopOf(m.TopShares),
            new EffectiveAnswer(m.Effective.Hhi, m.Effective.Entropy),
            m.EntropyBits,
            m.Gini,
            m.Theil,
            m.Entities,
            HashRateOf(m.HashRate),
            m.DoubleSpends,
            LargestOf(UnknownBound.Of(distribution)),
            m.Singles.Share,
            m.Unknown.Share);
    }

    private static Dictionary<string, double> TopOf(IReadOnlyList<double> shares) =>
        Enumerable.Range(1, shares.Count).ToDictionary(n => n.ToString(CultureInfo.InvariantCulture), n => shares[n - 1]);

    private static LargestAnswer LargestOf(UnknownBound bound) => new(
        TopOf(bound.TopShares), new EffectiveAnswer(bound.Effective.Hhi, bound.Effective.Entropy), bound.EntropyBits, bound.Gini, bound.Theil,
        bound.Entities, bound.DoubleSpends);

    private static HashRateAnswer HashRateOf(HashRateFigures figures) => new(
        figures.Hhi, figures.EntropyBits, figures.EffectiveByHhi, figures.EffectiveByEntropy,
        new NakamotoRangesAnswer(figures.NakamotoHalf, figures.NakamotoThird, figures.NakamotoTwoThirds));

    private static ShareAnswer ShareOf(EntityName entity, EntityShare share, EntityStreak streak, AttributedWindow blocks, LayerShares shares)
    {
        var pool = entity.IsGroup ? null : blocks.Names.GetValueOrDefault((ushort)share.Entity);
        return new(
            pool?.Slug ?? entity.Slug, pool?.Name ?? entity.Name, share.Blocks, share.Share, share.Interval.Lower, share.Interval.Upper,
            streak.Longest, Streaks.ProbabilityOfRun(streak.Longest, blocks.Window.Blocks, share.Share),
            ExceedsOf(share.Blocks, blocks.Window.Blocks), entity.IsGroup ? LayerQuery.MembersOf(blocks.Names, shares, share.Entity) : null);
    }

    private static ExceedsAnswer ExceedsOf(int blocks, int total) => new(
        BinomialTail.ExceedsPValue(blocks, total, Threshold.Third),
        BinomialTail.ExceedsPValue(blocks, total, Threshold.TwoFifths),
        BinomialTail.ExceedsPValue(blocks, total, Threshold.Half));
}
