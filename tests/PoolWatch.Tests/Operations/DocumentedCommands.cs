using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Operations;

/// <summary>The shell commands of docs/operations.md, run as they stand there: only the values of the first line's variables are the test's.</summary>
internal static partial class DocumentedCommands
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Blocks = Repository.Read("docs/operations.md").Split("\n## ").Skip(1)
        .ToDictionary(s => s[..s.IndexOf('\n')], s => (IReadOnlyList<string>)[.. ShellBlock().Matches(s).Select(m => m.Groups[1].Value)]);

    /// <summary>The one block of a section that uses exactly these variables.</summary>
    public static Task RunAsync(string section, params (string Name, string Value)[] values)
    {
        var block = Assert.Single(Blocks[section], b => Variable().Matches(Quoted().Replace(FirstLine(b), "")).Select(m => m.Groups[1].Value).ToHashSet().SetEquals(values.Select(v => v.Name)));
        return PostgresProgram.RunAsync(block[FirstLine(block).Length..], values);
    }

    private static string FirstLine(string block) => block[..block.IndexOf('\n')];

    [GeneratedRegex("^```sh\\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex ShellBlock();

    [GeneratedRegex("'[^']*'")]
    private static partial Regex Quoted();

    [GeneratedRegex("(?:^| )([a-z]+)=")]
    private static partial Regex Variable();
}
