namespace PoolWatch.Core.Pools.Lint;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>The rule does nothing, or gives blocks to the wrong pool.</summary>
    Error,

    /// <summary>The rule can do something that its author did not mean.</summary>
    Warning,
}

/// <summary>What is wrong or doubtful about one pool's rule.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">What kind of finding; the kinds are listed in docs/pool-list.md.</param>
/// <param name="Pool">Name of the pool.</param>
/// <param name="Message">A sentence that quotes the rule.</param>
public sealed record LintFinding(LintSeverity Severity, string Code, string Pool, string Message);
