using Npgsql;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Operations;

/// <summary>Whatever fails, no password and no cookie is written into the log, the metrics, the status or an error.</summary>
public sealed class SecretTests(TestPostgres postgres)
{
    private const string Secret = "hunter2-Geheimnis";
    private static readonly string Base64 = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"__cookie__:{Secret}"))[..20];
    private static readonly string[] Pages = ["/v1/status", "/metrics", "/health/ready", "/v1/blocks", "/v1/shares", "/no/such/page"];

    [Fact]
    public async Task Nothing_that_goes_wrong_with_a_node_shows_the_password()
    {
        var dead = new Uri($"http://127.0.0.1:{Ports.Free(1)[0]}");
        await using var refusing = await WireServer.StartAsync(401, Secret);
        await using var warming = await WireServer.StartWithErrorAsync(-28, "Loading");
        await using var babbling = await WireServer.StartAsync(200, "<html>");
        await using var node = await BitcoinNode.StartAsync();
        (Uri Url, string Problem)[] situations =
        [
            (dead, "node_unreachable"), (refusing.Url, "node_unauthorized"), (warming.Url, "node_warming_up"), (babbling.Url, "node_bad_answer"),
            (node.Url, "node_unauthorized"),
        ];
        var database = await postgres.CreateDatabaseAsync();
        await Parallel.ForAsync(0, situations.Length, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
            await AssertSilentAsync(
                situations[i].Problem,
                $"ConnectionStrings:PoolWatch={database}", $"PoolWatch:Schema=s{i}", "PoolWatch:Network=regtest", "PoolWatch:Source=rpc",
                $"PoolWatch:Node:Url={situations[i].Url}", "PoolWatch:Node:User=__cookie__", $"PoolWatch:Node:Password={Secret}"));
    }

    [Fact]
    public async Task Nothing_that_goes_wrong_with_a_cookie_or_a_database_shows_it()
    {
        using var directory = new TemporaryDirectory();
        var cookie = Path.Combine(directory.Path, ".cookie");
        await File.WriteAllTextAsync(cookie, $"__cookie__:{Secret}", TestContext.Current.CancellationToken);
        await using var refusing = await WireServer.StartAsync(403, "no");
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Password = Secret };
        await AssertSilentAsync("node_unauthorized",
            $"ConnectionStrings:PoolWatch={database.ConnectionString}", "PoolWatch:Network=regtest", "PoolWatch:Source=rpc", $"PoolWatch:Node:Url={refusing.Url}", $"PoolWatch:Node:CookieFile={cookie}");
        database.Username = "nobody-of-that-name";
        await AssertSilentAsync("database_unavailable", $"ConnectionStrings:PoolWatch={database.ConnectionString}", "PoolWatch:Source=sample");
        var away = $"Host=127.0.0.1;Port={Ports.Free(1)[0]};Username=poolwatch;Password={Secret};Database=poolwatch";
        await AssertSilentAsync("database_unavailable", $"ConnectionStrings:PoolWatch={away}", "PoolWatch:Source=sample");
    }

    [Theory]
    [InlineData($"ConnectionStrings:PoolWatch=Host=db;Pasword={Secret}")]
    [InlineData($"ConnectionStrings:PoolWatch=Host=db;Port=99999;Password={Secret}")]
    [InlineData($"ConnectionStrings:PoolWatch={Secret}")]
    [InlineData($"PoolWatch:Node:Url=http://poolwatch:{Secret}@127.0.0.1:8332")]
    [InlineData($"PoolWatch:Listen=http://poolwatch:{Secret}@127.0.0.1:8080")]
    [InlineData($"PoolWatch:Node:Password={Secret}")]
    public void A_setting_that_is_refused_is_not_repeated(string setting)
    {
        var (app, errors) = PoolWatch.Commands.ServeCommand.Build([$"--{setting}"], withConsole: false);
        Assert.Null(app);
        Assert.NotEmpty(errors);
        Assert.All(errors, e => Assert.DoesNotContain(Secret, e, StringComparison.Ordinal));
    }

    private static async Task AssertSilentAsync(string problem, params string[] settings)
    {
        // Everything that the service and its libraries could ever write.
        await using var service = await ServiceProcess.StartAsync([.. settings, "Logging:LogLevel:Default=Trace", "Logging:LogLevel:PoolWatch=Trace", "Logging:LogLevel:Quartz=Trace"]);
        await service.WaitAsync(s => s.GetProperty("problem").GetString() == problem);
        using var http = new HttpClient { BaseAddress = service.Url };
        foreach (var page in Pages)
        {
            using var answer = await http.GetAsync(page, TestContext.Current.CancellationToken);
            AssertSilent(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        await service.TerminateAsync();
        Assert.Contains(problem, service.Output, StringComparison.Ordinal);
        AssertSilent(service.Output);
    }

    private static void AssertSilent(string text)
    {
        Assert.DoesNotContain(Secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Base64, text, StringComparison.Ordinal);
    }
}
