namespace PoolWatch.Core.Layers;

/// <summary>Puts layers of a user's file together with the bundled ones.</summary>
internal static class LayerMerge
{
    /// <summary>
    /// Layers and entities of the same name become one: members are added, and a name or phrase that the addition gives stands. What is new comes
    /// behind what is there. Contradictions are left to <see cref="LayerSetChecks"/>.
    /// </summary>
    public static IReadOnlyList<Layer> Join(IEnumerable<Layer> layers, IReadOnlyList<Layer> added)
    {
        List<Layer> joined = [.. layers];
        foreach (var layer in added)
        {
            Put(joined, layer, layer.Name, static one => one.Name, Join);
        }

        return joined;
    }

    private static Layer Join(Layer layer, Layer added)
    {
        List<LayerEntity> entities = [.. layer.Entities];
        foreach (var entity in added.Entities)
        {
            Put(entities, entity, entity.Slug, static one => one.Slug, Join);
        }

        return new Layer { Name = layer.Name, About = added.About ?? layer.About, Entities = entities, Miners = [.. layer.Miners, .. added.Miners] };
    }

    private static LayerEntity Join(LayerEntity entity, LayerEntity added) =>
        new() { Slug = entity.Slug, Name = added.Name, Members = [.. entity.Members, .. added.Members] };

    private static void Put<T>(List<T> list, T item, string key, Func<T, string> keyOf, Func<T, T, T> join)
    {
        var at = list.FindIndex(one => keyOf(one) == key);
        if (at < 0)
        {
            list.Add(item);
        }
        else
        {
            list[at] = join(list[at], item);
        }
    }
}
