using System.Diagnostics;
using System.Net;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>What a service costs that has caught up: restart, scrapes, following block by block.</summary>
internal static class ServingRun
{
    private const int Restarts = 7;
    private const int Scrapes = 200;
    private const int FollowedBlocks = 30;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task MeasureAsync(Report report, BitcoinNode node)
    {
        using var folder = new OpenDirectory();
        await CatchUpRun.MeasureAsync(node, "auto", folder.Path);
        report.Table("a service with this chain", "median", "slowest");
        var restarts = await RestartAsync(node, folder.Path);
        report.Row("start of the process to the first 200 of /health/ready, ms", Median(restarts), restarts.Max());

        await using var service = await CatchUpRun.StartAsync(node, "auto", folder.Path);
        await service.WaitForTipAsync(await node.CallAsync<string>("getbestblockhash"));
        using var http = new HttpClient { BaseAddress = service.Url };
        var (scrapes, length) = await ScrapeAsync(http);
        report.Row("scrape of the whole page, ms", Median(scrapes), scrapes.Max());
        report.Row("its length, KB", length / 1024.0, "");
        var (idle, followed) = await FollowAsync(node, service);
        report.Row("CPU of service and PostgreSQL while nothing happens, ms a second", idle, "");
        report.Row("CPU of both for one followed block beyond that, ms", followed, "");

        await node.StopAsync();
        await PostgresProcesses.FreezeAsync(folder.Path);
        (scrapes, _) = await ScrapeAsync(http);
        report.Row("scrape with the node ended and PostgreSQL stopped by SIGSTOP, ms", Median(scrapes), scrapes.Max());
        await PostgresProcesses.ThawAsync(folder.Path);

        await service.TerminateAsync();
    }

    private static async Task<List<double>> RestartAsync(BitcoinNode node, string folder)
    {
        var times = new List<double>();
        for (var i = 0; i < Restarts; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var service = await CatchUpRun.StartAsync(node, "auto", folder);
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

    private static async Task<(double IdlePerSecond, double PerBlock)> FollowAsync(BitcoinNode node, ServiceProcess service)
    {
        var cpu = Cpu(service);
        await Task.Delay(Idle);
        var idle = (Cpu(service) - cpu) / Idle.TotalSeconds;

        var tip = await TagMiner.BlockAtAsync(node, await node.CallAsync<int>("getblockcount"));
        var time = DateTimeOffset.FromUnixTimeSeconds(BitConverter.ToUInt32(tip.Header, 68));
        cpu = Cpu(service);
        var start = Stopwatch.GetTimestamp();
        for (var i = 1; i <= FollowedBlocks; i++)
        {
            var plan = LabelledPlans.ByTag("foundryusa", (uint)time.AddMinutes(10 * i).ToUnixTimeSeconds());
            var mined = await TagMiner.MineAsync(node, [plan]);
            await service.WaitForTipAsync(mined[0].Hash);
        }

        var busy = Cpu(service) - cpu - (idle * Stopwatch.GetElapsedTime(start).TotalSeconds);
        return (idle, busy / FollowedBlocks);
    }

    private static double Cpu(ServiceProcess service) => (ProcessUse.CpuTime(service.Id) + ProcessUse.CpuTimeOfChildren(service.Id)).TotalMilliseconds;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
