namespace PoolWatch.Core.Pools.PublicLists;

/// <summary>A pool as a public list defines it.</summary>
/// <param name="Id">Its id in that list; not checked to be unique, which is the lint's and the import's business.</param>
/// <param name="Name">Its name; never empty.</param>
/// <param name="Addresses">Payout addresses; may be empty, may be of any network or none.</param>
/// <param name="Tags">Tags; may be empty.</param>
/// <param name="Link">The pool's site as the list writes it; empty if it has none.</param>
public sealed record PublicPool(int Id, string Name, IReadOnlyList<string> Addresses, IReadOnlyList<string> Tags, string Link = "");
