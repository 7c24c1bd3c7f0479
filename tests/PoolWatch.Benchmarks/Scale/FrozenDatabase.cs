using System.Diagnostics;
using System.Globalization;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>The private PostgreSQL of a service, stopped by SIGSTOP while this object lives: whoever asks it waits.</summary>
internal sealed class FrozenDatabase : IAsyncDisposable
{
    private readonly IReadOnlyList<int> _processes;

    private FrozenDatabase(IReadOnlyList<int> processes) => _processes = processes;

    public static async Task<FrozenDatabase> OfAsync(int service)
    {
        var database = new FrozenDatabase([.. ProcessUse.Descendants(service)]);
        await database.SignalAsync("STOP");
        return database;
    }

    public async ValueTask DisposeAsync() => await SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", .. _processes.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync();
    }
}
