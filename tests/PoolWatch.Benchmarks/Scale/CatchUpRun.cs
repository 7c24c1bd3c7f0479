using System.Diagnostics;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>What one catch-up of the service took, from the start of its process on an empty folder to the node's tip, private PostgreSQL included.</summary>
/// <param name="NodeCpu">CPU time for each block, in microseconds; so the next two.</param>
/// <param name="PeakMemory">Of the service, in MB.</param>
internal sealed record CatchUpRun(double BlocksPerSecond, double NodeCpu, double ServiceCpu, double DatabaseCpu, double Memory, double PeakMemory)
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
}
