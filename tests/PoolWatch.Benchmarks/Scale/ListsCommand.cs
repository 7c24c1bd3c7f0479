using System.Diagnostics;
using Npgsql;
using PoolWatch.Core.Pools;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>What a change of the pool list takes on a whole chain, beside a running service: the report, the change, the way back.</summary>
internal static class ListsCommand
{
    private const int AllLabels = 282_174;

    public static async Task RunAsync(IEnumerable<string> args)
    {
        var options = Options.Parse(args, "labels", "blocks", "chain", "folder", "service", "rounds", "report");
        var labels = options.Text("labels") ?? throw new ArgumentException("--labels=… names the label list: lines of height, time, slug; .gz or plain.");
        await using var node = await LabelledChain.StartAsync(labels, options.Number("blocks", AllLabels), options.Text("chain"));
        using var own = new OpenDirectory();
        var (folder, installed) = (options.Text("folder") ?? own.Path, options.Text("service"));
        using var report = new Report(options.Text("report"));
        await using var service = await CatchUpRun.StartAsync(node, "auto", folder, installed);
        await service.WaitForTipAsync(await node.CallAsync<string>("getbestblockhash"), seconds: 1_800);

        var lists = Lists(own.Path);
        report.Line($"{await node.CallAsync<int>("getblockcount")} stored blocks; each command is a process of its own, its start included, beside the service.");
        report.Table("round", "list", "bare read of all coinbases, s", "diff, s", "ratio", "apply, s", "rollback, s", "blocks that move");
        for (var round = 1; round <= options.Number("rounds", 3); round++)
        {
            foreach (var (name, arguments) in lists)
            {
                await MeasureAsync(report, round, name, arguments, folder, installed);
            }
        }

        await service.TerminateAsync();
    }

    private static async Task MeasureAsync(Report report, int round, string name, string[] arguments, string folder, string? installed)
    {
        string[] settings = [$"--PoolWatch:DataDirectory={folder}", "--PoolWatch:Network=regtest"];
        await UntilHistoryIsWrittenAsync(folder);
        var bare = await ReadBareAsync(folder);
        var (diff, said) = await RunAsync(installed, ["pools", "diff", .. arguments, .. settings]);
        bare = (bare + await ReadBareAsync(folder)) / 2;
        var (apply, _) = await RunAsync(installed, ["pools", "apply", .. arguments, "--accept", .. settings]);
        await UntilHistoryIsWrittenAsync(folder);
        var (rollback, _) = await RunAsync(installed, ["pools", "rollback", "--accept", .. settings]);
        var moved = said.Split('\n').Select(l => l.Split(" get another pool")).First(l => l.Length == 2)[0].Split(' ')[^1];
        report.Row(round, name, bare, diff, $"{diff / bare:0.0}", apply, rollback, moved);
    }

    /// <summary>A small change, another list altogether, another rule, and a list that takes nearly every block from its pool.</summary>
    private static (string Name, string[] Arguments)[] Lists(string folder)
    {
        var bundled = PoolList.LoadBundled();
        string[] Write(string name, Func<Pool, bool> kept)
        {
            var path = Path.Combine(folder, name);
            File.WriteAllText(path, Without(bundled, kept));
            return [path];
        }

        return
        [
            ("one pool less", Write("less.json", p => p.Slug != "luxor")),
            ("the rule mempool/1", ["--algorithm=mempool/1"]),
            ("twenty pools", Write("twenty.json", p => bundled.Pools.Take(20).Contains(p))),
        ];
    }

    private static string Without(PoolList list, Func<Pool, bool> kept)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(list.ToJson())!;
        var slugs = list.Pools.Where(p => !kept(p)).Select(p => p.Slug).ToHashSet();
        var pools = json["pools"]!.AsArray();
        foreach (var pool in pools.Where(p => slugs.Contains(p!["slug"]!.GetValue<string>())).ToList())
        {
            pools.Remove(pool);
        }

        return json.ToJsonString();
    }

    /// <summary>After a change the service counts the history of every window anew, for some seconds: what follows at once would compete with it.</summary>
    private static async Task UntilHistoryIsWrittenAsync(string folder)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(folder));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT s.revision = c.revision FROM poolwatch_regtest.concentration_state s CROSS JOIN poolwatch_regtest.chain c", connection);
        while (!(bool)(await command.ExecuteScalarAsync())!)
        {
            await Task.Delay(50);
        }
    }

    private static string ConnectionString(string folder) => $"Host={Path.Combine(folder, "run")};Username=poolwatch;Database=poolwatch;Pooling=false";

    /// <summary>The same rows, taken off the socket and thrown away.</summary>
    private static async Task<double> ReadBareAsync(string folder)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(folder));
        await connection.OpenAsync();
        var start = Stopwatch.GetTimestamp();
        await using var rows = await connection.BeginRawBinaryCopyAsync(
            "COPY (SELECT id, height, active, median_time, coinbase_tx FROM poolwatch_regtest.block) TO STDOUT (FORMAT BINARY)");
        var buffer = new byte[65_536];
        while (await rows.ReadAsync(buffer, CancellationToken.None) > 0)
        {
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<(double Seconds, string Output)> RunAsync(string? installed, string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        await using var process = await ChildProcess.StartAsync("dotnet", [Path.Combine(installed ?? AppContext.BaseDirectory, "PoolWatch.dll"), .. arguments]);
        await process.WaitForExitAsync(CancellationToken.None);
        // A report that finds something against the list ends with 1.
        return process.ExitCode == 0 || (process.ExitCode == 1 && arguments.Contains("diff")) ? (Stopwatch.GetElapsedTime(start).TotalSeconds, process.Output) : throw new InvalidOperationException(process.Output);
    }
}
