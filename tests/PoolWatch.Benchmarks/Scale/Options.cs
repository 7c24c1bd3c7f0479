using System.Globalization;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>Options of a measurement, written <c>--name=value</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values;

    private Options(Dictionary<string, string> values) => _values = values;

    public static Options Parse(IEnumerable<string> args, params string[] known)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var arg in args)
        {
            var parts = arg.TrimStart('-').Split('=', 2);
            if (parts.Length != 2 || !known.Contains(parts[0]))
            {
                throw new ArgumentException($"'{arg}' is no option; there are {string.Join(", ", known.Select(k => $"--{k}=…"))}.");
            }

            values[parts[0]] = parts[1];
        }

        return new Options(values);
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) =>
        _values.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
