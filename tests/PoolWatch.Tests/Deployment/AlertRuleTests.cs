using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace PoolWatch.Tests.Deployment;

public sealed partial class AlertRuleTests
{
    private static readonly IReadOnlyList<YamlNode> Alerts =
    [
        .. Repository.Files("prometheus/rules", "*.yml").SelectMany(f => Yaml.Load(f).Get("groups").Items())
            .SelectMany(g => g.Get("rules").Items()).Where(r => r.Find("alert") is not null),
    ];

    public static TheoryData<string> Names => [.. Alerts.Select(a => a.Get("alert").Text())];

    [Fact]
    public async Task Promtool_accepts_configuration_and_rules()
    {
        var (status, output) = await Promtool.RunAsync("check", "config", "--lint=all", "--lint-fatal", "prometheus/prometheus.yml");
        Assert.True(status == 0, output);
        (status, output) = await Promtool.RunAsync(["check", "rules", "--lint=all", "--lint-fatal", .. Repository.Files("prometheus/rules", "*.yml")]);
        Assert.True(status == 0, output);
    }

    [Fact]
    public async Task The_rules_fire_and_stay_silent_as_their_tests_say()
    {
        var (status, output) = await Promtool.RunAsync(["test", "rules", .. Repository.Files("prometheus/tests", "*.yml")]);
        Assert.True(status == 0, output);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_says_how_bad_what_and_what_to_do(string name)
    {
        var alert = Alerts.Single(a => a.Get("alert").Text() == name);
        Assert.StartsWith("PoolWatch", name, StringComparison.Ordinal);
        Assert.Contains(alert.Get("labels").Get("severity").Text(), (string[])["critical", "warning"]);
        var annotations = alert.Get("annotations");
        Assert.NotEmpty(annotations.Get("summary").Text());
        Assert.NotEmpty(annotations.Get("description").Text());
        Assert.Equal($"http://localhost:8080/runbooks/{name}", annotations.Get("runbook_url").Text());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_has_a_runbook_that_an_operator_can_follow(string name)
    {
        var runbook = Repository.Read($"docs/runbooks/{name}.md");
        Assert.StartsWith($"# {name}\n", runbook, StringComparison.Ordinal);
        string[] expected = ["Meaning", "Impact", "Diagnosis", "Mitigation"];
        var sections = Section().Matches(runbook);
        Assert.Equal(expected, sections.Select(m => m.Groups[1].Value));
        Assert.All(sections, s => Assert.True(s.Groups[2].Value.Trim().Length > 80, $"{name}: '{s.Groups[1].Value}' says next to nothing."));
        Assert.DoesNotContain("TODO", runbook, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_runbook_belongs_to_an_alert() => Assert.Equal(
        Alerts.Select(a => a.Get("alert").Text()).Order(StringComparer.Ordinal),
        Repository.Files("docs/runbooks", "*.md").Select(f => Path.GetFileNameWithoutExtension(f)));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_alert_has_a_firing_a_silent_and_a_sample_case(string name)
    {
        var tests = Repository.Files("prometheus/tests", "*.yml").SelectMany(f => Yaml.Load(f).Get("tests").Items())
            .Where(t => t.Find("alert_rule_test") is not null)
            .Select(t => (IsSample: IsAboutSample(t), Cases: t.Get("alert_rule_test").Items().Where(c => c.Get("alertname").Text() == name).ToList()))
            .Where(t => t.Cases.Count > 0).ToList();
        var firing = tests.Where(t => !t.IsSample).SelectMany(t => t.Cases).SelectMany(c => c.Get("exp_alerts").Items()).ToList();
        Assert.NotEmpty(firing);
        Assert.All(firing, f => Assert.NotNull(f.Get("exp_annotations").Find("description")));
        Assert.Contains(tests, t => !t.IsSample && t.Cases.All(c => !c.Get("exp_alerts").Items().Any()));
        var samples = tests.Where(t => t.IsSample).SelectMany(t => t.Cases).ToList();
        Assert.NotEmpty(samples);
        Assert.All(samples, c => Assert.Empty(c.Get("exp_alerts").Items()));
    }

    /// <summary>Whether the test is about a sample chain alone.</summary>
    private static bool IsAboutSample(YamlNode test)
    {
        var chains = test.Get("input_series").Items().Select(s => s.Get("series").Text()).Where(s => s.StartsWith("poolwatch_chain_info", StringComparison.Ordinal)).ToList();
        return chains.Count > 0 && chains.All(c => c.Contains("sample=\"1\"", StringComparison.Ordinal));
    }

    [GeneratedRegex("^## (.+)\\n((?:(?!## ).*\\n)*)", RegexOptions.Multiline)]
    private static partial Regex Section();
}
