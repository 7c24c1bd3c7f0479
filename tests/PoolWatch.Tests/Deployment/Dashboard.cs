using System.Text.Json;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>What a panel or an annotation asks, and of which kind of data source.</summary>
internal sealed record PanelQuery(string Panel, string Type, string Text)
{
    public bool IsSql => Type == "grafana-postgresql-datasource";
}

/// <summary>A dashboard's file: its panels and what it asks of Prometheus and PostgreSQL.</summary>
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

    /// <summary>Everything that lies on the grid, the headings of rows included.</summary>
    public IReadOnlyList<JsonElement> GridItems => [.. _root.GetProperty("panels").EnumerateArray()];

    public IReadOnlyList<JsonElement> Panels => [.. GridItems.Where(p => p.GetProperty("type").GetString() != "row")];

    public IReadOnlyList<JsonElement> Variables => [.. _root.GetProperty("templating").GetProperty("list").EnumerateArray()];

    public IEnumerable<PanelQuery> Queries => Panels.SelectMany(p => p.GetProperty("targets").EnumerateArray().Select(t => new PanelQuery(
        p.GetProperty("title").GetString()!,
        t.GetProperty("datasource").GetProperty("type").GetString()!,
        (t.TryGetProperty("expr", out var expression) ? expression : t.GetProperty("rawSql")).GetString()!)));

    /// <summary>Name, series and label of each variable whose values come from Prometheus.</summary>
    public IEnumerable<(string Name, string Series, string Label)> LabelQueries => Variables.Where(v => v.GetProperty("type").GetString() == "query").Select(v =>
    {
        var match = LabelValues().Match(v.GetProperty("query").GetProperty("query").GetString()!);
        Assert.True(match.Success, $"{File}: the query of the variable {v.GetProperty("name")} is not label_values(series, label).");
        return (v.GetProperty("name").GetString()!, match.Groups[1].Value, match.Groups[2].Value);
    });

    /// <summary>What is asked for the marks in graphs; Grafana's own annotations ask nothing.</summary>
    public IEnumerable<PanelQuery> AnnotationQueries => _root.GetProperty("annotations").GetProperty("list").EnumerateArray()
        .Where(a => !a.TryGetProperty("builtIn", out _)).Select(a => new PanelQuery(
            a.GetProperty("name").GetString()!,
            a.GetProperty("datasource").GetProperty("type").GetString()!,
            (a.TryGetProperty("expr", out var expression) ? expression : a.GetProperty("target").GetProperty("rawSql")).GetString()!));

    /// <summary>Addresses of the runbooks that a panel links to.</summary>
    public static IReadOnlyList<string> RunbookLinks(JsonElement panel) =>
        panel.TryGetProperty("links", out var links) ? [.. links.EnumerateArray().Select(l => l.GetProperty("url").GetString()!)] : [];

    [GeneratedRegex("^label_values\\((.+), (\\w+)\\)$")]
    private static partial Regex LabelValues();
}
