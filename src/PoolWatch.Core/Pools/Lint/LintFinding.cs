namespace PoolWatch.Core.Pools.Lint;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>The rule does nothing, or gives blocks to the wrong pool.</summary>
    Error,

    /// <summary>The rule can do something that its author did not mean.</summary>
    Warning,
}

/// <summary>What kind of finding it is; docs/pool-list.md explains each by its name in small letters. Errors come first, from <see cref="Metacharacter"/> on they are warnings.</summary>
public enum LintCode
{
    /// <summary>No JavaScript regular expression, or one that <c>mempool/1</c> refuses.</summary>
    BadPattern,

    /// <summary>An expression that takes too long.</summary>
    SlowPattern,

    /// <summary>A tag that no coinbase can have.</summary>
    NeverMatches,

    /// <summary>A tag that an earlier pool's tag always goes before.</summary>
    Shadowed,

    /// <summary>An address of two pools.</summary>
    SameAddress,

    /// <summary>An id of two pools.</summary>
    ReusedId,

    /// <summary>No address of mainnet.</summary>
    BadAddress,

    /// <summary>What can't be made one of our lists.</summary>
    Refused,

    /// <summary>A character that stands for others too.</summary>
    Metacharacter,

    /// <summary>A real regular expression.</summary>
    Pattern,

    /// <summary>A tag that decides only because it is earlier.</summary>
    Order,

    /// <summary>A tag that random bytes can look like.</summary>
    ShortTag,

    /// <summary>Characters beyond ASCII.</summary>
    NonAscii,

    /// <summary>A blank at an end.</summary>
    Blank,

    /// <summary>A pool without any rule.</summary>
    NoRules,
}

/// <summary>What is wrong or doubtful about one pool's rule.</summary>
/// <param name="Code">What kind of finding.</param>
/// <param name="Pool">Name of the pool.</param>
/// <param name="Message">A sentence that quotes the rule.</param>
/// <remarks>Fit for a terminal: control characters are replaced, and what is longer than 500 characters is cut.</remarks>
public sealed record LintFinding(LintCode Code, string Pool, string Message)
{
    /// <summary>Name of the pool.</summary>
    public string Pool { get; } = Sentence.Of(Pool);

    /// <summary>A sentence that quotes the rule.</summary>
    public string Message { get; } = Sentence.Of(Message);

    /// <summary>How bad it is: the same for all findings of a kind.</summary>
    public LintSeverity Severity => Code < LintCode.Metacharacter ? LintSeverity.Error : LintSeverity.Warning;

    /// <summary>The kind as people read it: <c>never-matches</c>.</summary>
    public string Name => NameOf(Code);

    /// <summary>A kind as people read it: small letters, words joined by hyphens.</summary>
    public static string NameOf(LintCode code) => KebabCase.Of(code);
}
