using System.ComponentModel;
using System.Globalization;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>Shares and measures of any window, computed from memory.</summary>
internal static class ConcentrationEndpoints
{
    private const string LayerText = "pool: as tagged and paid.";

    public static void MapConcentration(this RouteGroupBuilder routes)
    {
        routes.MapGet("/shares", GetSharesAsync).WithName("GetShares").WithSummary("Share of every pool in a window, with its 95 % interval")
            .Produces<SharesAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/concentration", GetConcentrationAsync).WithName("GetConcentration").WithSummary("How concentrated mining is in a window")
            .Produces<ConcentrationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<SharesAnswer> GetSharesAsync(
        [AsParameters] WindowParameters window, [AsParameters] PointParameters asOf, [Description(LayerText)] string? layer,
        PointInTime point, CancellationToken cancellationToken)
    {
        var blocks = await point.ReadAsync(window, asOf, cancellationToken);
        var measures = WindowMeasures.Of(ShareDistribution.Of(blocks.Chain, blocks.Window));
        return new SharesAnswer(
            WindowQuery.Describe(blocks.Chain, blocks.Window),
            WindowQuery.ReadLayer(layer),
            blocks.By,
            [.. measures.Shares.Select(s => ShareOf(blocks.Names[(ushort)s.Entity], s))],
            new UnknownAnswer(measures.Unknown.Blocks, measures.Unknown.Share));
    }

    private static async Task<ConcentrationAnswer> GetConcentrationAsync(
        [AsParameters] WindowParameters window, [AsParameters] PointParameters asOf, [Description(LayerText)] string? layer,
        PointInTime point, CancellationToken cancellationToken)
    {
        var blocks = await point.ReadAsync(window, asOf, cancellationToken);
        var m = WindowMeasures.Of(ShareDistribution.Of(blocks.Chain, blocks.Window));
        return new ConcentrationAnswer(
            WindowQuery.Describe(blocks.Chain, blocks.Window),
            WindowQuery.ReadLayer(layer),
            blocks.By,
            new HhiAnswer(m.Hhi.Separate, m.Hhi.Excluded, m.Hhi.Largest, m.Hhi.Unbiased),
            new NakamotoAnswer(m.Nakamoto.Half, m.Nakamoto.Third, m.Nakamoto.TwoThirds, m.Nakamoto.HalfLargest),
            Enumerable.Range(1, m.TopShares.Count).ToDictionary(n => n.ToString(CultureInfo.InvariantCulture), n => m.TopShares[n - 1]),
            new EffectiveAnswer(m.Effective.Hhi, m.Effective.Entropy),
            m.EntropyBits,
            m.Gini,
            m.Unknown.Share);
    }

    private static ShareAnswer ShareOf(PoolName pool, EntityShare share) =>
        new(pool.Slug, pool.Name, share.Blocks, share.Share, share.Interval.Lower, share.Interval.Upper);
}
