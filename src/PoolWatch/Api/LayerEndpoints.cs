using PoolWatch.Core.Layers;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>The layers themselves: who is said to be one with whom, since when, on whose word.</summary>
internal static class LayerEndpoints
{
    public static void MapLayers(this RouteGroupBuilder routes) =>
        routes.MapGet("/layers", GetLayers).WithName("GetLayers").WithSummary("Every layer with its dated memberships and their sources")
            .Produces<LayersAnswer>().ProducesProblem(400).ProducesProblem(503);

    private static LayersAnswer GetLayers(CurrentSnapshot current)
    {
        var snapshot = current.Required();
        return new LayersAnswer(snapshot.Layers.Set.Version, [.. snapshot.Layers.All.Select(l => Describe(l.Map))]);
    }

    private static LayerAnswer Describe(LayerMap map)
    {
        var unlisted = map.UnlistedPools.ToHashSet(StringComparer.Ordinal);
        return new LayerAnswer(
            map.Layer.Name,
            map.Layer.About,
            [.. map.Layer.Entities.Select(e => new LayerEntityAnswer(e.Slug, e.Name, [.. e.Members.Select(Row)]))],
            [.. map.Layer.Miners.Select(Row)]);

        MembershipAnswer Row(Membership m) => new(
            m.Pool, !unlisted.Contains(m.Pool), m.From, m.To, m.KnownSince, m.KnownUntil, ConfidenceText.Of(m.Confidence), m.Source, m.Note);
    }
}
