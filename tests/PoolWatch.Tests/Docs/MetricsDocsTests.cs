using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

[Collection(SampleCollection.Name)]
public sealed class MetricsDocsTests(SampleService sample)
{
    private static readonly string Text = Repository.Read("docs/metrics.md");
    private static readonly List<string[]> Documented = [.. Repository.Rows(Text).Where(r => r[0].StartsWith("`poolwatch_", StringComparison.Ordinal))];

    /// <summary>The sample chain has no stale block and less than 4320 of the others, and no list is followed there.</summary>
    private static readonly Dictionary<string, string[]> WithoutSeries = new()
    {
        ["poolwatch_stale_blocks"] = ["pool"],
        ["poolwatch_streak_probability"] = ["layer", "pool"],
        ["poolwatch_settled_nakamoto_coefficient"] = ["layer"],
        ["poolwatch_share_shift_ratio"] = ["layer", "pool"],
        ["poolwatch_share_shift_score"] = ["layer", "pool"],
        ["poolwatch_pool_list_follow_success_timestamp_seconds"] = [],
    };

    [Fact]
    public async Task Documentation_has_every_metric_with_its_type_and_no_other()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        Assert.Equal(
            page.Types.Select(t => $"`{t.Key}` {t.Value}").Order(StringComparer.Ordinal),
            Documented.Select(r => $"{r[0]} {r[1]}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Documentation_has_every_label()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        foreach (var row in Documented)
        {
            var metric = row[0].Trim('`');
            var labels = WithoutSeries.GetValueOrDefault(metric) ?? page.Of(metric).SelectMany(s => s.Labels).Select(l => l.Name).Where(l => l != "le").Distinct();
            Assert.Equal(WithoutSeries.ContainsKey(metric), !page.Of(metric).Any());
            Assert.Equal(labels.Order(StringComparer.Ordinal), Repository.Codes(row[2]).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("layer")]
    [InlineData("n")]
    [InlineData("confirmations")]
    [InlineData("unknown")]
    [InlineData("threshold")]
    [InlineData("state")]
    [InlineData("problem")]
    [InlineData("outcome")]
    [InlineData("sample")]
    public async Task Documentation_has_every_value_of_a_closed_label(string label)
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var values = page.Samples.SelectMany(s => s.Labels).Where(l => l.Name == label).Select(l => l.Value).ToHashSet();
        var row = Assert.Single(Repository.Rows(Text), r => r[0] == $"`{label}`");
        Assert.NotEmpty(values);
        Assert.Subset(Repository.Codes(row[1]).ToHashSet(), values);
    }
}
