using PoolWatch.Tests.Campaign;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>docs/fault-campaign.md lists the faults that there are, and its last run had them all.</summary>
public sealed class FaultCampaignDocsTests
{
    private const int FewestFaults = 200;
    private static readonly string Text = Repository.Read("docs/fault-campaign.md");

    [Fact]
    public void Every_kind_of_fault_is_explained() =>
        Assert.Equal(FaultKind.All.Select(k => k.Name), Repository.Rows(Text).Where(r => r.Length == 2).Select(r => r[0].Trim('`')).TakeWhile(n => !n.StartsWith("CAMPAIGN", StringComparison.Ordinal)));

    [Fact]
    public void Every_variable_is_explained() => Assert.All(
        ["CAMPAIGN_FAULTS", "CAMPAIGN_SEED", "CAMPAIGN_SHORT", "CAMPAIGN_SOURCE", "CAMPAIGN_REPORT"], v => Assert.Contains(Repository.Rows(Text), r => r[0] == $"`{v}`"));

    [Fact]
    public void The_last_run_struck_often_enough_and_lost_nothing()
    {
        var rows = Text.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Select(l => l.Trim('|', ' ').Split(" | ")).Where(r => r.Length == 10).ToList();

        Assert.Equal([.. FaultKind.All.Select(k => k.Name), "**all**"], rows.Skip(1).Select(r => r[0]));
        Assert.All(rows.Skip(1), r => Assert.Equal(["0", "0", "0"], r[^3..]));
        Assert.InRange(int.Parse(rows[^1][3], System.Globalization.CultureInfo.InvariantCulture), FewestFaults, int.MaxValue);
    }
}
