using System.Text.RegularExpressions;
using PoolWatch.Tests.Deployment;
using PoolWatch.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace PoolWatch.Tests.Docs;

public sealed partial class AlertDocsTests
{
    private static readonly string Text = Repository.Read("docs/alerts.md");

    [Theory]
    [InlineData("Concentration", "prometheus/rules/concentration.yml")]
    [InlineData("Operations", "prometheus/rules/operations.yml")]
    public void The_table_of_a_rule_file_has_its_alerts_in_their_order(string heading, string file) =>
        Assert.Equal(Alerts(file).Select(a => a.Get("alert").Text()), Rows(heading).Select(Name));

    [Theory]
    [InlineData("Concentration", "prometheus/rules/concentration.yml")]
    [InlineData("Operations", "prometheus/rules/operations.yml")]
    public void Each_row_says_what_the_rule_says(string heading, string file)
    {
        foreach (var (row, alert) in Rows(heading).Zip(Alerts(file)))
        {
            Assert.Equal($"[`{Name(row)}`](runbooks/{Name(row)}.md)", row[0]);
            Assert.Equal(alert.Get("labels").Get("severity").Text(), row[1]);
            Assert.True(row[2].Length > 10, $"{row[0]} does not say what it means.");
            var expression = White().Replace(alert.Get("expr").Text(), " ");
            Assert.NotEmpty(Repository.Codes(row[3]));
            Assert.All(Repository.Codes(row[3]), limit => Assert.Contains(limit, expression, StringComparison.Ordinal));
            Assert.Equal(alert.Find("for")?.Text() ?? "", row[4]);
            Assert.Equal(alert.Find("keep_firing_for")?.Text() ?? "", row[5]);
            Assert.Equal(heading == "Concentration", row[6].Length > 0 && heading == "Concentration");
            Assert.NotEmpty(row[7]);
        }
    }

    /// <summary>The budget of the issue: at most one.</summary>
    [Fact]
    public void Every_measured_rate_of_false_alarms_is_within_the_budget()
    {
        var rates = Rows("Concentration").Concat(Rows("Operations")).Select(r => Rate().Match(r[6])).Where(m => m.Success).Select(m => double.Parse(m.Value, null)).ToList();
        Assert.True(rates.Count >= 12);
        Assert.All(rates, r => Assert.InRange(r, 0, 1));
    }

    private static string Name(string[] row) => Repository.Codes(row[0]).Single();

    private static List<string[]> Rows(string heading) =>
        [.. Text[Text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal)..].Split("\n## ")[1].Split('\n')
            .Where(l => l.StartsWith("| [`", StringComparison.Ordinal)).Select(l => l.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToArray())];

    private static List<YamlNode> Alerts(string file) =>
        [.. Yaml.Load(file).Get("groups").Items().SelectMany(g => g.Get("rules").Items()).Where(r => r.Find("alert") is not null)];

    [GeneratedRegex("\\s+")]
    private static partial Regex White();

    [GeneratedRegex("^\\d+\\.\\d+")]
    private static partial Regex Rate();
}
