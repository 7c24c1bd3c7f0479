namespace PoolWatch.Core.Pools;

/// <summary>What kind of trace a rule looks for.</summary>
public enum RuleKind
{
    /// <summary>An output that pays a known address.</summary>
    Address,

    /// <summary>A known text in the scriptSig.</summary>
    Tag,
}

/// <summary>One trace by which a pool is recognized.</summary>
/// <param name="Kind">Address or tag.</param>
/// <param name="Text">The mainnet address, or the tag's text, which is matched as its UTF-8 bytes.</param>
public sealed record PoolRule(RuleKind Kind, string Text)
{
    /// <summary>First height, inclusive, at which the rule holds; null: from the start of the chain.</summary>
    public int? From { get; init; }

    /// <summary>Last height, inclusive, at which the rule holds; null: without end.</summary>
    public int? To { get; init; }

    /// <summary>A tag that matches only in exactly this case. Tags shorter than six bytes always do.</summary>
    public bool Exact { get; init; }

    /// <summary>Why the rule is as it is, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the rule holds for a block at this height.</summary>
    public bool Covers(int height) => height >= (From ?? 0) && height <= (To ?? int.MaxValue);

    /// <summary>Whether some height is covered by both rules.</summary>
    public bool Overlaps(PoolRule other) =>
        (From ?? 0) <= (other.To ?? int.MaxValue) && (other.From ?? 0) <= (To ?? int.MaxValue);
}
