using System.Text.Json;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>The service with the sample chain, and a real Prometheus that scrapes it.</summary>
public sealed class ScrapedSample(TestPostgres postgres) : IAsyncLifetime
{
    private RunningService? _service;
    private PrometheusServer? _prometheus;

    internal RunningService Service => _service!;

    internal PrometheusServer Prometheus => _prometheus!;

    public async ValueTask InitializeAsync()
    {
        _service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample");
        await Service.WaitForSampleAsync();
        _prometheus = await PrometheusServer.StartAsync(Service.Http.BaseAddress!.Authority);
        await Prometheus.WaitForAsync("count_over_time(poolwatch_chain_info[1m]) > 2");
    }

    public async ValueTask DisposeAsync()
    {
        // Either is missing where its start failed.
        await (_prometheus?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_service?.DisposeAsync() ?? ValueTask.CompletedTask);
    }
}

/// <summary>Rules and dashboards against the metrics that the service really has.</summary>
public sealed partial class MonitoringTests(ScrapedSample sample) : IClassFixture<ScrapedSample>
{
    [Fact]
    public async Task Every_metric_that_a_rule_or_a_dashboard_names_is_on_the_page()
    {
        var page = await sample.Service.GetTextAsync("/metrics");
        var served = SeriesName().Matches(page).Select(m => m.Value).ToHashSet();
        var named = Repository.Files("prometheus/rules", "*.yml").Concat(Repository.Files("grafana/dashboards", "*.json"))
            .SelectMany(f => MetricName().Matches(Repository.Read(f))).Select(m => m.Value).Distinct().ToList();
        Assert.Contains("poolwatch_share_alarm", named);
        Assert.All(named, n => Assert.Contains(n, served));
    }

    /// <summary>Without a layer a query would add up one block in every layer.</summary>
    [Fact]
    public async Task Every_query_of_a_metric_with_layers_selects_one()
    {
        var layered = LayeredName().Matches(await sample.Service.GetTextAsync("/metrics")).Select(m => m.Groups[1].Value).ToHashSet();
        var named = Repository.Files("prometheus/rules", "*.yml").Concat(Repository.Files("grafana/dashboards", "*.json"))
            .SelectMany(f => Selector().Matches(Repository.Read(f).Replace("\\\"", "\"", StringComparison.Ordinal))).Where(m => layered.Contains(m.Groups[1].Value)).ToList();
        Assert.True(named.Count > 10);
        Assert.All(named, m => Assert.Matches("layer=~?\"", m.Groups[2].Value));
    }

    [Fact]
    public async Task Prometheus_evaluates_every_rule_and_the_sample_alerts_nobody()
    {
        await sample.Prometheus.WaitForAsync("time() - poolwatch_tip_timestamp_seconds > 7200");
        var expected = Repository.Files("prometheus/rules", "*.yml").SelectMany(f => AlertName().Matches(Repository.Read(f))).Select(m => m.Groups[1].Value);
        var rules = (await EvaluatedRulesAsync()).Where(r => r.GetProperty("type").GetString() == "alerting").ToList();
        Assert.Equal(expected.Order(StringComparer.Ordinal), rules.Select(r => r.GetProperty("name").GetString()).Order(StringComparer.Ordinal));
        Assert.All(rules, r => Assert.Equal(("ok", "inactive"), (r.GetProperty("health").GetString(), r.GetProperty("state").GetString())));
    }

    [Fact]
    public async Task The_bucket_that_a_deep_reorg_is_measured_by_exists_under_its_written_bound()
    {
        var rule = Repository.Read("prometheus/rules/operations.yml");
        var selector = BucketSelector().Match(rule).Value;
        Assert.NotEmpty(selector);
        Assert.Single(await sample.Prometheus.QueryAsync(selector));
    }

    /// <summary>Prometheus evaluates a group some time after it has started.</summary>
    private async Task<IReadOnlyList<JsonElement>> EvaluatedRulesAsync()
    {
        while (true)
        {
            var rules = await sample.Prometheus.RulesAsync();
            if (rules.All(r => r.GetProperty("health").GetString() != "unknown"))
            {
                return rules;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Some have no series on the sample chain, only their type.</summary>
    [GeneratedRegex("(?<=^(# TYPE )?)poolwatch_\\w+", RegexOptions.Multiline)]
    private static partial Regex SeriesName();

    [GeneratedRegex("^(poolwatch_\\w+)\\{layer=", RegexOptions.Multiline)]
    private static partial Regex LayeredName();

    [GeneratedRegex("\\b(poolwatch_\\w+)(\\{[^}]*\\})?")]
    private static partial Regex Selector();

    [GeneratedRegex("\\bpoolwatch_\\w+")]
    private static partial Regex MetricName();

    [GeneratedRegex("- alert: (\\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex("poolwatch_reorg_depth_blocks_bucket\\{[^}]+\\}")]
    private static partial Regex BucketSelector();
}
