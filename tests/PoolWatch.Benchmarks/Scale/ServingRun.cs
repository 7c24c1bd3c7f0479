using System.Diagnostics;
using System.Net;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>What a service costs that has caught up: restart, scrapes, following block by block.</summary>
internal static class ServingRun
{
    private const int Restarts = 7;
    private const int Scrapes = 200;
    private static readonly TimeSpan Followed = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(Report report, BitcoinNode node, string? installed)
    {
        using var folder = new OpenDirectory();
        await CatchUpRun.MeasureAsync(node, "auto", folder.Path, installed);
        report.Table("a service with this chain", "median", "slowest");
        var restarts = await RestartAsync(node, folder.Path, installed);
        report.Row("start of the process to the first 200 of /health/ready, ms", Median(restarts), restarts.Max());

        await using var service = await CatchUpRun.StartAsync(node, "auto", folder.Path, installed);
        await service.WaitForTipAsync(await node.CallAsync<string>("getbestblockhash"));
        using var http = new HttpClient { BaseAddress = service.Url };
        var (scrapes, length) = await ScrapeAsync(http);
        report.Row("scrape of the whole page, ms", Median(scrapes), scrapes.Max());
        report.Row("its length, KB", length / 1024.0, "");
        // What follows is then compiled as it will be for good.
        await FollowAsync(node, service);
        var (idle, following) = (await IdleAsync(service), await FollowAsync(node, service));
        report.Row("CPU of service and PostgreSQL while nothing happens, ms a second", idle, "");
        report.Row("the same with a new block every second", following, "");
        report.Row("CPU of both for one followed block", following - idle, "");

        await node.StopAsync();
        await PostgresProcesses.FreezeAsync(folder.Path);
        (scrapes, _) = await ScrapeAsync(http);
        report.Row("scrape with the node ended and PostgreSQL stopped by SIGSTOP, ms", Median(scrapes), scrapes.Max());
        await PostgresProcesses.ThawAsync(folder.Path);

        await service.TerminateAsync();
    }

    private static async Task<List<double>> RestartAsync(BitcoinNode node, string folder, string? installed)
    {
        var times = new List<double>();
        for (var i = 0; i < Restarts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var service = await CatchUpRun.StartAsync(node, "auto", folder, installed);
            using var http = new HttpClient { BaseAddress = service.Url };
            while (!await IsReadyAsync(http))
            {
                await Task.Delay(5);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await service.TerminateAsync();
        }

        return times;
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<(List<double> Times, int Length)> ScrapeAsync(HttpClient http)
    {
        var (times, length) = (new List<double>(), 0);
        for (var i = 0; i < Scrapes; i++)
        {
            var start = Stopwatch.GetTimestamp();
            length = (await http.GetByteArrayAsync("/metrics")).Length;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return (times, length);
    }

    /// <returns>CPU in milliseconds a second.</returns>
    private static async Task<double> IdleAsync(ServiceProcess service)
    {
        var (start, cpu) = (Stopwatch.GetTimestamp(), Cpu(service));
        await Task.Delay(Followed);
        return (Cpu(service) - cpu) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A block a second, as often as the node is asked; nobody else asks the service for anything.</summary>
    /// <returns>CPU in milliseconds for each block.</returns>
    private static async Task<double> FollowAsync(BitcoinNode node, ServiceProcess service)
    {
        var tip = await TagMiner.BlockAtAsync(node, await node.CallAsync<int>("getblockcount"));
        var time = DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToUInt32(tip.Header, 68));
        var (start, cpu, blocks) = (Stopwatch.GetTimestamp(), Cpu(service), 0);
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (; Stopwatch.GetElapsedTime(start) < Followed; blocks++)
        {
            await TagMiner.MineAsync(node, [LabelledPlans.ByTag("foundryusa", (uint)time.AddMinutes(10 * (blocks + 1)).ToUnixTimeSeconds())]);
            await second.WaitForNextTickAsync();
        }

        await service.WaitForTipAsync(await node.CallAsync<string>("getbestblockhash"));
        return (Cpu(service) - cpu) / blocks;
    }

    private static double Cpu(ServiceProcess service) => (ProcessUse.CpuTime(service.Id) + ProcessUse.CpuTimeOfChildren(service.Id)).TotalMilliseconds;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
