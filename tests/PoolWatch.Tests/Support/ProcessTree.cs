using System.Globalization;

namespace PoolWatch.Tests.Support;

/// <summary>Processes and what they started, as the kernel tells it (proc(5)).</summary>
public static class ProcessTree
{
    /// <summary>Children, their children and so on; none of a process that is gone.</summary>
    public static IReadOnlyList<int> Descendants(int process) => [.. Children(process).SelectMany(child => Descendants(child).Prepend(child))];

    /// <summary>Whether there is such a process; one that only waits to be reaped is gone.</summary>
    public static bool Exists(int process)
    {
        var stat = ReadOrEmpty($"/proc/{process}/stat");
        return stat.Length > 0 && stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
    }

    /// <param name="signal">Its name without SIG.</param>
    /// <param name="processes">At least one; those that are gone already are passed over.</param>
    public static async Task SignalAsync(string signal, IReadOnlyList<int> processes)
    {
        Assert.NotEmpty(processes);
        await using var kill = await ChildProcess.StartAsync("kill", [$"-{signal}", .. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended between two looks.
            return "";
        }
    }

    private static IEnumerable<int> Children(int process) =>
        (Directory.Exists($"/proc/{process}/task") ? Directory.GetDirectories($"/proc/{process}/task") : [])
        .SelectMany(task => ReadOrEmpty(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture));
}
