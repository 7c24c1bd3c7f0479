using System.Globalization;

namespace PoolWatch.Tests.Support;

/// <summary>A block of main and the pool that a public list names for it.</summary>
public sealed record SampleLabel(int Height, uint Time, string Pool)
{
    /// <summary>Reads a line of a label list: height, time, slug.</summary>
    public static SampleLabel Parse(string line)
    {
        var fields = line.Split(',');
        return new SampleLabel(
            int.Parse(fields[0], CultureInfo.InvariantCulture), uint.Parse(fields[1], CultureInfo.InvariantCulture), fields[2]);
    }
}

/// <summary>The label sequence of the bundled sample chain.</summary>
public static class SampleLabels
{
    public static IReadOnlyList<SampleLabel> Load()
    {
        using var stream = typeof(SampleLabels).Assembly.GetManifestResourceStream("sample-chain.csv")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(SampleLabel.Parse)];
    }
}
