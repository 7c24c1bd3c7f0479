using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>The wall clock of one process, by Debian's libfaketime; its monotonic clock goes on as it should.</summary>
public sealed class FakeClock : IAsyncDisposable
{
    private const string Library = "libfaketimeMT.so.1";
    private readonly TemporaryDirectory _directory = new();

    public FakeClock() => JumpTo(TimeSpan.Zero);

    /// <summary>What a process has to be started with.</summary>
    public IEnumerable<string> Environment =>
    [
        $"LD_PRELOAD={Find()}", $"FAKETIME_TIMESTAMP_FILE={Setting}", "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_RESET=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
        // Its repair of waits on the monotonic clock makes .NET's waits end at once.
        "FAKETIME_FORCE_MONOTONIC_FIX=0",
    ];

    private string Setting => Path.Combine(_directory.Path, "clock");

    /// <summary>The clock shows this much more than the true time, from now on.</summary>
    public void JumpTo(TimeSpan offset)
    {
        var written = $"{Setting}.new";
        File.WriteAllText(written, offset.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture));
        File.Move(written, Setting, overwrite: true);
    }

    public ValueTask DisposeAsync()
    {
        _directory.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Find()
    {
        var folders = new[] { "/usr/lib", "/usr/local/lib" }.Where(Directory.Exists);
        var folder = folders.SelectMany(f => Directory.GetDirectories(f)).Concat(folders).Select(f => Path.Combine(f, "faketime")).FirstOrDefault(f => File.Exists(Path.Combine(f, Library)));
        return folder is not null
            ? Path.Combine(folder, Library)
            : throw new InvalidOperationException($"The fault campaign makes clocks jump by {Library}: install the package libfaketime (`./build test` does).");
    }
}
