using PoolWatch.Settings;

namespace PoolWatch.Commands;

/// <summary>Arguments of a command: what it is about, its own options, and settings of the service.</summary>
/// <param name="Values">Arguments without dashes, in order.</param>
/// <param name="Options">Options of the command, without dashes; null for one without a value.</param>
/// <param name="Settings">The rest: <c>--PoolWatch:Setting=value</c>.</param>
/// <param name="Repeated">Options that are given more than once.</param>
internal sealed record CommandArguments(
    IReadOnlyList<string> Values, IReadOnlyDictionary<string, string?> Options, string[] Settings, IReadOnlyList<string> Repeated)
{
    public string? this[string option] => Options.GetValueOrDefault(option);

    public static CommandArguments Parse(IEnumerable<string> args, params string[] options)
    {
        var (values, known, settings, repeated) = (new List<string>(), new Dictionary<string, string?>(StringComparer.Ordinal), new List<string>(), new List<string>());
        foreach (var arg in args)
        {
            var (name, value) = arg.Split('=', 2) is [var key, var text] ? (key, text) : (arg, null);
            if (!arg.StartsWith("--", StringComparison.Ordinal))
            {
                values.Add(arg);
            }
            else if (!options.Contains(name[2..]))
            {
                settings.Add(arg);
            }
            else if (!known.TryAdd(name[2..], value))
            {
                repeated.Add(name);
            }
        }

        return new CommandArguments(values, known, [.. settings], repeated);
    }

    /// <summary>What is wrong with the arguments of a command that looks at a file and at nothing else: one file at most, options with values.</summary>
    public IEnumerable<string> FileErrors(string command, params string[] options) =>
    [
        .. Settings.Select(s => $"{command} takes no '{s}', only {string.Join(" and ", options.Select(o => $"--{o}=…"))}."),
        .. Repeated.Select(name => $"{name} is given more than once."),
        .. Options.Where(o => string.IsNullOrEmpty(o.Value)).Select(o => $"--{o.Key} needs a value: --{o.Key}=…."),
        .. Values.Where(v => v.Length == 0).Select(_ => $"{command} needs a file, and '' is no name of one."),
        .. Values.Count > 1 ? [$"{command} takes one file, and not {Values.Count}: {string.Join(", ", Values.Select(v => $"'{v}'"))}."] : Array.Empty<string>(),
    ];

    public bool Has(string option) => Options.ContainsKey(option);

    /// <summary>The service's settings, from the same places as for the service; null and what is wrong with them.</summary>
    public (PoolWatchSettings? Settings, IReadOnlyList<string> Errors) ReadSettings()
    {
        IReadOnlyList<string> errors = [.. Repeated.Select(name => $"{name} is given more than once."), .. ServeCommand.FindMalformed(Settings)];
        if (errors.Count > 0)
        {
            return (null, errors);
        }

        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true).AddEnvironmentVariables().AddCommandLine(Settings).Build();
        return SettingsReader.Read(configuration);
    }
}
