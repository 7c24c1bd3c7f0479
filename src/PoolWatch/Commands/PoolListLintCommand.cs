using PoolWatch.Core.Pools.Lint;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools lint FILE</c>: looks at a pool list before anybody uses it. Reads the file and nothing else.</summary>
internal static class PoolListLintCommand
{
    public static int Run(string[] args)
    {
        const string command = "pools lint";
        var arguments = CommandArguments.Parse(args, ListFile.As);
        List<string> errors = [.. arguments.FileErrors(command, ListFile.As), .. ListFile.KindErrors(arguments)];
        if (arguments.Values.Count == 0)
        {
            errors.Add($"{command} needs a file: the list to look at.");
        }

        return errors.Count > 0 ? Usage.Refuse(command, errors) : Run(arguments.Values[0], ListFile.KindOf(arguments));
    }

    private static int Run(string file, PublicListKind kind)
    {

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
        Console.WriteLine($"{Counted.Of(errors, "error")}, {Counted.Of(findings.Count - errors, "warning")}");
        return errors == 0 ? 0 : PoolsCommand.ErrorsFound;
    }

    /// <summary>Our list is an object, the public ones are arrays.</summary>
    private static IReadOnlyList<LintFinding> Check(byte[] json, PublicListKind kind) =>
        ListFile.IsPublic(json) ? PoolListLint.Check(PublicPoolList.Parse(json, kind)) : PoolListLint.Check(PoolList.Parse(json));
}
