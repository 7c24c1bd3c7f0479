using PoolWatch.Core.Layers;

namespace PoolWatch.Core.Concentration.History;

/// <summary>The entity of every block of a chain in one layer, looked up once: what windows slide over.</summary>
/// <remarks>
/// A membership has dates, so the entity of a block follows from its own median time past, and no window changes it. Immutable; 4 bytes a block.
/// </remarks>
public sealed class EntityColumn
{
    /// <summary>Stands for a block that no entity is known for.</summary>
    public const int Unknown = -1;

    /// <summary>Stands for a block with an entity of its own (<see cref="LayerMap.Singles"/>).</summary>
    public const int OnItsOwn = -2;

    private readonly int[] _entities;

    private EntityColumn(LayerMap layer, int firstHeight, int[] entities)
    {
        (Layer, FirstHeight, _entities) = (layer, firstHeight, entities);
        Entities = Math.Max(Unknown, entities.Length == 0 ? Unknown : entities.Max()) + 1;
    }

    /// <summary>The layer; it has the names of the entities.</summary>
    public LayerMap Layer { get; }

    /// <summary>Height of the first block.</summary>
    public int FirstHeight { get; }

    /// <summary>Number of blocks.</summary>
    public int Count => _entities.Length;

    /// <summary>Height of the last block; <see cref="FirstHeight"/> − 1 where there is none.</summary>
    public int TipHeight => FirstHeight + Count - 1;

    /// <summary>One more than the highest number of an entity; 0 where there is none.</summary>
    public int Entities { get; }

    /// <summary>The entity of the block, <see cref="Unknown"/> or <see cref="OnItsOwn"/>.</summary>
    /// <exception cref="IndexOutOfRangeException">The height is not in the column.</exception>
    public int this[int height] => _entities[height - FirstHeight];

    /// <summary>The entities of a window's blocks in height order, <see cref="Unknown"/> and <see cref="OnItsOwn"/> among them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not in the column.</exception>
    public ReadOnlySpan<int> EntitiesOf(BlockWindow window) => _entities.AsSpan(window.FromHeight - FirstHeight, window.Blocks);

    /// <summary>The last blocks.</summary>
    /// <param name="most">How many at most; all where there are fewer.</param>
    /// <returns>Null where there is none.</returns>
    public BlockWindow? Last(int most) => Count == 0 ? null : new BlockWindow(TipHeight - Math.Min(Count, most) + 1, TipHeight);

    /// <summary>Looks up all blocks of a chain.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A block has a pool that the map was not made for.</exception>
    public static EntityColumn Of(ChainView chain, LayerMap layer)
    {
        ArgumentNullException.ThrowIfNull(chain);
        return chain.Count == 0
            ? new EntityColumn(layer, chain.FirstHeight, [])
            : Of(chain, layer, new BlockWindow(chain.FirstHeight, chain.TipHeight));
    }

    /// <summary>Looks up a part of a chain.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The part is not within the chain, or a block has a pool that the map was not made for.
    /// </exception>
    public static EntityColumn Of(ChainView chain, LayerMap layer, BlockWindow part)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(layer);
        var pools = chain.PoolsOf(part);
        var times = chain.MedianTimesPastOf(part);
        var entities = new int[part.Blocks];
        for (var i = 0; i < entities.Length; i++)
        {
            entities[i] = pools[i] == ChainView.UnknownPool ? Unknown
                : layer.EntityOf(pools[i], times[i]) is var entity && entity == LayerMap.Singles ? OnItsOwn
                : entity;
        }

        return new EntityColumn(layer, part.FromHeight, entities);
    }
}
