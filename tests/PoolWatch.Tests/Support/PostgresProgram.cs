using System.Diagnostics;

namespace PoolWatch.Tests.Support;

/// <summary>PostgreSQL's client programs: those beside the server's, which Debian does not put into PATH, or those in PATH.</summary>
public static class PostgresProgram
{
    /// <summary>PATH with the newest installed version first, so that a documented command runs as it is written.</summary>
    private static readonly string SearchPath = string.Join(
        Path.PathSeparator,
        [
            .. (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
                .OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var n) ? n : 0).Select(v => Path.Combine(v, "bin")),
            Environment.GetEnvironmentVariable("PATH") ?? "",
        ]);

    /// <summary>Runs lines of a shell and fails with what they wrote unless they succeed.</summary>
    /// <returns>What they wrote to standard output.</returns>
    public static async Task<string> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash", ["-eu", "-o", "pipefail", "-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = SearchPath;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{script}\nended with code {process.ExitCode}: {error}");
        return await output;
    }
}
