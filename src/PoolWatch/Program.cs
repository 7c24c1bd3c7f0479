using PoolWatch;
using PoolWatch.Commands;

return args.FirstOrDefault() switch
{
    null or "serve" => await ServeCommand.RunAsync(args),
    ['-', '-', .. var option] when option.Contains('=', StringComparison.Ordinal) => await ServeCommand.RunAsync(args),
    "--help" or "-h" or "help" => Usage.Show(),
    "--version" => Usage.ShowVersion(),
    var verb => Usage.Refuse(verb),
};
