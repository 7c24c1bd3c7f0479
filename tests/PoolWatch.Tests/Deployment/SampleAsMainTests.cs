using System.Globalization;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>
/// The rules over the sample chain as if it were the main network's: Prometheus renames the two labels that keep a sample silent while it scrapes the real service.
/// </summary>
public sealed class SampleAsMainTests(TestPostgres postgres)
{
    private const string Renamed = """

            metric_relabel_configs:
              - {source_labels: [sample], regex: "1", target_label: sample, replacement: "0"}
              - {source_labels: [network], regex: sample, target_label: network, replacement: main}

        """;

    /// <summary>Without the time of its tip, nobody can tell that the chain is of long ago.</summary>
    private const string Timeless = Renamed + """
              - {source_labels: [__name__], regex: poolwatch_tip_timestamp_seconds, action: drop}

        """;

    private const string Alliance = """
        {"format": "poolwatch-layers/1", "extends": "bundled", "layers": [{"name": "alliance", "about": "three who act as one", "entities": [{"slug": "three", "name": "Three", "members": [
          {"pool": "foundryusa", "confidence": "high", "source": "test"},
          {"pool": "antpool", "confidence": "high", "source": "test"},
          {"pool": "f2pool", "confidence": "high", "source": "test"}]}]}]}
        """;

    [Fact]
    public async Task Of_a_chain_that_ended_long_ago_the_alerts_speak_of_that_and_of_nothing_else()
    {
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample");
        await service.WaitForSampleAsync();
        await using var prometheus = await PrometheusServer.StartAsync(service.Http.BaseAddress!.Authority, Renamed);
        await prometheus.WaitForAsync("count_over_time(poolwatch_chain_info{network=\"main\",sample=\"0\"}[1m]) > 3");
        await prometheus.WaitForAsync("ALERTS{alertname=\"PoolWatchNoNewBlock\"}");

        Assert.Equal(["PoolWatchNoNewBlock pending"], (await ActiveAsync(prometheus)).Select(State));
    }

    [Fact]
    public async Task Of_a_group_with_more_than_half_of_a_chain_that_goes_on_the_alerts_fire()
    {
        using var directory = new TemporaryDirectory();
        var layers = Path.Combine(directory.Path, "layers.json");
        await File.WriteAllTextAsync(layers, Alliance, TestContext.Current.CancellationToken);
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample", $"PoolWatch:Layers={layers}");
        await service.WaitForSampleAsync();
        await using var prometheus = await PrometheusServer.StartAsync(service.Http.BaseAddress!.Authority, Timeless);
        await prometheus.WaitForAsync("count_over_time(poolwatch_chain_info{network=\"main\",sample=\"0\"}[1m]) > 3");
        await prometheus.WaitForAsync("ALERTS{alertname=\"PoolWatchGroupAboveHalf\"}");

        var active = await ActiveAsync(prometheus);
        Assert.Equal(
            ["PoolWatchGroupAboveThird firing", "PoolWatchGroupAboveForty firing", "PoolWatchGroupAboveHalf firing", "PoolWatchDoubleSpendRisk firing"],
            active.Select(State));
        var share = (await service.GetAsync("/v1/shares?window=2016&layer=alliance")).GetProperty("pools")[0];
        Assert.Equal("three", share.GetProperty("slug").GetString());
        foreach (var rule in active.Take(3))
        {
            var group = Assert.Single(rule.GetProperty("alerts").EnumerateArray());
            Assert.Equal(("alliance", "three"), (LabelOf(group, "layer"), LabelOf(group, "pool")));
            Assert.Equal(share.GetProperty("share").GetDouble(), double.Parse(group.GetProperty("value").GetString()!, CultureInfo.InvariantCulture), 1e-9);
        }

        Assert.Equal(
            "three (alliance) has more than half of the hash rate, beyond chance",
            active[2].GetProperty("alerts")[0].GetProperty("annotations").GetProperty("summary").GetString());
    }

    private static string State(JsonElement rule) => $"{rule.GetProperty("name").GetString()} {rule.GetProperty("state").GetString()}";

    private static async Task<List<JsonElement>> ActiveAsync(PrometheusServer prometheus)
    {
        var rules = await prometheus.RulesAsync();
        Assert.All(rules, r => Assert.Equal("ok", r.GetProperty("health").GetString()));
        return [.. rules.Where(r => r.GetProperty("type").GetString() == "alerting" && r.GetProperty("state").GetString() != "inactive")];
    }

    private static string? LabelOf(JsonElement alert, string name) => alert.GetProperty("labels").GetProperty(name).GetString();
}
