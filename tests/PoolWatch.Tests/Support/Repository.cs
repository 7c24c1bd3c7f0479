namespace PoolWatch.Tests.Support;

/// <summary>The files of the working copy that the tests were built from.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(PathOf(relative));

    /// <summary>Paths below a folder that match a pattern, relative to the root.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern) =>
        [.. Directory.EnumerateFiles(PathOf(folder), pattern, SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f)).Order(StringComparer.Ordinal)];

    /// <summary>Rows of the Markdown tables of a text, as cells, without heads.</summary>
    public static IEnumerable<string[]> Rows(string markdown) => markdown.Split('\n')
        .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
        .Select(l => l.Trim().Trim('|').Split(" | ").Select(c => c.Trim()).ToArray());

    /// <summary>The parts of a text that headings of a level begin, by the heading's first `code`.</summary>
    public static IReadOnlyDictionary<string, string> Sections(string markdown, string level) => markdown.Split($"\n{level} ").Skip(1)
        .Where(s => s.StartsWith('`'))
        .ToDictionary(s => s.Split('`')[1], s => s);

    public static IEnumerable<string> Codes(string text) => text.Split('`').Where((_, i) => i % 2 == 1);

    /// <summary>Compares with a golden file; UPDATE_GOLDEN=1 writes it anew.</summary>
    public static void AssertGolden(string name, string actual)
    {
        var path = Path.Combine(Root, "tests", "PoolWatch.Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PoolWatch.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests do not lie within the repository.");
        }

        return folder.FullName;
    }
}
