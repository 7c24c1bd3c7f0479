using PoolWatch.Core.Pools.Lint;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools lint FILE</c>: looks at a pool list before anybody uses it. Reads the file and nothing else.</summary>
internal static class PoolListLintCommand
{
    public static int Run(string[] args)
    {
        if (CommandArguments.ParseFile(args, "as") is not { Values: [var file] } arguments || !ListFile.Kinds.TryGetValue(arguments["as"] ?? "mempool", out var kind))
        {
            return Usage.Refuse($"pools lint {string.Join(' ', args)}".TrimEnd());
        }

        IReadOnlyList<LintFinding> findings;
        try
        {
            findings = Check(ListFile.ReadBytes(file), kind);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The list can't be read: {e.Message}");
            return Usage.BadUsage;
        }

        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Severity.ToString().ToLowerInvariant(),-7} {finding.Name,-13} {finding.Pool}: {finding.Message}");
        }

        var errors = findings.Count(f => f.Severity == LintSeverity.Error);
        Console.WriteLine($"{errors} errors, {findings.Count - errors} warnings");
        return errors == 0 ? 0 : PoolsCommand.ErrorsFound;
    }

    /// <summary>Our list is an object, the public ones are arrays.</summary>
    private static IReadOnlyList<LintFinding> Check(byte[] json, PublicListKind kind) =>
        ListFile.IsPublic(json) ? PoolListLint.Check(PublicPoolList.Parse(json, kind)) : PoolListLint.Check(PoolList.Parse(json));
}
