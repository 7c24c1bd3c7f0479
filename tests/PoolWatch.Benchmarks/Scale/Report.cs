using System.Globalization;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>What was measured, as Markdown: on the console and, if wanted, in a file.</summary>
internal sealed class Report(string? path) : IDisposable
{
    private readonly StreamWriter? _file = path is null ? null : new StreamWriter(path);

    public void Line(FormattableString text) => Write(text.ToString(CultureInfo.InvariantCulture) + "\n");

    public void Table(params string[] heads)
    {
        Write($"| {string.Join(" | ", heads)} |");
        Write($"|{string.Concat(heads.Select(_ => "---|"))}");
    }

    public void Row(params object[] cells) => Write($"| {string.Join(" | ", cells.Select(Cell))} |");

    public void Dispose() => _file?.Dispose();

    private static string Cell(object cell) => cell switch
    {
        double and >= 100 => string.Create(CultureInfo.InvariantCulture, $"{cell:0}"),
        double => string.Create(CultureInfo.InvariantCulture, $"{cell:0.0}"),
        _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
    };

    private void Write(string line)
    {
        Console.WriteLine(line);
        _file?.WriteLine(line);
        _file?.Flush();
    }
}
