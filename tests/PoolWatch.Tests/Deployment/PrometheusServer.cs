using System.Globalization;
using System.Net;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>
/// The real Prometheus with the flags of docker-compose.yml and the files of prometheus/, scraping one address: only paths, addresses and the
/// scrape interval differ.
/// </summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory;
    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private PrometheusServer(TemporaryDirectory directory, ChildProcess process, HttpClient http)
    {
        _directory = directory;
        _process = process;
        _http = http;
    }

    /// <param name="target">The address to scrape.</param>
    /// <param name="relabel">Further lines of the scrape's configuration.</param>
    /// <param name="prepareData">Fills the data folder before the start.</param>
    public static async Task<PrometheusServer> StartAsync(string target, string relabel = "", Func<string, Task>? prepareData = null)
    {
        var directory = new TemporaryDirectory();
        var ports = Ports.Free(2);
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[0]}");
        var config = Repository.Read("prometheus/prometheus.yml")
            .Replace("poolwatch:8080", target, StringComparison.Ordinal)
            .Replace("alertmanager:9093", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[1]}"), StringComparison.Ordinal)
            .Replace(": 15s", ": 1s", StringComparison.Ordinal) + relabel;
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "prometheus.yml"), config, TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(directory.Path, "rules"));
        foreach (var rules in Repository.Files("prometheus/rules", "*.yml"))
        {
            File.Copy(Repository.PathOf(rules), Path.Combine(directory.Path, "rules", Path.GetFileName(rules)));
        }

        if (prepareData is not null)
        {
            await prepareData($"{directory.Path}/data");
        }

        var flags = Yaml.Load("docker-compose.yml").Get("services").Get("prometheus").Get("command").Texts()
            .Select(f => f.Replace("/etc/prometheus", directory.Path, StringComparison.Ordinal).Replace("=/prometheus", $"={directory.Path}/data", StringComparison.Ordinal));
        var process = await ChildProcess.StartAsync(Promtool.Program("PROMETHEUS"), [.. flags, $"--web.listen-address={address}"]);
        return new PrometheusServer(directory, process, new HttpClient { BaseAddress = new Uri($"http://{address}") });
    }

    /// <summary>The result of a query at a moment, now by default; empty where nothing matches.</summary>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression, DateTimeOffset? at = null)
    {
        var time = at is { } moment ? string.Create(CultureInfo.InvariantCulture, $"&time={moment.ToUnixTimeSeconds()}") : "";
        var (status, answer) = await GetAsync($"/api/v1/query?query={Uri.EscapeDataString(expression)}{time}");
        Assert.True(status == HttpStatusCode.OK, $"{expression}: {answer}");
        return [.. answer.GetProperty("data").GetProperty("result").EnumerateArray()];
    }

    /// <summary>Every rule as Prometheus evaluates it.</summary>
    public async Task<IReadOnlyList<JsonElement>> RulesAsync()
    {
        var (_, answer) = await GetAsync("/api/v1/rules");
        return [.. answer.GetProperty("data").GetProperty("groups").EnumerateArray().SelectMany(g => g.GetProperty("rules").EnumerateArray())];
    }

    /// <summary>Waits until a query has a result.</summary>
    public async Task WaitForAsync(string expression)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await HasResultAsync(expression))
        {
            Assert.False(_process.HasExited || limit.IsCancellationRequested, $"Prometheus has no {expression}: {_process.Output}");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private async Task<bool> HasResultAsync(string expression)
    {
        try
        {
            return (await QueryAsync(expression)).Count > 0;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return false;
        }
        catch (JsonException)
        {
            // It listens, but says in plain text that it still starts.
            return false;
        }
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> GetAsync(string path)
    {
        using var response = await _http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(text));
    }
}
