namespace PoolWatch.Core.Tests.Fixtures;

/// <summary>The files of this folder, as copied beside the tests.</summary>
public static class FixtureFile
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    public static IReadOnlyList<string> Blocks =>
        [.. Directory.GetFiles(PathOf("blocks"), "*.bin").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    public static byte[] Block(string name) => File.ReadAllBytes(PathOf(Path.Combine("blocks", name)));
}
