using System.Globalization;
using System.Text.RegularExpressions;

namespace PoolWatch.Tests.Support;

/// <summary>One line of a metrics page; labels in the order of the page.</summary>
public sealed record MetricSample(string Name, IReadOnlyList<(string Name, string Value)> Labels, double Value)
{
    public string Series => $"{Name}{{{string.Join(',', Labels.Select(l => $"{l.Name}={l.Value}"))}}}";
}

/// <summary>Prometheus' text format, as far as tests need it.</summary>
public sealed partial class MetricsPage
{
    public MetricsPage(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Types = lines.Where(l => l.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(l => l.Split(' ')).ToDictionary(w => w[2], w => w[3]);
        Samples = [.. lines.Where(l => l[0] != '#').Select(Parse)];
    }

    public IReadOnlyDictionary<string, string> Types { get; }

    public IReadOnlyList<MetricSample> Samples { get; }

    /// <summary>The value of a series, its labels written as <c>a=1,b=2</c> in the order of the page.</summary>
    public double Value(string name, string labels) => Assert.Single(Samples, s => s.Series == $"{name}{{{labels}}}").Value;

    /// <summary>Samples of a metric, those of a histogram's parts included.</summary>
    public IEnumerable<MetricSample> Of(string metric) => Samples.Where(s => s.Name == metric
        || (Types[metric] == "histogram" && (s.Name == $"{metric}_bucket" || s.Name == $"{metric}_sum" || s.Name == $"{metric}_count")));

    private static MetricSample Parse(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, line);
        var labels = Label().Matches(match.Groups[2].Value).Select(m => (m.Groups[1].Value, m.Groups[2].Value)).ToList();
        return new MetricSample(match.Groups[1].Value, labels, double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("^([a-z_]+)(?:\\{(.*)\\})? ([^ ]+)$")]
    private static partial Regex Line();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
