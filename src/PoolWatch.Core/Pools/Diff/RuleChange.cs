namespace PoolWatch.Core.Pools.Diff;

/// <summary>What happened to a rule.</summary>
public enum RuleChangeKind
{
    /// <summary>Only the new list has it.</summary>
    Added,

    /// <summary>Only the old list has it.</summary>
    Removed,

    /// <summary>It belongs to another pool.</summary>
    Moved,

    /// <summary>Its heights or <c>exact</c> differ.</summary>
    Changed,
}

/// <summary>A rule that differs between two lists. Addresses are the same where they stand for the same script, tags where their text is the same to the letter.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="From">Its pool in the old list; null where it is new.</param>
/// <param name="Before">The rule in the old list; null where it is new.</param>
/// <param name="To">Its pool in the new list; null where it was dropped.</param>
/// <param name="After">The rule in the new list; null where it was dropped.</param>
public sealed record RuleChange(RuleChangeKind Kind, Pool? From, PoolRule? Before, Pool? To, PoolRule? After)
{
    /// <summary>The rule as it is, or as it was if it was dropped.</summary>
    public PoolRule Rule => (After ?? Before)!;
}
