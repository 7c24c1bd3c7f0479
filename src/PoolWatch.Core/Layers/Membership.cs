namespace PoolWatch.Core.Layers;

/// <summary>How well a membership is supported. Ordered, so that a reader can ask for a least one.</summary>
public enum Confidence
{
    /// <summary>Assumed, or said by one source without evidence.</summary>
    Low,

    /// <summary>Said by a source that can know, or evidence that allows another reading.</summary>
    Medium,

    /// <summary>Documented by those concerned, or evidence of more than one kind.</summary>
    High,
}

/// <summary>That a pool belonged to an entity of a layer for some time, and since when that is known.</summary>
/// <remarks>
/// Two times are kept apart: when it was so (<see cref="From"/>, <see cref="To"/>, by the UTC date of a block's median time past), and when it
/// was believed (<see cref="KnownSince"/>, <see cref="KnownUntil"/>). A belief that is corrected keeps its row and gets an end of the second kind.
/// </remarks>
public sealed record Membership
{
    /// <summary>Slug of the pool in the pool list. A pool that the list does not have has no blocks; the row does no harm.</summary>
    public required string Pool { get; init; }

    /// <summary>First day on which it was so; null for as long as there was the pool.</summary>
    public DateOnly? From { get; init; }

    /// <summary>First day on which it was no longer so; null as long as no end is known. After <see cref="From"/>.</summary>
    public DateOnly? To { get; init; }

    /// <summary>First day on which the public could know; null for always.</summary>
    public DateOnly? KnownSince { get; init; }

    /// <summary>First day on which another row took its place, or it was found wrong; null while it stands. After <see cref="KnownSince"/>.</summary>
    public DateOnly? KnownUntil { get; init; }

    /// <summary>How well it is supported.</summary>
    public required Confidence Confidence { get; init; }

    /// <summary>Who says so: a URL or a citation.</summary>
    public required string Source { get; init; }

    /// <summary>What a reader has to know beside it, or null.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the row stood on a day; null for what is known now.</summary>
    public bool StoodOn(DateOnly? day) =>
        day is null ? KnownUntil is null : (KnownSince ?? DateOnly.MinValue) <= day && day < (KnownUntil ?? DateOnly.MaxValue);

    /// <summary>Whether on some day both rows stood and said something about the same day.</summary>
    internal bool Overlaps(Membership other) =>
        Meet(From, To, other.From, other.To) && Meet(KnownSince, KnownUntil, other.KnownSince, other.KnownUntil);

    private static bool Meet(DateOnly? from, DateOnly? to, DateOnly? otherFrom, DateOnly? otherTo) =>
        (from ?? DateOnly.MinValue) < (otherTo ?? DateOnly.MaxValue) && (otherFrom ?? DateOnly.MinValue) < (to ?? DateOnly.MaxValue);
}
