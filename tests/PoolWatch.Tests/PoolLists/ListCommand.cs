using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>The real program with a command about pool lists, as a process of its own.</summary>
internal static class ListCommand
{
    public static async Task<(int Code, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        await using var process = await StartAsync(arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, process.Output);
    }

    public static Task<ChildProcess> StartAsync(params IEnumerable<string> arguments) =>
        ChildProcess.StartAsync("dotnet", [typeof(Installation).Assembly.Location, "pools", .. arguments]);
}
