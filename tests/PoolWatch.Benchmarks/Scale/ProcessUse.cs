using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>CPU time and memory of a process, read from the kernel; children that have ended count in the CPU time.</summary>
internal static class ProcessUse
{
    private const double TicksPerSecond = 100;

    public static TimeSpan CpuTime(int process)
    {
        // The name in parentheses may hold blanks; utime, stime, cutime, cstime are the fields 14 to 17.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return TimeSpan.FromSeconds(fields[11..15].Sum(t => long.Parse(t, CultureInfo.InvariantCulture)) / TicksPerSecond);
    }

    public static TimeSpan CpuTimeOfChildren(int process) =>
        ProcessTree.Descendants(process).Aggregate(TimeSpan.Zero, (sum, child) => sum + CpuTime(child));

    /// <summary>Resident memory in MB, now and at most.</summary>
    public static (double Now, double Peak) Memory(int process)
    {
        var lines = File.ReadAllLines($"/proc/{process}/status");
        return (Read("VmRSS:"), Read("VmHWM:"));

        double Read(string name) => long.Parse(lines.First(l => l.StartsWith(name, StringComparison.Ordinal))[name.Length..^3], CultureInfo.InvariantCulture) / 1024.0;
    }
}
