using System.Globalization;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Deployment;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.History;

/// <summary>Years of history in a fresh Prometheus, by the commands of docs/exports.md, in front of what it scrapes.</summary>
public sealed partial class PrometheusHistoryTests(TestPostgres postgres)
{
    private const string Metrics = "poolwatch_chain_info,poolwatch_chain_height,poolwatch_pool_share_ratio,poolwatch_unknown_share_ratio,poolwatch_hhi_ratio,poolwatch_nakamoto_upper_entities";
    private const string Gauge = "poolwatch_hhi_ratio{layer=\"template\",unknown=\"separate\",window=\"2016\"}";

    [Fact]
    public async Task History_is_there_on_the_first_day_and_goes_on_in_the_scraped_series()
    {
        var database = await postgres.CreateDatabaseAsync();
        // Three and a half years, a block in thirty-five minutes, the last three hours ago.
        var last = (uint)TimeProvider.System.GetUtcNow().AddHours(-3).ToUnixTimeSeconds();
        await GeneratedChain.StoreAsync(database, 54_000, last, 2_100);
        await using var service = await RunningService.StartAsync(database, GeneratedChain.Reading);
        await service.WaitAsync(s => s.TryGetProperty("chain", out var chain) && chain.ValueKind != System.Text.Json.JsonValueKind.Null);
        var target = service.Http.BaseAddress!.Authority;
        using var directory = new TemporaryDirectory();
        var from = DateTimeOffset.FromUnixTimeSeconds(last).UtcDateTime.Date.AddYears(-3);
        await using var prometheus = await PrometheusServer.StartAsync(target, prepareData: data => LoadAsync(database, target, directory.Path, data, from));
        await prometheus.WaitForAsync("count_over_time(poolwatch_chain_info{source!=\"export\"}[1m]) > 1");

        // Between two samples of a day an instant query finds nothing; history panels look back further.
        var noon = new DateTimeOffset(from.AddYears(1).AddHours(12), TimeSpan.Zero);
        Assert.Empty(await prometheus.QueryAsync(Gauge, noon));
        var midnight = new DateTimeOffset(from.AddYears(1), TimeSpan.Zero);
        await AssertAsServedAsync(prometheus, service, midnight, await prometheus.QueryAsync($"last_over_time({Gauge}[2d])", noon));
        await AssertAsServedAsync(prometheus, service, midnight, await prometheus.QueryAsync(Gauge, midnight));

        // The first day is kept, and one series reaches from it to the scrapes of now.
        var first = new DateTimeOffset(from, TimeSpan.Zero);
        Assert.Single(await prometheus.QueryAsync(Gauge, first));
        var counted = Assert.Single(await prometheus.QueryAsync($"count_over_time({Gauge}[4y])"));
        Assert.True(Number(counted) > (3 * 365) + 1);
        Assert.Equal(target, counted.GetProperty("metric").GetProperty("instance").GetString());
        var shares = await prometheus.QueryAsync("sum(last_over_time(poolwatch_pool_share_ratio{layer=\"pool\",window=\"4320\"}[2d])) + sum(last_over_time(poolwatch_unknown_share_ratio{window=\"4320\"}[2d]))", noon);
        Assert.Equal(1, Number(Assert.Single(shares)), 1e-9);
        var change = Assert.Single(await prometheus.QueryAsync($"{Gauge} - last_over_time({Gauge}[2d] offset 2y)"));
        Assert.NotEqual(0, Number(change));
    }

    /// <summary>The commands of the documentation, with the paths of this test.</summary>
    private static async Task LoadAsync(string database, string target, string folder, string data, DateTime from)
    {
        var file = Path.Combine(folder, "history.om");
        var (code, _, errors) = await CommandLine.RunAsync(
            "export", "openmetrics", string.Create(CultureInfo.InvariantCulture, $"--from={from:yyyy-MM-dd}"), "--step=1d", "--layer=pool,template", $"--metric={Metrics}", $"--output={file}",
            $"--ConnectionStrings:PoolWatch={database}", "--PoolWatch:Network=regtest");
        Assert.True(code == 0, errors);
        Assert.Equal("", errors);
        var documented = PromtoolCommand().Match(Repository.Read("docs/exports.md")).Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal);
        var arguments = documented.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(a => a == "instance=poolwatch:8080" ? $"instance={target}" : a == "history.om" ? file : a == "data/" ? data : a).ToList();
        Assert.Contains(file, arguments);
        Assert.Contains(data, arguments);
        var (loaded, output) = await Promtool.RunAsync(arguments);
        Assert.True(loaded == 0, output);
        // Of the default's two hours there would be one block for each day.
        Assert.InRange(Directory.GetDirectories(data).Length, 1, 40);
    }

    private static async Task AssertAsServedAsync(PrometheusServer prometheus, RunningService service, DateTimeOffset moment, IReadOnlyList<System.Text.Json.JsonElement> result)
    {
        var height = (int)Number(Assert.Single(await prometheus.QueryAsync("poolwatch_chain_height", moment)));
        var served = await service.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/concentration?layer=template&from={height - 2015}&to={height}"));
        Assert.Equal(served.GetProperty("hhi").GetProperty("separate").GetDouble(), Number(Assert.Single(result)), 1e-12);
        var block = await service.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1/blocks/{height}"));
        // A median time past lies five blocks behind.
        Assert.InRange((moment - DateTimeOffset.Parse(block.GetProperty("time").GetString()!, CultureInfo.InvariantCulture)).TotalHours, -3, -2);
    }

    private static double Number(System.Text.Json.JsonElement result) => double.Parse(result.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);

    [GeneratedRegex("^promtool (tsdb create-blocks-from (?:.*\\\\\\n)*.*)$", RegexOptions.Multiline)]
    private static partial Regex PromtoolCommand();
}
