using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>The real Alertmanager with the flags of docker-compose.yml and the files of alertmanager/; only addresses, paths and waiting times differ.</summary>
public sealed class AlertmanagerTests
{
    private static readonly Dictionary<string, string> Variables = new() { ["ALERTMANAGER_CONFIG"] = "webhook.example.yml" };

    [Fact]
    public async Task An_alert_goes_through_to_the_webhook_and_what_follows_from_it_is_kept_back()
    {
        var received = Channel.CreateUnbounded<JsonElement>();
        await using var receiver = new LoopbackServer(async context =>
            received.Writer.TryWrite(await JsonSerializer.DeserializeAsync<JsonElement>(context.Request.Body, cancellationToken: context.RequestAborted)));
        receiver.Start();
        using var folder = new TemporaryDirectory();
        var (process, address) = await StartAsync(folder.Path, receiver.Url);
        await using var alertmanager = process;
        using var http = new HttpClient { BaseAddress = address };
        await WaitUntilReadyAsync(http, process);

        await PostAsync(http, "PoolWatchShareAboveHalf", "critical", "foundryusa");
        var first = await NextAsync(received.Reader);
        await PostAsync(http, "PoolWatchShareAboveThird", "warning", "foundryusa");
        await PostAsync(http, "PoolWatchShareAboveThird", "warning", "antpool");
        var second = await NextAsync(received.Reader);

        var alert = Assert.Single(first.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("firing", "PoolWatchShareAboveHalf", "foundryusa"), (alert.GetProperty("status").GetString(), Label(alert, "alertname"), Label(alert, "pool")));
        Assert.Equal("http://localhost:8080/runbooks/PoolWatchShareAboveHalf", alert.GetProperty("annotations").GetProperty("runbook_url").GetString());
        // The pool above half is above a third, too; the other pool is news.
        alert = Assert.Single(second.GetProperty("alerts").EnumerateArray());
        Assert.Equal(("PoolWatchShareAboveThird", "antpool"), (Label(alert, "alertname"), Label(alert, "pool")));
    }

    [Fact]
    public void The_example_differs_from_the_plain_configuration_by_its_receiver_alone()
    {
        var (plain, example) = (Yaml.Load("alertmanager/alertmanager.yml"), Yaml.Load("alertmanager/webhook.example.yml"));
        Assert.Equal(plain.Get("inhibit_rules").ToString(), example.Get("inhibit_rules").ToString());
        Assert.Equal(
            plain.Get("route").Entries().Where(e => e.Key != "receiver").Select(e => (e.Key, e.Value.ToString())),
            example.Get("route").Entries().Where(e => e.Key != "receiver").Select(e => (e.Key, e.Value.ToString())));
        Assert.Equal("nobody", plain.Get("route").Get("receiver").Text());
        Assert.Equal(example.Get("route").Get("receiver").Text(), example.Get("receivers").Items().Single().Get("name").Text());
    }

    [Fact]
    public void The_receiver_of_the_example_is_a_host_that_the_container_knows()
    {
        var services = Yaml.Load("docker-compose.yml").Get("services");
        var known = services.Entries().Select(s => s.Key).Concat(services.Get("alertmanager").Find("extra_hosts").Texts().Select(h => h.Split(':')[0]));
        var hook = Yaml.Load("alertmanager/webhook.example.yml").Get("receivers").Items().Single().Get("webhook_configs").Items().Single();
        Assert.Contains(new Uri(hook.Get("url").Text()).Host, known);
    }

    [Fact]
    public void What_is_kept_back_and_why_are_alerts_of_the_rules()
    {
        var alerts = Repository.Files("prometheus/rules", "*.yml").SelectMany(f => Yaml.Load(f).Get("groups").Items())
            .SelectMany(g => g.Get("rules").Items()).Select(r => r.Find("alert")?.Text()).ToHashSet();
        var named = Yaml.Load("alertmanager/alertmanager.yml").Get("inhibit_rules").Items()
            .SelectMany(r => r.Get("source_matchers").Texts().Concat(r.Get("target_matchers").Texts())).SelectMany(m => m.Split('"')[1].Split('|')).ToList();
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, alerts));
    }

    private static async Task<(ChildProcess Process, Uri Address)> StartAsync(string folder, Uri receiver)
    {
        var service = new ComposeService("alertmanager", Variables);
        var config = Repository.Read("alertmanager/webhook.example.yml")
            .Replace("http://host.docker.internal:9095/", receiver.ToString(), StringComparison.Ordinal)
            .Replace("group_wait: 30s", "group_wait: 300ms", StringComparison.Ordinal);
        Assert.Contains(receiver.ToString(), config, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder, "webhook.example.yml"), config, TestContext.Current.CancellationToken);
        var address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Ports.Free(1)[0]}");
        string[] command =
        [
            .. service.Command.Select(f => f.Replace("=/etc/alertmanager", $"={folder}", StringComparison.Ordinal).Replace("=/alertmanager", $"={folder}/data", StringComparison.Ordinal)),
            $"--web.listen-address={address}", "--cluster.listen-address=",
        ];
        Assert.Contains($"--config.file={folder}/webhook.example.yml", command);
        return (await ChildProcess.StartAsync(Promtool.Program("ALERTMANAGER"), command), new Uri($"http://{address}"));
    }

    private static async Task WaitUntilReadyAsync(HttpClient http, ChildProcess process)
    {
        var path = new Uri(new ComposeService("alertmanager", Variables).HealthCheck[^1]).PathAndQuery;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(process.HasExited || limit.IsCancellationRequested, process.Output);
            try
            {
                if ((await http.GetAsync(path, TestContext.Current.CancellationToken)).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task PostAsync(HttpClient http, string alert, string severity, string pool)
    {
        using var answer = await http.PostAsJsonAsync(
            "/api/v2/alerts",
            new[]
            {
                new
                {
                    labels = new { alertname = alert, severity, job = "poolwatch", instance = "poolwatch:8080", layer = "pool", pool, window = "2016" },
                    annotations = new { summary = $"{pool} has much", runbook_url = $"http://localhost:8080/runbooks/{alert}" },
                },
            },
            TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<JsonElement> NextAsync(ChannelReader<JsonElement> received)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return await received.ReadAsync(limit.Token);
    }

    private static string? Label(JsonElement alert, string name) => alert.GetProperty("labels").GetProperty(name).GetString();
}
