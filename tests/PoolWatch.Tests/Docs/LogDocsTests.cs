using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>docs/operations.md says about every line that wants somebody what to do.</summary>
public sealed partial class LogDocsTests
{
    private static readonly IReadOnlyList<string[]> Rows =
        [.. Repository.Rows(Repository.Read("docs/operations.md")).Where(r => r.Length == 3 && Enum.GetNames<LogLevel>().Contains(r[1], StringComparer.OrdinalIgnoreCase))];

    private static readonly IReadOnlyList<LoggerMessageAttribute> Lines =
    [
        .. typeof(Installation).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>(),
    ];

    [Fact]
    public void Every_warning_and_error_is_documented_with_its_level()
    {
        var wanting = Lines.Where(l => l.Level >= LogLevel.Warning).ToList();
        Assert.True(wanting.Count > 5);
        Assert.All(wanting, line => Assert.True(
            Rows.Any(r => Begins(line, r[0]) && string.Equals(r[1], line.Level.ToString(), StringComparison.OrdinalIgnoreCase) && r[2].Length > 10),
            $"docs/operations.md has no row for the {line.Level} '{line.Message}'."));
    }

    [Fact]
    public void Every_documented_line_can_be_written() =>
        Assert.All(Rows, row => Assert.Contains(Lines, line => Begins(line, row[0])));

    private static bool Begins(LoggerMessageAttribute line, string documented) =>
        Placeholder().Replace(line.Message, "{…}").StartsWith(documented.Trim('`'), StringComparison.Ordinal);

    [GeneratedRegex("\\{[A-Za-z]+\\}")]
    private static partial Regex Placeholder();
}
