using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using PoolWatch.Storage;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Operations;

/// <summary>The table of docs/operations.md, row by row, against the service in each of its states.</summary>
public sealed class HealthTests(TestPostgres postgres)
{
    [Fact]
    public async Task Live_and_ready_answer_in_each_state_as_documented()
    {
        using var directory = new OpenDirectory();
        await using var server = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        var answered = new SortedDictionary<string, (int Live, int Ready)>(StringComparer.Ordinal);
        await using (var service = await RunningService.StartAsync(server.ConnectionString, "PoolWatch:Source=sample"))
        {
            await service.WaitAsync(s => s.GetProperty("problem").GetString() == "database_unavailable");
            answered["database away since the start"] = await AskAsync(service);
            await server.EnsureRunningAsync(TestContext.Current.CancellationToken);
            await service.WaitForSampleAsync();
            answered["serving"] = await AskAsync(service);
            await using (var reader = await RunningService.StartAsync(server.ConnectionString, "PoolWatch:Source=sample", "PoolWatch:Ingest=false"))
            {
                await reader.WaitForSampleAsync();
                answered["reader, blocks stored"] = await AskAsync(reader);
            }

            await server.DisposeAsync();
            await service.WaitAsync(s => !s.GetProperty("databaseUp").GetBoolean());
            answered["database away after serving"] = await AskAsync(service);
        }

        await AskAboutNodeAsync(answered);
        Assert.Equal(Documented(), answered);
    }

    private async Task AskAboutNodeAsync(SortedDictionary<string, (int Live, int Ready)> answered)
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(3), 1));
        string[] settings = [.. RunningService.ReadingNode(node)];
        await using (var reader = await RunningService.StartAsync(database, [.. settings, "PoolWatch:Ingest=false"]))
        {
            await reader.WaitAsync(s => s.GetProperty("databaseUp").GetBoolean());
            answered["reader, nothing stored"] = await AskAsync(reader);
        }

        await using (var stalled = await WireServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted)))
        await using (var starting = await RunningService.StartAsync(
            await postgres.CreateDatabaseAsync(), RunningService.ReadingNode(stalled.Url, node.CookieFile, "rpc")))
        {
            await starting.WaitAsync(s => s.GetProperty("databaseUp").GetBoolean() && s.GetProperty("state").GetString() == "starting");
            answered["starting"] = await AskAsync(starting);
        }

        await using (var service = await RunningService.StartAsync(database, settings))
        {
            await service.WaitForTipAsync(mined[^1].Hash);
            await node.StopAsync();
            await service.WaitAsync(s => s.GetProperty("problem").GetString() == "node_unreachable");
            answered["node away, blocks stored"] = await AskAsync(service);
        }

        await using var without = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), settings);
        await without.WaitAsync(s => s.GetProperty("problem").GetString() == "node_unreachable");
        answered["node away, nothing stored"] = await AskAsync(without);
    }

    private static async Task<(int Live, int Ready)> AskAsync(RunningService service) => (await StatusOfAsync(service, "/health/live"), await StatusOfAsync(service, "/health/ready"));

    private static async Task<int> StatusOfAsync(RunningService service, string path)
    {
        using var answer = await service.Http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(answer.StatusCode == HttpStatusCode.ServiceUnavailable, text.Contains("/v1/status says why", StringComparison.Ordinal));
        return (int)answer.StatusCode;
    }

    private static SortedDictionary<string, (int Live, int Ready)> Documented()
    {
        var section = Repository.Read("docs/operations.md").Split("\n## ").Single(s => s.StartsWith("Health\n", StringComparison.Ordinal));
        var rows = Repository.Rows(section).Where(r => r.Length == 3).ToDictionary(r => r[0].Split('`')[1], r => (int.Parse(r[1]), int.Parse(r[2])));
        return new SortedDictionary<string, (int Live, int Ready)>(rows, StringComparer.Ordinal);
    }
}
