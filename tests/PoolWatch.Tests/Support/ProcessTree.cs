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

    /// <summary>Whether kill -9 has reached it: it runs no more code of its own, even where the kernel has not taken it away yet.</summary>
    public static bool IsKilled(int process)
    {
        const int exiting = 0x4;
        const ulong killed = 1UL << (9 - 1);
        var stat = ReadOrEmpty($"/proc/{process}/stat");
        string[] fields = stat.Length > 0 ? stat[(stat.LastIndexOf(')') + 2)..].Split(' ') : [];
        var pending = ReadOrEmpty($"/proc/{process}/status").Split('\n').FirstOrDefault(line => line.StartsWith("SigPnd:", StringComparison.Ordinal)) ?? "SigPnd: 0";
        return fields is not [not ("Z" or "X"), _, _, _, _, _, var flags, ..]
            || (uint.Parse(flags, CultureInfo.InvariantCulture) & exiting) != 0
            || (ulong.Parse(pending["SigPnd:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & killed) != 0;
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
