using BenchmarkDotNet.Running;
using PoolWatch.Benchmarks;
using PoolWatch.Benchmarks.Alarms;
using PoolWatch.Benchmarks.Scale;

// "scale", "large" and "lists" measure the whole service, "history" the series of a whole chain, "alarms" drawn chains, "coverage" intervals; everything else goes to BenchmarkDotNet.
switch (args.FirstOrDefault())
{
    case "scale":
        await ScaleCommand.RunAsync(args[1..]);
        break;
    case "large":
        await LargeCommand.RunAsync(args[1..]);
        break;
    case "lists":
        await ListsCommand.RunAsync(args[1..]);
        break;
    case "history":
        HistoryCommand.Run(args[1..]);
        break;
    case "alarms":
        AlarmsCommand.Run(args[1..]);
        break;
    case "coverage":
        CoverageCommand.Run(args[1..]);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(DecodeBenchmarks).Assembly).Run(args);
        break;
}
