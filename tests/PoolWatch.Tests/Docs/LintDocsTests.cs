using PoolWatch.Core.Pools.Lint;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>docs/pool-list.md explains each kind of finding, with its severity.</summary>
public sealed class LintDocsTests
{
    [Fact]
    public void Every_kind_of_finding_is_documented_once_and_no_other()
    {
        var documented = Repository.Rows(Repository.Read("docs/pool-list.md")).Where(r => r is [_, "error" or "warning", _]).Select(r => (r[0].Trim('`'), r[1]));

        var kinds = Enum.GetValues<LintCode>().Select(code => (LintFinding.NameOf(code), new LintFinding(code, "", "").Severity.ToString().ToLowerInvariant()));
        Assert.Equal(kinds, documented);
    }
}
