using System.Collections.Immutable;
using System.Globalization;
using PoolWatch.Api;
using PoolWatch.Commands;
using PoolWatch.ReadModel;

namespace PoolWatch.History;

/// <summary>What somebody wants to export, read from the options of the command.</summary>
/// <param name="From">First moment or height; null for that of the chain.</param>
/// <param name="To">Last moment or height; null for that of the chain.</param>
/// <param name="StepSeconds">Distance of the moments; null for every block.</param>
/// <param name="Windows">Lengths of windows, rising.</param>
/// <param name="Layers">Names of layers; empty for all.</param>
/// <param name="Metrics">Names of gauges; empty for all.</param>
/// <param name="Format">Form of a table.</param>
internal sealed record ExportRequest(
    HistoryBound? From, HistoryBound? To, long? StepSeconds, IReadOnlyList<int> Windows, IReadOnlyList<string> Layers, IReadOnlyList<string> Metrics, string Format)
{
    private const int LongestWindow = 10_000_000;
    private static readonly Dictionary<char, long> Units = new() { ['s'] = 1, ['m'] = 60, ['h'] = 3_600, ['d'] = 86_400, ['w'] = 604_800 };

    /// <summary>Reads the options that <paramref name="what"/> takes; those that it does not take were refused before.</summary>
    /// <returns>Null and every error: which option, what would be right.</returns>
    public static (ExportRequest? Request, IReadOnlyList<string> Errors) Read(string what, CommandArguments arguments)
    {
        var errors = new List<string>();
        var shares = what == "shares";
        var request = new ExportRequest(
            Bound("from"), Bound("to"), Step(arguments["step"] ?? "1d", what, errors),
            Numbers(arguments["window"] ?? (shares ? Text(WindowQuery.DefaultWindow) : null), errors),
            List(arguments["layer"] ?? (shares ? Core.Layers.Layer.PoolName : "")), List(arguments["metric"] ?? ""), arguments["format"] ?? TableText.Csv);
        errors.AddRange(request.Metrics.Except(OpenMetricsExport.Families).Select(m => $"--metric: '{m}' has no history; there are {string.Join(", ", OpenMetricsExport.Families)}."));
        if (request.Format is not (TableText.Csv or TableText.Ndjson))
        {
            errors.Add($"--format must be {TableText.Csv} or {TableText.Ndjson}, not '{request.Format}'.");
        }

        errors.AddRange(arguments.Options.Where(o => string.IsNullOrEmpty(o.Value)).Select(o => $"--{o.Key} needs a value: --{o.Key}=…"));
        return errors.Count == 0 ? (request, []) : (null, errors);

        HistoryBound? Bound(string option)
        {
            if (arguments[option] is not { Length: > 0 } text)
            {
                return null;
            }

            if (!HistoryBound.TryParse(text, out var bound))
            {
                errors.Add($"--{option} must be {HistoryBound.Forms}, not '{text}'.");
            }

            return bound;
        }
    }

    public bool Wants(string metric) => Metrics.Count == 0 || Metrics.Contains(metric);

    /// <summary>What no chain of this snapshot can answer; null for nothing.</summary>
    public string? WhyRefused(Snapshot snapshot) => Layers.FirstOrDefault(l => snapshot.Layers.Find(l) is null) is { } layer
        ? $"--layer: there is no layer '{layer}'; there are {string.Join(", ", snapshot.Layers.All.Select(l => l.Name))}."
        : null;

    public IEnumerable<LayerMeasures> LayersOf(Snapshot snapshot) => snapshot.Layers.All.Where(l => Layers.Count == 0 || Layers.Contains(l.Name));

    private static long? Step(string text, string what, List<string> errors)
    {
        if (text == "block" && what is not "openmetrics")
        {
            return null;
        }

        if (text.Length > 1 && Units.TryGetValue(text[^1], out var unit) && QueryRules.TryInteger(text[..^1], out var number) && number > 0)
        {
            return number * unit;
        }

        errors.Add(text == "block"
            ? "--step must be a length of time for openmetrics, because several blocks may have the same time and a series has one number at a time: --step=10m, for example."
            : $"--step must be a number with a unit (s, m, h, d or w) such as 1d or 6h{(what == "openmetrics" ? "" : ", or block for every block")}, not '{text}'.");
        return null;
    }

    private static ImmutableArray<int> Numbers(string? text, List<string> errors)
    {
        if (text is null)
        {
            return BlockWindow.StandardLengths;
        }

        var numbers = new SortedSet<int>();
        foreach (var one in text.Split(','))
        {
            if (QueryRules.TryInteger(one, out var number) && number is >= 1 and <= LongestWindow)
            {
                numbers.Add(number);
            }
            else
            {
                errors.Add($"--window must be lengths in blocks apart by commas, 1 to {LongestWindow} each, such as 144,2016; '{one}' is none.");
            }
        }

        return [.. numbers];
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
