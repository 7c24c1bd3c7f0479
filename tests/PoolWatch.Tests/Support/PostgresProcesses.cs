using System.Globalization;

namespace PoolWatch.Tests.Support;

/// <summary>The processes of the PostgreSQL server in a folder of a test's own: to freeze them, and to see that none is left.</summary>
public static class PostgresProcesses
{
    /// <summary>Servers and initdb with data below the folder, and everything that they started.</summary>
    public static IReadOnlyList<int> Of(string directory)
    {
        var all = Directory.GetDirectories("/proc").Select(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0).Select(id => (Id: id, Parent: ParentOf(id))).ToList();
        var family = all.Where(p => IsRoot(p.Id, directory)).Select(p => p.Id).ToHashSet();
        for (var known = 0; known < family.Count;)
        {
            known = family.Count;
            family.UnionWith(all.Where(p => family.Contains(p.Parent)).Select(p => p.Id));
        }

        return [.. family];
    }

    public static bool Exists(int process) => ParentOf(process) != 0;

    /// <summary>What a database on a machine without memory or a dead disk looks like: it is there and answers nothing.</summary>
    public static Task FreezeAsync(string directory) => SignalAsync("STOP", Of(directory));

    public static Task ThawAsync(string directory) => SignalAsync("CONT", Of(directory));

    private static async Task SignalAsync(string signal, IReadOnlyList<int> processes)
    {
        Assert.NotEmpty(processes);
        await using var kill = await ChildProcess.StartAsync("kill", [$"-{signal}", .. processes.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static bool IsRoot(int process, string directory) =>
        ReadOrEmpty(process, "comm").Trim() is "postgres" or "initdb" && ReadOrEmpty(process, "cmdline").Contains($"-D\0{directory}/postgres", StringComparison.Ordinal);

    /// <summary>0 for a process that is gone; one that only waits to be reaped is gone too.</summary>
    private static int ParentOf(int process)
    {
        var stat = ReadOrEmpty(process, "stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length < 2 || fields[0] is "Z" or "X" ? 0 : int.Parse(fields[1], CultureInfo.InvariantCulture);
    }

    private static string ReadOrEmpty(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
