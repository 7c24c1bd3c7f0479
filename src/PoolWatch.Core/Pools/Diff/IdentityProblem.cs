namespace PoolWatch.Core.Pools.Diff;

/// <summary>How grave a finding about a pool's identity is.</summary>
public enum IdentitySeverity
{
    /// <summary>Worth to know: the pool stays what it was.</summary>
    Notice,

    /// <summary>One pool's history could go to another; a list with such a finding is not taken over unless told so.</summary>
    Error,
}

/// <summary>What happened to a pool's identity; docs/pool-list.md explains each by its name in small letters. Errors come first, from <see cref="Renamed"/> on they are notices.</summary>
public enum IdentityKind
{
    /// <summary>The same id or slug with nothing in common.</summary>
    Replaced,

    /// <summary>A pool that got the slug of another.</summary>
    SlugTaken,

    /// <summary>Two pools that exchanged their ids.</summary>
    IdsSwapped,

    /// <summary>An id that went to another pool, which both lists have or which splits off.</summary>
    IdMoved,

    /// <summary>A pool that got the name of another, which is in both lists: numbers would stand beside the wrong name.</summary>
    NameTaken,

    /// <summary>The same pool under another slug.</summary>
    Renamed,

    /// <summary>A pool that went into another.</summary>
    Merged,

    /// <summary>A pool with several ids that gave one of them, and a rule, to a new pool.</summary>
    Split,
}

/// <summary>A pool that changed its identity or seems to.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="From">The pool in the old list.</param>
/// <param name="To">The pool in the new list that has its id or slug.</param>
/// <param name="Message">A sentence that names both and what they have in common.</param>
/// <remarks>The sentence is fit for a terminal: control characters are replaced, and what is longer than 500 characters is cut.</remarks>
public sealed record IdentityProblem(IdentityKind Kind, Pool From, Pool To, string Message)
{
    /// <summary>A sentence that names both and what they have in common.</summary>
    public string Message { get; } = Sentence.Of(Message);

    /// <summary>How grave it is: the same for all findings of a kind.</summary>
    public IdentitySeverity Severity => Kind < IdentityKind.Renamed ? IdentitySeverity.Error : IdentitySeverity.Notice;

    /// <summary>The kind as people read it: <c>slug-taken</c>.</summary>
    public string Name => NameOf(Kind);

    /// <summary>A kind as people read it: small letters, words joined by hyphens.</summary>
    public static string NameOf(IdentityKind kind) => KebabCase.Of(kind);
}
