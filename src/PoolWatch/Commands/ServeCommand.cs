using Microsoft.Extensions.Logging.Console;
using PoolWatch.Settings;
using PoolWatch.Telemetry;

namespace PoolWatch.Commands;

/// <summary>Runs the service until it is told to stop.</summary>
internal static class ServeCommand
{
    private static readonly string[] Sections = ["PoolWatch:", "ConnectionStrings:PoolWatch", "Logging:"];

    public static async Task<int> RunAsync(string[] args)
    {
        var (app, errors) = Build(args.FirstOrDefault() == "serve" ? args[1..] : args, withConsole: true);
        if (app is null)
        {
            Console.Error.WriteLine(errors.Count == 1 ? "A setting is wrong:" : $"{errors.Count} settings are wrong:");
            foreach (var error in errors)
            {
                Console.Error.WriteLine($"  {error}");
            }

            return Usage.BadUsage;
        }

        if (WebAddress.WhyNotFree(app.Services.GetRequiredService<PoolWatchSettings>().Listen) is { } reason)
        {
            Console.Error.WriteLine($"The web server can't listen: {reason} Set PoolWatch:Listen to another address.");
            return 1;
        }

        // Asked for now, because running ends with the disposal of everything.
        var services = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        await Shutdown.RunAsync(app);
        return services.Any(s => s.ExecuteTask is { IsFaulted: true }) ? 1 : Environment.ExitCode;
    }

    /// <returns>What is no setting among the arguments, as sentences.</returns>
    public static IReadOnlyList<string> FindMalformed(string[] args)
    {
        var malformed = args.Where(a => !a.StartsWith("--", StringComparison.Ordinal) || !a.Contains('=', StringComparison.Ordinal)).ToList();
        return malformed.Count > 0
            ? [.. malformed.Select(a => $"'{a}' is no setting; settings are written --PoolWatch:Setting=value.")]
            : [.. args.Select(a => a[2..a.IndexOf('=', StringComparison.Ordinal)]).Where(k => !Sections.Any(s => k.StartsWith(s, StringComparison.OrdinalIgnoreCase)))
                .Select(k => $"'{k}' is no setting of PoolWatch; its settings begin with one of {string.Join(", ", Sections)}.")];
    }

    /// <summary>The service, ready to start; or null and what is wrong with its settings.</summary>
    /// <param name="args">Settings on the command line.</param>
    /// <param name="withConsole">Whether progress and table are shown on standard output.</param>
    public static (WebApplication? App, IReadOnlyList<string> Errors) Build(string[] args, bool withConsole)
    {
        if (FindMalformed(args) is { Count: > 0 } malformed)
        {
            return (null, malformed);
        }

        WebApplicationBuilder builder;
        try
        {
            builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        }
        catch (InvalidDataException e)
        {
            return (null, [$"A settings file can't be read: {e.Message} {e.InnerException?.Message}"]);
        }

        var (settings, errors) = SettingsReader.Read(builder.Configuration);
        if (settings is null)
        {
            return (null, errors);
        }

        builder.WebHost.UseUrls(settings.Listen);
        builder.Logging.AddConsoleFormatter<LogLineFormatter, ConsoleFormatterOptions>();
        builder.Services.AddPoolWatch(settings);
        if (withConsole)
        {
            builder.Services.AddHostedService<ConsoleProgress>();
        }

        var app = builder.Build();
        app.MapPoolWatch();
        return (app, []);
    }
}
