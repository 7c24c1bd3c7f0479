namespace PoolWatch.Core.Layers;

/// <summary>One answer to the question who stands behind a pool's blocks: who owns it, who chooses its transactions, who holds its coins.</summary>
public sealed class Layer
{
    /// <summary>Name of the layer without groups, in which every pool is on its own; every set has it, and no file defines it.</summary>
    public const string PoolName = "pool";

    /// <summary>Key in URLs and metrics: a small letter, then up to 31 small letters and digits.</summary>
    public required string Name { get; init; }

    /// <summary>The question that the layer answers, as a phrase for people; null if the file does not say.</summary>
    public string? About { get; init; }

    /// <summary>The groups, in the order of the file. A pool that is in none of them at a time is an entity of its own.</summary>
    public IReadOnlyList<LayerEntity> Entities { get; init; } = [];

    /// <summary>
    /// When a pool's miners decide for themselves, so that each of its blocks is an entity of its own in this layer: the opposite of a group.
    /// </summary>
    public IReadOnlyList<Membership> Miners { get; init; } = [];

    /// <summary>All memberships with the entity that they belong to; null for <see cref="Miners"/>.</summary>
    public IEnumerable<(LayerEntity? Entity, Membership Membership)> Memberships =>
        Entities.SelectMany(static entity => entity.Members.Select(member => ((LayerEntity?)entity, member)))
            .Concat(Miners.Select(static membership => ((LayerEntity?)null, membership)));

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>Several pools that are one in a layer.</summary>
public sealed class LayerEntity
{
    /// <summary>
    /// Key in URLs and metrics, spelled as a pool's. The slug of a pool, present or former, stands for that pool together with the members:
    /// it needs no membership of its own.
    /// </summary>
    public required string Slug { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>The members, in the order of the file; may be empty.</summary>
    public IReadOnlyList<Membership> Members { get; init; } = [];

    /// <summary>The slug.</summary>
    public override string ToString() => Slug;
}
