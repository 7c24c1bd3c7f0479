using System.Globalization;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>Blocks as large as today's: what each way of reading moves, and how fast it is.</summary>
internal static class LargeCommand
{
    public static async Task RunAsync(IEnumerable<string> args)
    {
        var options = Options.Parse(args, "blocks", "bytes", "rounds", "report");
        var (count, bytes) = (options.Number("blocks", 300), options.Number("bytes", 1_500_000));
        using var report = new Report(options.Text("report"));
        await using var node = await BitcoinNode.StartAsync();
        await LargeBlocks.MineAsync(node, count, bytes);
        var height = await node.CallAsync<int>("getblockcount");
        report.Line($"{count} blocks of {bytes} bytes behind {height - count} small ones, read by the source alone.");
        report.Table("round", "how", "large blocks/s", "KB moved over loopback for each", "CPU ms of the node for each");
        for (var round = 1; round <= options.Number("rounds", 3); round++)
        {
            await MeasureAsync(report, node, round, "rpc", node.Url, count);
            await MeasureAsync(report, node, round, "rest", node.Url, count);
            await using var proxy = BlockPartProxy.Start(node.Url, keepsBlocks: true);
            await ReadAsync(node, "rest", proxy.Url, count);
            await MeasureAsync(report, node, round, "rest, parts by a proxy that has the blocks in memory", proxy.Url, count);
        }
    }

    private static async Task MeasureAsync(Report report, BitcoinNode node, int round, string how, Uri url, int count)
    {
        var (cpu, moved) = (ProcessUse.CpuTime(node.ProcessId), MovedBytes());
        var start = TimeProvider.System.GetTimestamp();
        await ReadAsync(node, how.Split(',')[0], url, count);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        report.Row(round, how, count / seconds, (MovedBytes() - moved) / 1024.0 / count, (ProcessUse.CpuTime(node.ProcessId) - cpu).TotalMilliseconds / count);
    }

    private static async Task ReadAsync(BitcoinNode node, string name, Uri url, int count)
    {
        var access = new NodeAccess(url, node.CookieFile);
        var source = name == "rpc" ? access.OpenRpc() : access.OpenRest();
        var height = await node.CallAsync<int>("getblockcount");
        var hashes = await source.GetHashesAsync(height - count + 1, count, CancellationToken.None);
        var read = await source.ReadAsync(hashes, CancellationToken.None).CountAsync();
        if (read != count)
        {
            throw new InvalidOperationException($"Read {read} of {count} blocks.");
        }
    }

    /// <summary>What went over the loopback interface, as the kernel counts it.</summary>
    private static long MovedBytes() => long.Parse(
        File.ReadLines("/proc/net/dev").First(l => l.TrimStart().StartsWith("lo:", StringComparison.Ordinal)).Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0],
        CultureInfo.InvariantCulture);
}
