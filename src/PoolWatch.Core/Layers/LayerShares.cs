using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Layers;

/// <summary>Blocks of one pool within an entity.</summary>
/// <param name="Entity">Number of the entity in its <see cref="LayerMap"/>, or <see cref="LayerMap.Singles"/>.</param>
/// <param name="Pool">Index of the pool.</param>
/// <param name="Blocks">Its blocks while it was in the entity; at least 1.</param>
public readonly record struct LayerMember(int Entity, ushort Pool, int Blocks);

/// <summary>Who mined how many of a window's blocks, as a layer sees it.</summary>
/// <param name="Distribution">By entity: what measures are made of.</param>
/// <param name="Members">The same by entity and pool; the blocks add up to those of the entities and the singles.</param>
public sealed record LayerShares(ShareDistribution Distribution, IReadOnlyList<LayerMember> Members);
