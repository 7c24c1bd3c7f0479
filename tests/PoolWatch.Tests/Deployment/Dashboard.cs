using System.Text.Json;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>A dashboard's file: its panels and what it asks of Prometheus.</summary>
internal sealed partial class Dashboard
{
    private readonly JsonElement _root;

    private Dashboard(string file)
    {
        File = file;
        _root = JsonDocument.Parse(Repository.Read(file)).RootElement;
    }

    public static IReadOnlyList<Dashboard> All { get; } = [.. Repository.Files("grafana/dashboards", "*.json").Select(f => new Dashboard(f))];

    public string File { get; }

    public JsonElement Root => _root;

    public IReadOnlyList<JsonElement> Panels => [.. _root.GetProperty("panels").EnumerateArray()];

    public IReadOnlyList<JsonElement> Variables => [.. _root.GetProperty("templating").GetProperty("list").EnumerateArray()];

    /// <summary>Title and expression of each query of each panel.</summary>
    public IEnumerable<(string Panel, string Expression)> Queries => Panels.SelectMany(
        p => p.GetProperty("targets").EnumerateArray().Select(t => (p.GetProperty("title").GetString()!, t.GetProperty("expr").GetString()!)));

    /// <summary>Name, series and label of each variable whose values come from Prometheus.</summary>
    public IEnumerable<(string Name, string Series, string Label)> LabelQueries => Variables.Where(v => v.GetProperty("type").GetString() == "query").Select(v =>
    {
        var match = LabelValues().Match(v.GetProperty("query").GetProperty("query").GetString()!);
        Assert.True(match.Success, $"{File}: the query of the variable {v.GetProperty("name")} is not label_values(series, label).");
        return (v.GetProperty("name").GetString()!, match.Groups[1].Value, match.Groups[2].Value);
    });

    public IEnumerable<string> AnnotationQueries => _root.GetProperty("annotations").GetProperty("list").EnumerateArray()
        .Where(a => a.TryGetProperty("expr", out _)).Select(a => a.GetProperty("expr").GetString()!);

    [GeneratedRegex("^label_values\\((.+), (\\w+)\\)$")]
    private static partial Regex LabelValues();
}
