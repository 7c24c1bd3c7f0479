using PoolWatch.Telemetry;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools …</c>: what can be done with pool lists.</summary>
internal static class PoolsCommand
{
    public const int ErrorsFound = 1;

    public static int Run(string[] args)
    {
        try
        {
            return args switch
            {
                ["lint", .. var rest] => PoolListLintCommand.Run(rest),
                ["import", .. var rest] => PoolListConversion.Import(rest),
                ["export", .. var rest] => PoolListConversion.Export(rest),
                _ => Usage.Refuse($"pools {string.Join(' ', args)}".TrimEnd()),
            };
        }
        catch (PoolListException e)
        {
            e.Errors.ToList().ForEach(Console.Error.WriteLine);
            return ErrorsFound;
        }
    }
}
