using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>Single blocks as another list than the active one attributes them.</summary>
/// <param name="list">That list.</param>
/// <param name="nameOf">The name under which a pool of it appears.</param>
internal sealed class PastView(PastList list, Func<Pool, PoolReference> nameOf)
{
    private const string UnknownName = "Unknown";

    public BlockAnswer Of(StoredBlock block)
    {
        var attribution = list.Attributor.Attribute(block.Coinbase, block.Answer.Height);
        return block.Answer with
        {
            Pool = NameOf(attribution),
            Method = attribution.Method,
            Evidence = attribution.Winner is { } winner ? Named(winner) : null,
            Candidates = [.. attribution.Others.Select(Named)],
            Conflicts = StoredEvidence.Names(attribution.Conflicts) ?? [],
            Miners = attribution.Miners,
            Algorithm = list.Stored.Algorithm,
            PoolListVersion = list.Stored.List.Version,
        };
    }

    public BlockSummary Of(BlockSummary block, Coinbase coinbase)
    {
        var attribution = list.Attributor.Attribute(coinbase, block.Height);
        return block with { Pool = NameOf(attribution), Method = attribution.Method, Conflict = attribution.Conflicts != AttributionConflicts.None };
    }

    private PoolReference NameOf(Attribution attribution) => attribution.Pool is { } pool ? nameOf(pool) : new PoolReference(Pool.UnknownSlug, UnknownName);

    private CandidateEvidence Named(Candidate candidate) => CandidateEvidence.Of(candidate) with { Pool = nameOf(candidate.Pool).Slug };
}
