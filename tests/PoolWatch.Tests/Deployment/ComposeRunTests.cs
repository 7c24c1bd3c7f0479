using System.Net;
using System.Text.Json;
using Npgsql;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>What docker-compose.yml says about Prometheus, PostgreSQL and PoolWatch, run natively: the same flags, files and variables, other addresses.</summary>
public sealed class ComposeRunTests
{
    private static readonly Dictionary<string, string> Variables = new()
    {
        ["POSTGRES_PASSWORD"] = "letters4AndDigits2only",
        ["GRAFANA_DATABASE_PASSWORD"] = "reads0nly",
        ["PoolWatch__Network"] = "",
    };

    [Fact]
    public async Task Prometheus_runs_by_its_command_on_the_mounted_files()
    {
        using var volumes = new TemporaryDirectory();
        var service = new ComposeService("prometheus", Variables);
        var address = $"127.0.0.1:{Ports.Free(1)[0]}";
        string[] command = [.. service.Command.Select(f => service.OnThisMachine(f, volumes.Path))];
        Assert.All(command, flag => Assert.DoesNotContain("=/etc/", flag, StringComparison.Ordinal));
        await using var prometheus = await ChildProcess.StartAsync(Promtool.Program("PROMETHEUS"), [.. command, $"--web.listen-address={address}"]);

        using var http = new HttpClient { BaseAddress = new Uri($"http://{address}") };
        var check = new Uri(service.HealthCheck[^1]);
        Assert.Equal(("wget", "127.0.0.1", 9090), (service.HealthCheck[0], check.Host, check.Port));
        await WaitForOkAsync(http, check.PathAndQuery, prometheus);

        Assert.Equal("20y", (await GetAsync(http, "/api/v1/status/flags")).GetProperty("storage.tsdb.retention.time").GetString());
        Assert.Equal(Path.Combine(volumes.Path, "prometheus-data"), (await GetAsync(http, "/api/v1/status/flags")).GetProperty("storage.tsdb.path").GetString());
        Assert.True(Directory.Exists(Path.Combine(volumes.Path, "prometheus-data", "wal")));
        var groups = (await GetAsync(http, "/api/v1/rules")).GetProperty("groups").EnumerateArray().ToList();
        Assert.Equal(
            Repository.Files("prometheus/rules", "*.yml").SelectMany(f => Yaml.Load(f).Get("groups").Items()).Select(g => g.Get("name").Text()).Order(StringComparer.Ordinal),
            groups.Select(g => g.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.Equal("http://poolwatch:8080/metrics", await ScrapedAsync(http));
    }

    /// <summary>The one target, which it finds a moment after it is ready.</summary>
    private static async Task<string?> ScrapedAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            Assert.False(limit.IsCancellationRequested, "Prometheus finds no target.");
            if ((await GetAsync(http, "/api/v1/targets")).GetProperty("activeTargets").EnumerateArray().ToList() is { Count: > 0 } targets)
            {
                return Assert.Single(targets).GetProperty("scrapeUrl").GetString();
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task PoolWatch_runs_by_its_environment_on_a_PostgreSQL_made_by_its()
    {
        var database = new ComposeService("postgres", Variables);
        await using var postgres = await ComposePostgres.StartAsync(database);
        await postgres.WaitUntilHealthyAsync(database.HealthCheck);
        using var home = new TemporaryDirectory();
        var environment = new ComposeService("poolwatch", Variables).Environment.ToDictionary();
        var asWritten = environment["ConnectionStrings__PoolWatch"];
        Assert.StartsWith("Host=postgres;", asWritten, StringComparison.Ordinal);
        Assert.Equal("", environment["PoolWatch__Node__Url"]);
        environment["ConnectionStrings__PoolWatch"] = asWritten.Replace("Host=postgres;", $"Host=127.0.0.1;Port={postgres.Port};", StringComparison.Ordinal);
        // What the Dockerfile sets, and no node of this machine's user.
        environment["XDG_DATA_HOME"] = environment["DOTNET_CLI_HOME"] = environment["HOME"] = home.Path;

        await using var service = await ServiceProcess.StartWithEnvironmentAsync(environment, "PoolWatch__Listen", "0.0.0.0:8080");
        var status = await service.WaitAsync(s => s.GetProperty("state").GetString() == "following" && s.GetProperty("chain").ValueKind == JsonValueKind.Object);

        Assert.Equal(("sample", true), (status.GetProperty("network").GetString(), status.GetProperty("databaseUp").GetBoolean()));
        Assert.Equal(0, await DockerHealthCheck.RunAsync(service.Url.Port, "/health/live"));
        Assert.Empty(Directory.GetFileSystemEntries(home.Path, "postgres", SearchOption.AllDirectories));
        await AssertServerAsync(environment["ConnectionStrings__PoolWatch"], database);
        await AssertGrafanaReadsOnlyAsync(environment["ConnectionStrings__PoolWatch"]);
    }

    private static async Task AssertGrafanaReadsOnlyAsync(string connectionString)
    {
        var source = Yaml.Load("grafana/provisioning/datasources/postgresql.yml").Get("datasources").Items().Single();
        var grafana = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Username = source.Get("user").Text(),
            Password = Variables["GRAFANA_DATABASE_PASSWORD"],
            Pooling = false,
        }.ConnectionString;
        Assert.Equal(["(2016)"], await StoredState.RowsAsync(grafana, "poolwatch_sample", "SELECT count(*) FROM v_block"));
        foreach (var statement in new[] { "DELETE FROM block", "SET transaction_read_only = off; DELETE FROM block", "CREATE TABLE mine (x int)" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => StoredState.ExecuteAsync(grafana, "poolwatch_sample", statement));
            Assert.True(refused.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.InsufficientPrivilege, refused.MessageText);
        }
    }

    private static async Task AssertServerAsync(string connectionString, ComposeService compose)
    {
        Assert.Equal(["(scram-sha-256)"], await StoredState.RowsAsync(connectionString, "public", "SELECT DISTINCT auth_method FROM pg_hba_file_rules WHERE type = 'host'"));
        // Parallel queries and their like take memory from /dev/shm, of which a container has 64 MB unless told otherwise.
        Assert.Equal(["(posix)"], await StoredState.RowsAsync(connectionString, "public", "SELECT current_setting('dynamic_shared_memory_type')"));
        Assert.Equal("256m", compose.Text("shm_size"));
        var wrong = new NpgsqlConnectionStringBuilder(connectionString) { Password = "another", Pooling = false }.ConnectionString;
        var refused = await Assert.ThrowsAsync<PostgresException>(() => StoredState.RowsAsync(wrong, "public", "SELECT 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    private static async Task WaitForOkAsync(HttpClient http, string path, ChildProcess process)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await StatusAsync(http, path) != HttpStatusCode.OK)
        {
            Assert.False(process.HasExited || limit.IsCancellationRequested, process.Output);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient http, string path)
    {
        try
        {
            using var answer = await http.GetAsync(path, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            // It does not listen yet.
            return null;
        }
    }

    private static async Task<JsonElement> GetAsync(HttpClient http, string path) =>
        JsonSerializer.Deserialize<JsonElement>(await http.GetStringAsync(path, TestContext.Current.CancellationToken)).GetProperty("data");
}
