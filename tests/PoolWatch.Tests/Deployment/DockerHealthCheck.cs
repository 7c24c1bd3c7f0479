using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>The health check's command as the Dockerfile has it, with another port and page.</summary>
internal static partial class DockerHealthCheck
{
    /// <returns>The command's exit code; 0 is healthy.</returns>
    public static async Task<int> RunAsync(int port, string page)
    {
        var command = JsonSerializer.Deserialize<string[]>(HealthCommand().Match(Repository.Read("Dockerfile")).Groups[1].Value)!;
        var script = command[^1].Replace("/8080", string.Create(CultureInfo.InvariantCulture, $"/{port}"), StringComparison.Ordinal)
            .Replace("/health/live", page, StringComparison.Ordinal);
        using var process = Process.Start(new ProcessStartInfo(command[0], [.. command[1..^1], script]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    [GeneratedRegex("^HEALTHCHECK .*\\\\\\n\\s+CMD (\\[.*\\])$", RegexOptions.Multiline)]
    private static partial Regex HealthCommand();
}
