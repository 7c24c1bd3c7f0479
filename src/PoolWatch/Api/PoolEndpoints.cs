using System.ComponentModel;
using Microsoft.AspNetCore.Http.HttpResults;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>The pools of the active list, and those of earlier ones that blocks are still attributed to.</summary>
internal static class PoolEndpoints
{
    public static void MapPools(this RouteGroupBuilder routes)
    {
        routes.MapGet("/pools", GetPools).WithName("GetPools").WithSummary("Every pool of the active pool list")
            .Produces<PoolsAnswer>().ProducesProblem(400).ProducesProblem(503);
        routes.MapGet("/pools/{slug}", GetPool).WithName("GetPool").WithSummary("One pool: its rules, its blocks, its share in every window")
            .Produces<PoolAnswer>().Produces(StatusCodes.Status307TemporaryRedirect).ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static PoolsAnswer GetPools(CurrentSnapshot current)
    {
        var snapshot = current.Required();
        var whole = Distribution(snapshot);
        var ids = snapshot.Pools.Values.ToDictionary(p => p.Slug, p => (int)p.Id);
        var blocks = whole.ToDictionary(e => e.Entity, e => e.Blocks);
        return new PoolsAnswer(snapshot.List.Version, [.. snapshot.List.Pools.Select(p => new PoolSummary(
            p.Slug, p.Name, p.Link, new PoolIdsAnswer(p.Ids.Mempool, p.Ids.BitcoinData), p.Tags.Count, p.Addresses.Count, blocks.GetValueOrDefault(ids[p.Slug])))]);
    }

    private static Results<Ok<PoolAnswer>, RedirectHttpResult> GetPool([Description("The pool's slug, such as foundryusa.")] string slug, CurrentSnapshot current)
    {
        var snapshot = current.Required();
        if (snapshot.PoolBySlug(slug) is { } pool)
        {
            return TypedResults.Ok(Describe(snapshot, pool));
        }

        return snapshot.FormerNames.FirstOrDefault(f => f.Slug == slug) is { } former
            ? TypedResults.Redirect($"/v1/pools/{snapshot.Pools[former.Id].Slug}", permanent: false, preserveMethod: true)
            : throw ProblemException.NotFound("No such pool", "There is no pool with this slug; /v1/pools lists them.");
    }

    private static PoolAnswer Describe(Snapshot snapshot, PoolName pool)
    {
        var slug = pool.Slug;
        var listed = snapshot.List.Find(slug);
        var heights = Heights(snapshot.Chain, pool.Id);
        return new PoolAnswer(
            pool.Slug,
            pool.Name,
            listed?.Link ?? (pool.Link.Length == 0 ? null : pool.Link),
            listed is not null,
            new PoolIdsAnswer(listed?.Ids.Mempool ?? [], listed?.Ids.BitcoinData ?? []),
            [.. (listed?.Tags ?? []).Select(RuleOf)],
            [.. (listed?.Addresses ?? []).Select(RuleOf)],
            listed?.Note,
            [.. snapshot.FormerNames.Where(f => f.Id == pool.Id).Select(f => new PoolReference(f.Slug, f.Name))],
            heights.Blocks,
            snapshot.StaleBlocks.GetValueOrDefault(pool.Id),
            heights.First,
            heights.Last,
            [.. snapshot.Windows.OrderBy(w => w.Key).Select(w => WindowOf(w.Key, w.Value, pool.Id))]);
    }

    private static IReadOnlyList<EntityBlocks> Distribution(Snapshot snapshot) =>
        snapshot.Chain.TryLast(snapshot.Chain.Count, out var whole) ? ShareDistribution.Of(snapshot.Chain, whole).Entities : [];

    private static (int Blocks, int? First, int? Last) Heights(ChainView chain, ushort pool)
    {
        if (!chain.TryLast(chain.Count, out var whole))
        {
            return (0, null, null);
        }

        var pools = chain.PoolsOf(whole);
        var first = pools.IndexOf(pool);
        return first < 0 ? (0, null, null) : (pools.Count(pool), chain.FirstHeight + first, chain.FirstHeight + pools.LastIndexOf(pool));
    }

    private static RuleAnswer RuleOf(PoolRule rule) => new(rule.Text, rule.From, rule.To, rule.Exact, rule.Note);

    private static PoolWindowAnswer WindowOf(int window, WindowMeasures measures, ushort pool)
    {
        var share = measures.Shares.FirstOrDefault(s => s.Entity == pool);
        var interval = WilsonInterval.Of(share.Blocks, measures.Blocks);
        return new PoolWindowAnswer(window, share.Blocks, share.Share, interval.Lower, interval.Upper);
    }
}
