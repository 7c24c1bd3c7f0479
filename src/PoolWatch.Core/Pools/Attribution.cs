namespace PoolWatch.Core.Pools;

/// <summary>To which pool a block is attributed, and everything that spoke for or against it.</summary>
/// <param name="Winner">The rule that decided; null where none did.</param>
/// <param name="Others">
/// Every other rule that matched: addresses by output index, then tags by byte offset; at the same place in the order of the list.
/// </param>
/// <param name="Conflicts">In what way the rules that matched disagree.</param>
public sealed record Attribution(Candidate? Winner, IReadOnlyList<Candidate> Others, AttributionConflicts Conflicts)
{
    /// <summary>No rule matched.</summary>
    public static Attribution Unknown { get; } = new(null, [], AttributionConflicts.None);

    /// <summary>The miner within the pool, where the pool's coinbases name one; text that anybody may have chosen. See <see cref="MinerText"/>.</summary>
    public IReadOnlyList<string> Miners { get; init; } = [];

    /// <summary>The pool, or null: unknown.</summary>
    public Pool? Pool => Winner?.Pool;

    /// <summary>How the pool was found: <c>address</c>, <c>tag</c> or <c>unknown</c>.</summary>
    public string Method => Winner?.Kind switch
    {
        RuleKind.Address => "address",
        RuleKind.Tag => "tag",
        _ => "unknown",
    };
}

/// <summary>A rule that matched a coinbase.</summary>
/// <param name="Pool">The pool that the rule names.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Index">Where it matched first: index of the output, or byte offset in the scriptSig.</param>
/// <param name="Value">Satoshi that all outputs together pay the address; 0 for a tag.</param>
public sealed record Candidate(Pool Pool, PoolRule Rule, int Index, long Value)
{
    /// <summary>Address or tag.</summary>
    public RuleKind Kind => Rule.Kind;

    /// <summary>The rule's address or tag text.</summary>
    public string Text => Rule.Text;

    /// <summary>Whether it is a tag of a pool that would be paid if the tag were true; a coinbase that pays nobody does not tell.</summary>
    internal bool IsToDoubt(int height, long total, long paidToPool) =>
        Kind == RuleKind.Tag && height >= Pool.PaidFrom && total > 0 && paidToPool == 0;
}

/// <summary>In what way the rules that matched one coinbase disagree. The numbers are stored and never change.</summary>
[Flags]
public enum AttributionConflicts
{
    /// <summary>They agree, or at most one matched.</summary>
    None = 0,

    /// <summary>Decided by address against a tag of another pool in the scriptSig, or by tag against a payment to another pool.</summary>
    AddressAgainstTag = 1,

    /// <summary>Tags of two pools stand in the scriptSig, neither within the other.</summary>
    TagAgainstTag = 2,

    /// <summary>Listed addresses of two pools are paid.</summary>
    AddressAgainstAddress = 4,

    /// <summary>Another pool than the winner, or any pool where there is no winner, is paid half of the value or less.</summary>
    MinorAddress = 8,

    /// <summary>Decided by a tag as long as a tag of another pool; the earlier in the list won.</summary>
    TagTie = 16,

    /// <summary>Decided by a tag of a pool that is known to be always paid at its listed addresses (<see cref="Pool.PaidFrom"/>), and none of them is paid here.</summary>
    ClaimToDoubt = 32,
}
