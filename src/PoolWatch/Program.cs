using PoolWatch;
using PoolWatch.Commands;

return args.FirstOrDefault() switch
{
    _ when args.Contains("--help") || args.Contains("-h") => Usage.Show(),
    null or "serve" => await ServeCommand.RunAsync(args),
    ['-', '-', .. var option] when option.Contains('=', StringComparison.Ordinal) => await ServeCommand.RunAsync(args),
    "pools" => await PoolsCommand.RunAsync(args[1..]),
    "export" => await ExportCommand.RunAsync(args[1..]),
    "help" => Usage.Show(),
    "--version" => Usage.ShowVersion(),
    var verb => Usage.Refuse(verb),
};
