using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>The main job on a whole label list: catch-up by each source beside the bare client, then what a running service costs.</summary>
internal static class ScaleCommand
{
    private const int RpcBatch = 200;
    private const int RpcConcurrency = 1;
    private const int RestConcurrency = 8;
    private const int AllLabels = 282_174;

    public static async Task RunAsync(IEnumerable<string> args)
    {
        var options = Options.Parse(args, "labels", "blocks", "chain", "service", "rounds", "report");
        var labels = options.Text("labels") ?? throw new ArgumentException("--labels=… names the label list: lines of height, time, slug; .gz or plain.");
        await using var node = await LabelledChain.StartAsync(labels, options.Number("blocks", AllLabels), options.Text("chain"));
        using var report = new Report(options.Text("report"));
        var height = await node.CallAsync<int>("getblockcount");
        report.Line($"{height} blocks, each with the pool of its label, on a real node; two cores shared by node, service, PostgreSQL and this program.");
        report.Table("round", "source", "bare client, blocks/s", "service, blocks/s", "ratio", "with its start", "CPU µs a block: node", "service", "PostgreSQL", "memory MB", "at most");
        var installed = options.Text("service");
        for (var round = 1; round <= options.Number("rounds", 3); round++)
        {
            using var bare = new BareClient(node);
            await CompareAsync(report, node, installed, round, "rpc", () => bare.ReadByRpcAsync(height, RpcBatch, RpcConcurrency));
            await CompareAsync(report, node, installed, round, "rest", () => bare.ReadByRestAsync(height, RestConcurrency));
        }

        await ServingRun.MeasureAsync(report, node, installed);
    }

    /// <summary>The yardstick is read before and after: a machine that others use too changes its speed meanwhile.</summary>
    private static async Task CompareAsync(Report report, BitcoinNode node, string? installed, int round, string source, Func<Task<double>> readBareAsync)
    {
        using var folder = new OpenDirectory();
        var before = await readBareAsync();
        var run = await CatchUpRun.MeasureAsync(node, source, folder.Path, installed);
        var bare = (before + await readBareAsync()) / 2;
        report.Row(round, source, bare, run.BlocksPerSecond, $"{run.BlocksPerSecond / bare:0.00}", run.SinceStart,
            run.NodeCpu, run.ServiceCpu, run.DatabaseCpu, run.Memory, run.PeakMemory);
    }
}
