using PoolWatch.Telemetry;

namespace PoolWatch.Commands;

/// <summary>What the command line says about itself.</summary>
internal static class Usage
{
    private const string Text =
        """
        PoolWatch watches how concentrated Bitcoin mining is.

          poolwatch [serve] [--PoolWatch:Setting=value …]   read the node, store, serve metrics and REST
          poolwatch pools lint FILE [--as=FORM]             look for rules that can't work in a list of ours, mempool's or bitcoin-data's
          poolwatch pools diff|apply [FILE] [--as=bitcoin-data] [--algorithm=NAME] [--accept] [--json] [settings]
                                                            what another pool list would change, or make it the active one
          poolwatch pools rollback [VERSION] [--accept]     back to the list before, or to an earlier one
          poolwatch pools import FILE [--as=FORM] [--output=FILE]
                                                            make our form of mempool's or bitcoin-data's list
          poolwatch pools export [FILE] --as=FORM [--output=FILE]
                                                            make another form of a list of ours; without FILE of the bundled one
          poolwatch pools suggest [--window=BLOCKS] [settings]
                                                            unknown blocks that seem to have one maker, with entries for the list
          poolwatch export openmetrics|measures|shares [--from=WHEN] [--to=WHEN] [--step=1d] [--window=BLOCKS,…] [--layer=NAME,…]
                           [--metric=NAME,…] [--format=csv|ndjson] [--output=FILE] [settings]
                                                            history: for Prometheus, or as a table (docs/exports.md)
          poolwatch export blocks [--from=WHEN] [--to=WHEN] [--format=csv|ndjson] [--output=FILE] [settings]
                                                            every block with its pool
          poolwatch --help | --version

        WHEN is a date such as 2023-01-01, a time such as 2023-01-01T12:00:00Z or a height.
        FORM is mempool (left out: mempool), bitcoin-data or, for export, poolwatch. Without --output everything goes to standard output.
        Settings come from appsettings.json, from the environment (PoolWatch__Node__Url) and from the command line
        (--PoolWatch:Node:Url=http://127.0.0.1:8332); docs/configuration.md lists them.
        """;

    public const int BadUsage = 2;

    public static int Show()
    {
        Console.WriteLine(Text);
        return 0;
    }

    public static int ShowVersion()
    {
        Console.WriteLine(OperationalMetrics.Version);
        return 0;
    }

    public static int Refuse(string argument)
    {
        Console.Error.WriteLine($"'{argument}' is no command and no setting of the form --PoolWatch:Setting=value.");
        Console.Error.WriteLine(Text);
        return BadUsage;
    }

    /// <summary>Says what is wrong with a call of a command, and how it is called.</summary>
    /// <param name="command">As it is written, or the beginning of it: <c>pools</c>.</param>
    /// <param name="errors">Sentences.</param>
    public static int Refuse(string command, IEnumerable<string> errors)
    {
        var ofCommand = false;
        var calls = Text.Split('\n').Where(line =>
            ofCommand = line.StartsWith("  poolwatch", StringComparison.Ordinal)
                ? line.StartsWith($"  poolwatch {command}", StringComparison.Ordinal)
                : ofCommand && line.StartsWith("   ", StringComparison.Ordinal));
        foreach (var line in errors.Append("").Concat(calls).Append("").Append("poolwatch --help has every command and its options."))
        {
            Console.Error.WriteLine(line);
        }

        return BadUsage;
    }
}
