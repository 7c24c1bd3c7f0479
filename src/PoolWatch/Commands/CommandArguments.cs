using PoolWatch.Settings;

namespace PoolWatch.Commands;

/// <summary>Arguments of a command: what it is about, its own options, and settings of the service.</summary>
/// <param name="Values">Arguments without dashes, in order.</param>
/// <param name="Options">Options of the command, without dashes; null for one without a value.</param>
/// <param name="Settings">The rest: <c>--PoolWatch:Setting=value</c>.</param>
internal sealed record CommandArguments(IReadOnlyList<string> Values, IReadOnlyDictionary<string, string?> Options, string[] Settings)
{
    public static CommandArguments Parse(IEnumerable<string> args, params string[] options)
    {
        var (values, known, settings) = (new List<string>(), new Dictionary<string, string?>(), new List<string>());
        foreach (var arg in args)
        {
            var (name, value) = arg.Split('=', 2) is [var key, var text] ? (key, text) : (arg, null);
            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                values.Add(arg);
            }
            else if (options.Contains(name[2..]))
            {
                known[name[2..]] = value;
            }
            else
            {
                settings.Add(arg);
            }
        }

        return new CommandArguments(values, known, [.. settings]);
    }

    public bool Has(string option) => Options.ContainsKey(option);

    public string? this[string option] => Options.GetValueOrDefault(option);

    /// <summary>The service's settings, from the same places as for the service; null and what is wrong with them.</summary>
    public (PoolWatchSettings? Settings, IReadOnlyList<string> Errors) ReadSettings()
    {
        var errors = ServeCommand.FindMalformed(Settings);
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true).AddEnvironmentVariables().AddCommandLine(Settings).Build();
        return SettingsReader.Read(configuration);
    }
}
