using PoolWatch.Core.Pools.Diff;
using PoolWatch.Core.Pools.Lint;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>docs/pool-list.md explains each kind of finding, with its severity.</summary>
public sealed class LintDocsTests
{
    [Fact]
    public void Every_kind_of_finding_is_documented_once_and_no_other()
    {
        var kinds = Enum.GetValues<LintCode>().Select(code => (LintFinding.NameOf(code), new LintFinding(code, "", "").Severity.ToString().ToLowerInvariant()));

        Assert.Equal(kinds, Documented("Looking for mistakes"));
    }

    [Fact]
    public void Every_change_of_identity_is_documented_once_and_no_other()
    {
        var pool = new Pool { Slug = "a", Name = "A" };
        var kinds = Enum.GetValues<IdentityKind>().Select(kind => (IdentityProblem.NameOf(kind), new IdentityProblem(kind, pool, pool, "").Severity.ToString().ToLowerInvariant()));

        Assert.Equal(kinds, Documented("When a pool changes its identity"));
    }

    private static IEnumerable<(string, string)> Documented(string heading)
    {
        var section = Repository.Read("docs/pool-list.md").Split("\n## ").Single(s => s.StartsWith(heading, StringComparison.Ordinal));
        return Repository.Rows(section).Where(r => r.Length == 3).Select(r => (r[0].Trim('`'), r[1]));
    }
}
