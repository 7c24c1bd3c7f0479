using System.Runtime.InteropServices;
using PoolWatch.Storage;

namespace PoolWatch.Commands;

/// <summary>
/// Ends the service within two seconds, whatever it is doing. What does not end by then ends with the process: a transaction that was not
/// committed is not there afterwards, and the next start goes on from what is.
/// </summary>
internal static class Shutdown
{
    /// <summary>What requests and the running batch get.</summary>
    public static readonly TimeSpan WorkLimit = TimeSpan.FromMilliseconds(600);

    /// <summary>A driver that waits for a server that hangs does not heed the limit above.</summary>
    private static readonly TimeSpan BlockedLimit = TimeSpan.FromMilliseconds(650);

    /// <summary>When the private PostgreSQL has to be done, counted from the beginning; otherwise it is stopped at once.</summary>
    private static readonly TimeSpan PostgresLimit = TimeSpan.FromMilliseconds(1_050);

    private static readonly TimeSpan DisposalLimit = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs the service until it is told to stop, from outside or by itself.</summary>
    public static async Task RunAsync(WebApplication app)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var itself = app.Lifetime.ApplicationStopping.Register(() => told.TrySetResult());
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Tell);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Tell);
        await app.StartAsync();
        await told.Task;
        await StopAsync(app);

        void Tell(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.TrySetResult();
        }
    }

    private static async Task StopAsync(WebApplication app)
    {
        var (postgres, time) = (app.Services.GetRequiredService<PrivatePostgres>(), app.Services.GetRequiredService<TimeProvider>());
        var start = time.GetTimestamp();
        await WithinAsync(BlockedLimit, () => app.StopAsync());
        var left = PostgresLimit - time.GetElapsedTime(start);
        await postgres.StopAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        await WithinAsync(DisposalLimit, () => app.DisposeAsync().AsTask());
    }

    /// <summary>On another thread, because what blocks there must not block here.</summary>
    private static async Task WithinAsync(TimeSpan limit, Func<Task> ending)
    {
        var work = Task.Run(ending);
        try
        {
            await work.WaitAsync(limit);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It ends with the process.
        }
    }
}

/// <summary>Leaves signals to <see cref="Shutdown"/>: the host's own way ends a start that is under way with an error.</summary>
internal sealed class NoHostLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
