using System.Text.RegularExpressions;
using Npgsql;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>What the dashboards ask, asked as Grafana would: of a real Prometheus and of the service's own database.</summary>
[Collection(YearCollection.Name)]
public sealed partial class DashboardQueryTests(ScrapedYear year)
{
    [Fact]
    public async Task Every_query_of_every_panel_and_annotation_returns_data()
    {
        await using var database = NpgsqlDataSource.Create(year.ConnectionString);
        List<string> empty = [];
        foreach (var dashboard in Dashboard.All)
        {
            foreach (var query in dashboard.Queries.Concat(dashboard.AnnotationQueries))
            {
                // What stands in where there is nothing is no data: the first alternative has to have some.
                var text = await WithVariablesAsync(query.IsSql ? query.Text : query.Text.Split(" or ")[0]);
                var results = query.IsSql ? await CountRowsAsync(database, text) : (await year.Prometheus.QueryAsync(text)).Count;
                if (results == 0)
                {
                    empty.Add($"{dashboard.File}: '{query.Panel}': {text}");
                }
            }
        }

        Assert.True(empty.Count == 0, string.Join('\n', empty));
    }

    /// <summary>Where alternatives had other labels each would be drawn beside the other.</summary>
    [Fact]
    public async Task The_series_of_a_query_with_alternatives_have_the_same_labels()
    {
        var queries = Dashboard.All.SelectMany(d => d.Queries).Where(q => !q.IsSql && q.Text.Contains(" or ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(queries);
        foreach (var query in queries)
        {
            var series = await year.Prometheus.QueryAsync(await WithVariablesAsync(query.Text));
            Assert.Single(series.Select(s => string.Join(',', s.GetProperty("metric").EnumerateObject().Select(l => l.Name).Where(n => n != "__name__"))).Distinct());
        }
    }

    [Fact]
    public async Task The_chance_of_a_streak_is_one_only_where_there_is_none()
    {
        var query = Dashboard.All.SelectMany(d => d.Queries).Single(q => q.Panel == "Chance of that streak").Text;
        var standIn = await WithVariablesAsync(query.Split(" or ")[1]);
        Assert.Empty(await year.Prometheus.QueryAsync(standIn));
        var another = Assert.Single(await year.Prometheus.QueryAsync(standIn.Replace("foundryusa", "antpool", StringComparison.Ordinal)));
        Assert.Equal("1", another.GetProperty("value")[1].GetString());
    }

    [Fact]
    public async Task Every_reorg_and_list_change_is_marked_once()
    {
        foreach (var dashboard in Dashboard.All)
        {
            var marks = new Dictionary<string, IReadOnlyList<string>>();
            foreach (var query in dashboard.AnnotationQueries.Where(q => q.IsSql))
            {
                marks[query.Panel] = await StoredState.TextsAsync(year.ConnectionString, "public", $"SELECT text FROM ({await WithVariablesAsync(query.Text)}) AS marks");
            }

            Assert.Equal(["Reorg: 1 stale from height 54998, foundryusa", "Reorg: 4 stale from height 55001, foundryusa"], marks["Reorgs"]);
            Assert.Contains(" by poolwatch/1 (apply): ", Assert.Single(marks["List changes"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Every_variable_has_values()
    {
        foreach (var (name, series, label) in Dashboard.All.SelectMany(d => d.LabelQueries))
        {
            var result = await year.Prometheus.QueryAsync(await WithVariablesAsync(series));
            Assert.True(result.Any(r => r.GetProperty("metric").TryGetProperty(label, out _)), $"The variable {name} has no values.");
        }
    }

    [Fact]
    public void A_query_names_no_variable_that_its_dashboard_does_not_have() => Assert.All(Dashboard.All, dashboard =>
    {
        var names = dashboard.Variables.Select(v => v.GetProperty("name").GetString()!).ToHashSet();
        var texts = dashboard.Queries.Concat(dashboard.AnnotationQueries).Select(q => q.Text).Concat(dashboard.Panels.SelectMany(Dashboard.RunbookLinks));
        var used = texts.SelectMany(t => Variable().Matches(t)).Select(m => m.Groups[1].Value).ToHashSet();
        Assert.Subset(names, used);
    });

    /// <summary>Rows that have a value at all: an aggregate has a row even where there is nothing.</summary>
    private static async Task<int> CountRowsAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = 0;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows += Enumerable.Range(0, reader.FieldCount).All(reader.IsDBNull) ? 0 : 1;
        }

        return rows;
    }

    private async Task<string> WithVariablesAsync(string text)
    {
        var chain = Assert.Single(await year.Prometheus.QueryAsync("poolwatch_chain_info"));
        return GrafanaVariables.Fill(text, chain.GetProperty("metric").GetProperty("instance").GetString()!);
    }

    [GeneratedRegex("\\$\\{?([a-z]+)")]
    private static partial Regex Variable();
}
