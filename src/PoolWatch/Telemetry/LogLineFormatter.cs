using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using PoolWatch.Commands;

namespace PoolWatch.Telemetry;

/// <summary>One line for each event, for people and for grep: time, level, part of the service, sentence.</summary>
internal sealed class LogLineFormatter(TimeProvider time, ConsoleOutput console) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var level = logEntry.LogLevel switch
        {
            LogLevel.Critical => "CRIT ",
            LogLevel.Error => "ERROR",
            LogLevel.Warning => "WARN ",
            LogLevel.Information => "info ",
            _ => "debug",
        };
        var category = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.WriteLine($"{console.BeforeLogLine}{time.GetUtcNow():yyyy-MM-dd'T'HH:mm:ss'Z'} {level} {category}: "
            + $"{Printable(logEntry.Formatter(logEntry.State, logEntry.Exception))}");
        if (logEntry.Exception is not null)
        {
            textWriter.WriteLine(logEntry.Exception);
        }
    }

    /// <summary>A message can repeat what a node or database said, and that could drive the terminal.</summary>
    private static string Printable(string message) =>
        message.Any(char.IsControl) ? string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c)) : message;
}
