using System.ComponentModel;
using System.Globalization;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>Shares and measures of any window, computed from memory.</summary>
internal static class ConcentrationEndpoints
{
    private const string WindowText = "The last so many blocks, 1 to 1000000; default 2016. Not together with from and to.";
    private const string FromText = "First height, inclusive; or a time, exclusive: blocks with from < median time past <= to.";
    private const string ToText = "Last height or time, inclusive; of the same kind as from.";
    private const string LayerText = "pool: as tagged and paid.";

    public static void MapConcentration(this RouteGroupBuilder routes)
    {
        routes.MapGet("/shares", GetShares).WithName("GetShares").WithSummary("Share of every pool in a window, with its 95 % interval")
            .Produces<SharesAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/concentration", GetConcentration).WithName("GetConcentration").WithSummary("How concentrated mining is in a window")
            .Produces<ConcentrationAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static SharesAnswer GetShares(
        [Description(WindowText)] string? window, [Description(FromText)] string? from, [Description(ToText)] string? to,
        [Description(LayerText)] string? layer, CurrentSnapshot current)
    {
        var (snapshot, blocks, measures) = Measure(current, window, from, to);
        return new SharesAnswer(
            WindowQuery.Describe(snapshot.Chain, blocks),
            WindowQuery.ReadLayer(layer),
            [.. measures.Shares.Select(s => ShareOf(snapshot.Pools[(ushort)s.Entity], s))],
            new UnknownAnswer(measures.Unknown.Blocks, measures.Unknown.Share));
    }

    private static ConcentrationAnswer GetConcentration(
        [Description(WindowText)] string? window, [Description(FromText)] string? from, [Description(ToText)] string? to,
        [Description(LayerText)] string? layer, CurrentSnapshot current)
    {
        var (snapshot, blocks, m) = Measure(current, window, from, to);
        return new ConcentrationAnswer(
            WindowQuery.Describe(snapshot.Chain, blocks),
            WindowQuery.ReadLayer(layer),
            new HhiAnswer(m.Hhi.Separate, m.Hhi.Excluded, m.Hhi.Largest, m.Hhi.Unbiased),
            new NakamotoAnswer(m.Nakamoto.Half, m.Nakamoto.Third, m.Nakamoto.TwoThirds, m.Nakamoto.HalfLargest),
            Enumerable.Range(1, m.TopShares.Count).ToDictionary(n => n.ToString(CultureInfo.InvariantCulture), n => m.TopShares[n - 1]),
            new EffectiveAnswer(m.Effective.Hhi, m.Effective.Entropy),
            m.EntropyBits,
            m.Gini,
            m.Unknown.Share);
    }

    private static (Snapshot Snapshot, BlockWindow Window, WindowMeasures Measures) Measure(CurrentSnapshot current, string? window, string? from, string? to)
    {
        var snapshot = current.Required();
        var blocks = WindowQuery.Read(snapshot, window, from, to);
        return (snapshot, blocks, WindowMeasures.Of(ShareDistribution.Of(snapshot.Chain, blocks)));
    }

    private static ShareAnswer ShareOf(PoolName pool, EntityShare share) =>
        new(pool.Slug, pool.Name, share.Blocks, share.Share, share.Interval.Lower, share.Interval.Upper);
}
