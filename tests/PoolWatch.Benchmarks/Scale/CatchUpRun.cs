using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>What one catch-up of the service took: a process that starts on an empty folder, its private PostgreSQL included.</summary>
/// <param name="BlocksPerSecond">Of the catch-up alone, as the service says: from the first question to the node to the last commit.</param>
/// <param name="SinceStart">The same from the start of the process to the node's tip in <c>/v1/status</c>: the database is made in this time too.</param>
/// <param name="NodeCpu">CPU time for each block, in microseconds; so the next two.</param>
/// <param name="PeakMemory">Of the service, in MB.</param>
internal sealed partial record CatchUpRun(double BlocksPerSecond, double SinceStart, double NodeCpu, double ServiceCpu, double DatabaseCpu, double Memory, double PeakMemory)
{
    /// <param name="node">The node to read.</param>
    /// <param name="source">How to read it.</param>
    /// <param name="folder">Data folder of the service, empty.</param>
    /// <param name="installed">Folder of the published program; null for the one that was built.</param>
    public static async Task<CatchUpRun> MeasureAsync(BitcoinNode node, string source, string folder, string? installed)
    {
        var (blocks, tip) = (await node.CallAsync<int>("getblockcount"), await node.CallAsync<string>("getbestblockhash"));
        var nodeBefore = ProcessUse.CpuTime(node.ProcessId);
        var start = Stopwatch.GetTimestamp();
        await using var service = await StartAsync(node, source, folder, installed);
        await service.WaitForTipAsync(tip, seconds: 1_800);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var (memory, peak) = ProcessUse.Memory(service.Id);
        var run = new CatchUpRun(
            double.Parse(CaughtUp().Match(service.Output).Groups[1].Value, CultureInfo.InvariantCulture),
            blocks / seconds,
            PerBlock(ProcessUse.CpuTime(node.ProcessId) - nodeBefore),
            PerBlock(ProcessUse.CpuTime(service.Id)),
            PerBlock(ProcessUse.CpuTimeOfChildren(service.Id)),
            memory,
            peak);
        await service.TerminateAsync();
        return run;

        double PerBlock(TimeSpan time) => time.TotalMicroseconds / blocks;
    }

    public static Task<ServiceProcess> StartAsync(BitcoinNode node, string source, string folder, string? installed) => ServiceProcess.StartInAsync(
        [], [.. RunningService.ReadingNode(node, source), $"PoolWatch:DataDirectory={folder}"], installed);

    [GeneratedRegex(@"Caught up to height .* s, (\d+) blocks/s")]
    private static partial Regex CaughtUp();
}
