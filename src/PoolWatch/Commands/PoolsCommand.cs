using PoolWatch.Core.Pools.Lint;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.Telemetry;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools lint FILE</c>: looks at a pool list before anybody uses it. Reads the file and nothing else.</summary>
internal static class PoolsCommand
{
    public const int ErrorsFound = 1;
    private const string BitcoinData = "--as=bitcoin-data";
    private const string Mempool = "--as=mempool";

    public static int Run(string[] args) => args switch
    {
        ["lint", var file] => Lint(file, PublicListKind.Mempool),
        ["lint", var file, Mempool] => Lint(file, PublicListKind.Mempool),
        ["lint", var file, BitcoinData] => Lint(file, PublicListKind.BitcoinData),
        _ => Usage.Refuse($"pools {string.Join(' ', args)}".TrimEnd()),
    };

    private static int Lint(string file, PublicListKind kind)
    {
        IReadOnlyList<LintFinding> findings;
        try
        {
            using var stream = File.OpenRead(file);
            findings = Check(stream, kind);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The list can't be read: {e.Message}");
            return Usage.BadUsage;
        }
        catch (PoolListException e)
        {
            e.Errors.ToList().ForEach(Console.Error.WriteLine);
            return ErrorsFound;
        }

        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Severity.ToString().ToLowerInvariant(),-7} {finding.Name,-13} {finding.Pool}: {finding.Message}");
        }

        var errors = findings.Count(f => f.Severity == LintSeverity.Error);
        Console.WriteLine($"{errors} errors, {findings.Count - errors} warnings");
        return errors == 0 ? 0 : ErrorsFound;
    }

    /// <summary>Our list is an object, the public ones are arrays.</summary>
    private static IReadOnlyList<LintFinding> Check(Stream stream, PublicListKind kind)
    {
        var json = PoolList.ReadBytes(stream);
        return json.AsSpan().TrimStart("\uFEFF \t\r\n"u8) is [(byte)'[', ..]
            ? PoolListLint.Check(PublicPoolList.Parse(json, kind))
            : PoolListLint.Check(PoolList.Parse(json));
    }
}
