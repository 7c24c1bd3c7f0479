using System.Reflection;
using System.Text.Json;
using PoolWatch.Core.Concentration;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>docs/measures.md against the code: what is computed, and where it is published.</summary>
[Collection(SampleCollection.Name)]
public sealed class MeasuresDocsTests(SampleService sample)
{
    private static readonly Type[] Measures =
    [
        typeof(ConcentrationMeasures), typeof(HashRateEstimate), typeof(NakamotoRange), typeof(WilsonInterval), typeof(BinomialTail), typeof(Streaks),
        typeof(DoubleSpend), typeof(ShareShift), typeof(UnknownBound),
    ];

    private static readonly string Text = Repository.Read("docs/measures.md");
    private static readonly HashSet<string> Codes = [.. Repository.Rows(Text).SelectMany(row => row.SelectMany(Repository.Codes))];

    [Fact]
    public void Documentation_has_every_measure_and_no_other()
    {
        var methods = Measures.SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName).Select(method => $"{type.Name}.{method.Name}"));
        string[] parts = ["WindowMeasures.Shares", "WindowMeasures.Unknown", "WindowMeasures.Singles"];
        Assert.Equal(
            methods.Concat(parts).Distinct().Order(StringComparer.Ordinal), Repository.Rows(Text).Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));
        Assert.All(parts, part => Assert.NotNull(typeof(WindowMeasures).GetProperty(part.Split('.')[1])));
    }

    [Fact]
    public async Task Documentation_names_every_metric_of_a_layer_and_none_that_is_not_there()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var named = Codes.Where(code => code.StartsWith("poolwatch_", StringComparison.Ordinal)).ToHashSet();
        Assert.Subset(page.Types.Keys.ToHashSet(), named);
        Assert.Subset(named, page.Samples.Where(s => s.Labels.Any(l => l.Name == "layer") && s.Labels.Any(l => l.Name == "window")).Select(s => s.Name).ToHashSet());
    }

    [Fact]
    public async Task Documentation_names_every_field_of_concentration_and_none_that_is_not_there()
    {
        var concentration = Fields(await sample.Service.GetTextAsync("/v1/concentration?window=2016"));
        var shares = Fields(await sample.Service.GetTextAsync("/v1/shares?window=2016"));
        var named = Codes.Where(code => char.IsLower(code[0]) && !code.Contains('_', StringComparison.Ordinal)).ToHashSet();
        Assert.Subset(concentration.Union(shares).ToHashSet(), named);
        Assert.Subset(named, concentration.Where(field => field.Split('.')[0] is not ("window" or "layer" or "attributedBy")).ToHashSet());
    }

    /// <summary>Paths of the numbers and texts of an answer; of a list those of its first element. Ends of an interval and the like are one field.</summary>
    private static HashSet<string> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. Leaves(document.RootElement, "").Select(path => path.TrimStart('.').Split('.')).Select(path => string.Join('.', path[0] switch
        {
            "top" or "doubleSpends" or "largest" => path[..1],
            "hashRate" => path[..^1],
            _ => path,
        }))];
    }

    private static IEnumerable<string> Leaves(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Leaves(field.Value, $"{path}.{field.Name}")),
        JsonValueKind.Array => element.EnumerateArray().Take(1).SelectMany(first => Leaves(first, path)),
        _ => [path],
    };
}
