using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Layers;

/// <summary>What must hold between the rows of all layers: a pool is in one entity of a layer at a time, whatever day one asks on.</summary>
internal sealed class LayerSetChecks(PoolListErrors errors)
{
    public static bool IsLayerName(string name) =>
        name.Length is > 0 and <= 32 && char.IsAsciiLetterLower(name[0]) && name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c));

    public void Run(IReadOnlyList<Layer> layers)
    {
        if (layers.Count >= LayerSet.MaxLayers)
        {
            errors.Add($"There are {layers.Count} layers beside {Layer.PoolName}; at most {LayerSet.MaxLayers - 1} are possible.");
        }

        var memberships = layers.Sum(static layer => layer.Memberships.Count());
        if (memberships > LayerSet.MaxMemberships)
        {
            errors.Add($"There are {memberships} memberships; at most {LayerSet.MaxMemberships} are possible.");
            return;
        }

        CheckUnique(layers, "layer", static layer => layer.Name);
        foreach (var layer in layers)
        {
            CheckUnique(layer.Entities, $"{layer.Name}: entity", static entity => entity.Slug);
            foreach (var pool in layer.Memberships.Where(static one => one.Membership.Pool.Length > 0).GroupBy(static one => one.Membership.Pool))
            {
                CheckOverlaps(layer, [.. pool]);
            }
        }
    }

    private void CheckUnique<T>(IEnumerable<T> items, string what, Func<T, string> key)
    {
        foreach (var twice in items.Select(key).Where(static name => name.Length > 0).CountBy(static name => name).Where(static one => one.Value > 1))
        {
            errors.Add($"{what} {twice.Key} is there {twice.Value} times; write it once, with all that belongs to it.");
        }
    }

    private void CheckOverlaps(Layer layer, (LayerEntity? Entity, Membership Membership)[] rows)
    {
        for (var i = 0; i < rows.Length && !errors.IsFull; i++)
        {
            for (var j = i + 1; j < rows.Length && !errors.IsFull; j++)
            {
                if (rows[i].Membership.Overlaps(rows[j].Membership))
                {
                    errors.Add($"{layer.Name}: {rows[i].Membership.Pool} is in {Describe(rows[i].Entity)} {Dates(rows[i].Membership)} and in "
                        + $"{Describe(rows[j].Entity)} {Dates(rows[j].Membership)}. It can be in one at a time: give dates (from, to) that do not "
                        + "overlap, or say since when one row is known and until when the other was (knownSince, knownUntil).");
                }
            }
        }
    }

    private static string Describe(LayerEntity? entity) => entity?.Slug ?? "miners";

    private static string Dates(Membership one) =>
        $"from {one.From?.ToString("O") ?? "the start"} to {one.To?.ToString("O") ?? "now"}";
}
