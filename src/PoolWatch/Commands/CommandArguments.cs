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

    /// <summary>The arguments of a command that looks at a file and at nothing else: one file at most, options with values.</summary>
    /// <returns>Null where they can't be understood.</returns>
    public static CommandArguments? ParseFile(IEnumerable<string> args, params string[] options)
    {
        var command = Parse(args, options);
        var understood = command is { Values.Count: <= 1, Settings.Length: 0, Repeated.Count: 0 }
            && command.Values.All(v => v.Length > 0) && command.Options.Values.All(v => v is { Length: > 0 });
        return understood ? command : null;
    }

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
