using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>The dashboards against the types that Grafana publishes of its files, by the compiler that those are written for.</summary>
public sealed class DashboardSchemaTests
{
    private static readonly string[] Files = [.. Dashboard.All.Select(d => Repository.PathOf(d.File))];

    [Fact]
    public async Task Every_dashboard_is_what_Grafana_publishes_of_its_files() => Assert.Equal((0, ""), await CheckAsync(Files));

    [Theory]
    [InlineData("\"textMode\": \"auto\"", "\"textMode\": \"loud\"", "textMode")]
    [InlineData("\"unit\": \"percentunit\"", "\"units\": \"percentunit\"", "units")]
    [InlineData("\"timezone\": \"utc\"", "\"timezone\": 0", "timezone")]
    public async Task A_field_that_Grafana_does_not_know_is_found(string text, string wrong, string named)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "concentration.json");
        var dashboard = await File.ReadAllTextAsync(Files.Single(f => f.EndsWith("/concentration.json", StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, dashboard.Replace(text, wrong, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        var (code, output) = await CheckAsync(file);

        Assert.Equal(1, code);
        Assert.Contains(named, output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> CheckAsync(params IEnumerable<string> files)
    {
        var packages = Environment.GetEnvironmentVariable("GRAFANA_SCHEMA");
        Assert.True(Directory.Exists(packages), "GRAFANA_SCHEMA must name the folder of the packages in tests/grafana-schema; ./build test sets it.");
        await using var process = await ChildProcess.StartAsync("node", [Repository.PathOf("tests/grafana-schema/check.mjs"), packages, .. files]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, process.Output);
    }
}
