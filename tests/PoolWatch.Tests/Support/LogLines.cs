using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PoolWatch.Tests.Support;

/// <summary>Keeps what is logged from a level on.</summary>
public sealed class LogLines<T>(LogLevel lowest = LogLevel.Information) : ILogger<T>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue(formatter(state, exception));
        }
    }
}
