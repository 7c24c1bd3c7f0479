using System.Text.Json;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

public sealed partial class DashboardTests
{
    private const int GridWidth = 24;

    private static IEnumerable<(Dashboard Dashboard, JsonElement Panel)> Panels => Dashboard.All.SelectMany(d => d.Panels.Select(p => (d, p)));

    [Fact]
    public void Dashboards_and_panels_have_an_id_of_their_own()
    {
        Assert.Equal(["concentration", "operations", "pools"], Dashboard.All.Select(d => Path.GetFileNameWithoutExtension(d.File)).Order());
        Assert.Distinct(Dashboard.All.Select(d => d.Root.GetProperty("uid").GetString()));
        Assert.All(Dashboard.All, d => Assert.Distinct(d.GridItems.Select(p => p.GetProperty("id").GetInt32())));
    }

    [Fact]
    public void Panels_lie_side_by_side_within_the_grid()
    {
        foreach (var dashboard in Dashboard.All)
        {
            var taken = new Dictionary<(int X, int Y), string>();
            foreach (var panel in dashboard.GridItems)
            {
                var (title, grid) = (panel.GetProperty("title").GetString()!, panel.GetProperty("gridPos"));
                int Position(string name) => grid.GetProperty(name).GetInt32();
                Assert.InRange(Position("x") + Position("w"), 1, GridWidth);
                var cells = from x in Enumerable.Range(Position("x"), Position("w")) from y in Enumerable.Range(Position("y"), Position("h")) select (x, y);
                Assert.All(cells, cell => Assert.True(taken.TryAdd(cell, title), $"'{title}' lies over '{taken.GetValueOrDefault(cell)}'."));
            }
        }
    }

    [Fact]
    public void A_panel_has_unit_description_and_the_chosen_data_source() => Assert.All(Panels, p =>
    {
        Assert.NotEmpty(p.Panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()!);
        Assert.InRange(p.Panel.GetProperty("description").GetString()!.Length, 30, 400);
        var source = p.Panel.GetProperty("datasource");
        Assert.Equal(source.GetProperty("type").GetString() == "prometheus" ? "${datasource}" : "${database}", source.GetProperty("uid").GetString());
        Assert.All(p.Panel.GetProperty("targets").EnumerateArray(), t => Assert.Equal(source.GetProperty("uid").GetString(), t.GetProperty("datasource").GetProperty("uid").GetString()));
        Assert.Distinct(p.Panel.GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("refId").GetString()));
    });

    [Fact]
    public void Runbooks_that_panels_name_can_be_clicked_and_exist()
    {
        var linked = Panels.Select(p => (Named: RunbookName().Matches(p.Panel.GetProperty("description").GetString()!).Select(m => m.Groups[1].Value).ToList(), Links: Dashboard.RunbookLinks(p.Panel))).ToList();
        Assert.Contains(linked, l => l.Links.Count > 0);
        Assert.All(linked, l => Assert.Equal(l.Named.Select(n => $"${{poolwatch}}/runbooks/{n}"), l.Links));
        Assert.All(linked.SelectMany(l => l.Named), name => Assert.True(File.Exists(Repository.PathOf($"docs/runbooks/{name}.md")), name));
        Assert.All(Dashboard.All, d => Assert.Equal(
            "http://localhost:8080", d.Variables.Single(v => v.GetProperty("name").GetString() == "poolwatch").GetProperty("current").GetProperty("value").GetString()));
    }

    /// <summary>Grafana asks at steps that grow with the time shown: a fixed range would leave out what happened between them.</summary>
    [Fact]
    public void Annotations_look_at_all_of_the_time_between_two_steps()
    {
        Assert.All(Dashboard.All, d => Assert.Equal(["Reorgs", "List changes", "Alerts"], d.AnnotationQueries.Select(q => q.Panel)));
        foreach (var query in Dashboard.All.SelectMany(d => d.AnnotationQueries))
        {
            if (query.IsSql)
            {
                Assert.Contains("$__timeFilter(", query.Text, StringComparison.Ordinal);
            }
            else
            {
                Assert.EndsWith("[$__rate_interval])", query.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("offset", query.Text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_sample_chain_is_left_out_unless_chosen() => Assert.All(Dashboard.All, d =>
    {
        var sample = d.Variables.Single(v => v.GetProperty("name").GetString() == "sample");
        Assert.Equal("0", sample.GetProperty("current").GetProperty("value").GetString());
        Assert.Contains(("instance", "poolwatch_chain_info{sample=\"$sample\"}", "instance"), d.LabelQueries);
        Assert.All(d.Queries.Where(q => !q.IsSql), q => Assert.Matches("instance=~?\"\\$instance\\|?\"", q.Text));
    });

    [GeneratedRegex("Runbook: (\\w+)")]
    private static partial Regex RunbookName();
}
