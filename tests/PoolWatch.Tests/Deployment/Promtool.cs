using System.Diagnostics;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>Programs of Prometheus that the environment names; without them the tests fail, they are never skipped.</summary>
internal static class Promtool
{
    public static string Program(string variable)
    {
        var path = Environment.GetEnvironmentVariable(variable);
        Assert.True(File.Exists(path), $"{variable} must name Prometheus' program; ./build test sets it.");
        return path!;
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Program("PROMTOOL"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
