using System.Globalization;

namespace PoolWatch.Tests.Support;

/// <summary>The processes of the PostgreSQL server in a folder of a test's own: to freeze them, to kill them, and to see that none is left.</summary>
public static class PostgresProcesses
{
    /// <summary>Servers and initdb with data below the folder, and everything that they started.</summary>
    public static IReadOnlyList<int> Of(string directory) =>
    [
        .. Directory.GetDirectories("/proc").Select(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && IsRoot(id, directory)).SelectMany(id => ProcessTree.Descendants(id).Prepend(id)).Distinct(),
    ];

    /// <summary>What a database on a machine without memory or a dead disk looks like: it is there and answers nothing.</summary>
    public static Task FreezeAsync(string directory) => ProcessTree.SignalAsync("STOP", Of(directory));

    public static Task ThawAsync(string directory) => ProcessTree.SignalAsync("CONT", Of(directory));

    /// <summary>A server that initdb starts has the folder not among its arguments, but works in it.</summary>
    private static bool IsRoot(int process, string directory) =>
        ProcessTree.ReadOrEmpty($"/proc/{process}/comm").Trim() is "postgres" or "initdb"
        && (ProcessTree.ReadOrEmpty($"/proc/{process}/cmdline").Contains($"-D\0{directory}/postgres", StringComparison.Ordinal)
            || new FileInfo($"/proc/{process}/cwd").LinkTarget?.StartsWith($"{directory}/postgres", StringComparison.Ordinal) == true);
}
