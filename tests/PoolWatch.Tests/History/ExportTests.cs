using System.Globalization;
using System.Text.Json;
using PoolWatch.History;
using PoolWatch.Tests.Deployment;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.History;

/// <summary>The real program writes the stored history of the sample chain.</summary>
[Collection(SampleCollection.Name)]
public sealed class ExportTests(SampleService sample)
{
    private const int Tip = 946_236;
    private static readonly IReadOnlyList<SampleLabel> Labels = SampleLabels.Load();

    [Fact]
    public async Task At_the_tip_every_exported_gauge_has_the_text_and_the_numbers_of_the_metrics_page()
    {
        var page = await sample.Service.GetTextAsync("/metrics");
        var text = await ExportAsync("openmetrics", $"--from={Tip}", $"--to={Tip}");
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        var heads = text.Split('\n').Where(l => l.StartsWith("# ", StringComparison.Ordinal) && l != "# EOF").ToList();
        Assert.Subset(page.Split('\n').ToHashSet(), heads.ToHashSet());
        Assert.Equal(OpenMetricsExport.Families.Select(f => $"# TYPE {f} gauge"), heads.Where(h => h.StartsWith("# TYPE", StringComparison.Ordinal)));

        var served = new MetricsPage(page);
        var exported = new MetricsPage(WithoutTimes(text));
        var values = Series(served);
        Assert.Equal(values.Keys.Order(StringComparer.Ordinal), Series(exported).Keys.Order(StringComparer.Ordinal));
        Assert.All(Series(exported), s => Assert.Equal(values[s.Key], s.Value, 1e-12));
        Assert.Equal(1, exported.Value("poolwatch_chain_info", "network=sample,sample=1,source=export"));
        Assert.All(text.Split('\n').Where(l => l.Length > 0 && l[0] != '#'), l => Assert.EndsWith($" {TimeOf(Tip)}", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Past_moments_have_the_measures_of_the_chain_as_it_was()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "measures.csv");
        Assert.Equal("", await ExportAsync("measures", "--from=2026-04-15", "--step=12h", "--window=144,432,5000", "--layer=pool,template", $"--output={path}"));
        var rows = Csv(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(MeasuresExport.Columns, rows[0]);
        var moments = rows.Skip(1).Select(r => r[0]).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Equal("2026-04-15T00:00:00Z", moments[0]);
        Assert.Equal(TimeSpan.FromHours(12), Time(moments[1]) - Time(moments[0]));
        Assert.Equal(4 * moments.Count, rows.Count - 1);
        foreach (var row in rows.Skip(1).Select(r => MeasuresExport.Columns.Zip(r).ToDictionary(c => c.First, c => c.Second)))
        {
            var height = int.Parse(row["height"]);
            Assert.True(TimeOf(height) <= Time(row["time"]).ToUnixTimeSeconds() && TimeOf(height + 1) > Time(row["time"]).ToUnixTimeSeconds());
            await AssertAsServedAsync(row, height);
        }
    }

    [Fact]
    public async Task What_a_window_of_one_block_does_not_have_is_null()
    {
        var text = await ExportAsync("measures", $"--from={Tip}", "--step=block", "--window=1", "--layer=pool", "--format=ndjson");
        var row = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(MeasuresExport.Columns, row.EnumerateObject().Select(p => p.Name));
        string[] absent = ["hhi_unbiased", "hhi_lower", "hhi_upper", "entropy_estimate", "entropy_lower", "entropy_upper"];
        Assert.All(absent, column => Assert.Equal(JsonValueKind.Null, row.GetProperty(column).ValueKind));
        Assert.Equal((0, 1, 1), (row.GetProperty("evenness").GetDouble(), row.GetProperty("nakamoto_lower").GetInt32(), row.GetProperty("double_spend").GetInt32()));

        // One block proves nobody's majority.
        Assert.Equal(JsonValueKind.Null, row.GetProperty("nakamoto_upper").ValueKind);
    }

    [Fact]
    public async Task Shares_are_objects_in_lines()
    {
        var rows = (await ExportAsync("shares", $"--from={Tip}", "--step=block", "--window=1008", "--layer=template", "--format=ndjson"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToList();
        Assert.All(rows, r => Assert.Equal(SharesExport.Columns, r.EnumerateObject().Select(p => p.Name)));
        var served = await sample.Service.GetAsync("/v1/shares?window=1008&layer=template");
        var entities = rows.Where(r => r.GetProperty("kind").GetString() is "pool" or "group").ToList();
        Assert.Equal(
            served.GetProperty("pools").EnumerateArray().Select(p => (p.GetProperty("slug").GetString(), p.GetProperty("blocks").GetInt32(), p.GetProperty("lower").GetDouble())),
            entities.Select(r => (r.GetProperty("pool").GetString(), r.GetProperty("blocks").GetInt32(), r.GetProperty("lower").GetDouble())));
        Assert.Equal("group", entities.Single(r => r.GetProperty("pool").GetString() == LabelLayers.See(LabelLayers.Template, [new SampleLabel(0, 0, "antpool")])[0].Pool).GetProperty("kind").GetString());
        Assert.Equal(1008, rows.Sum(r => r.GetProperty("blocks").GetInt32()));
        Assert.Equal(JsonValueKind.Null, rows.Single(r => r.GetProperty("kind").GetString() == "miners").GetProperty("lower").ValueKind);
    }

    [Fact]
    public async Task Blocks_are_rows_of_the_active_chain()
    {
        var rows = Csv(await ExportAsync("blocks", "--from=946000", "--to=946100"));
        Assert.Equal(BlocksExport.Columns, rows[0]);
        Assert.Equal(Labels.Where(l => l.Height is >= 946_000 and <= 946_100).Select(l => (l.Height, l.Pool)), rows.Skip(1).Select(r => (int.Parse(r[0]), r[4])));
        var served = await sample.Service.GetAsync("/v1/blocks/946050");
        var row = rows[51];
        Assert.Equal(served.GetProperty("hash").GetString(), row[1]);
        Assert.Equal(served.GetProperty("time").GetString(), row[2]);
        Assert.Equal(served.GetProperty("pool").GetProperty("name").GetString(), row[5]);
        var lines = (await ExportAsync("blocks", "--from=2026-04-21", "--to=2026-04-22", "--format=ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Labels.Count(l => TimeOf(l.Height) is > 1_776_729_600 and <= 1_776_816_000), lines.Length);
    }

    [Theory]
    [InlineData("--from is later than --to.", "measures", "--from=2026-04-20", "--to=2026-04-19")]
    [InlineData("--from=12 is no stored height: there are 944221 to 946236.", "blocks", "--from=12")]
    [InlineData("--from is later than the stored chain", "openmetrics", "--from=2030-01-01")]
    [InlineData("--layer: there is no layer 'custdy'; there are pool, legal, template, custody.", "shares", "--layer=custdy")]
    [InlineData("at most 1000000 are possible", "measures", "--step=1s")]
    [InlineData("'--steps' is no setting", "measures", "--steps")]
    [InlineData("export blocks takes no 'today', only --from=", "blocks", "today")]
    public async Task What_can_not_be_exported_is_said_and_nothing_is_written(string expected, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(expected, errors, StringComparison.Ordinal);
    }

    private async Task AssertAsServedAsync(Dictionary<string, string> row, int height)
    {
        var from = height - int.Parse(row["window"]) + 1;
        var served = await sample.Service.GetAsync($"/v1/concentration?from={from}&to={height}&layer={row["layer"]}");
        var (hhi, nakamoto) = (served.GetProperty("hhi"), served.GetProperty("nakamoto"));
        foreach (var (column, value) in new[]
        {
            ("hhi", hhi.GetProperty("separate")), ("hhi_excluded", hhi.GetProperty("excluded")), ("hhi_largest", hhi.GetProperty("largest")), ("hhi_unbiased", hhi.GetProperty("unbiased")),
            ("nakamoto", nakamoto.GetProperty("half")), ("nakamoto_third", nakamoto.GetProperty("third")), ("nakamoto_two_thirds", nakamoto.GetProperty("twoThirds")),
            ("nakamoto_largest", nakamoto.GetProperty("halfLargest")), ("top1_share", served.GetProperty("top").GetProperty("1")), ("top6_share", served.GetProperty("top").GetProperty("6")),
            ("effective_hhi", served.GetProperty("effective").GetProperty("hhi")), ("effective_entropy", served.GetProperty("effective").GetProperty("entropy")),
            ("entropy_bits", served.GetProperty("entropyBits")), ("gini", served.GetProperty("gini")), ("unknown_share", served.GetProperty("unknownShare")),
        })
        {
            AssertSame(value, row[column]);
        }

        AssertEstimates(row, served);
    }

    /// <summary>What the table of stored history does not have.</summary>
    private static void AssertEstimates(Dictionary<string, string> row, JsonElement served)
    {
        var (hhi, entropy, nakamoto) = (served.GetProperty("hashRate").GetProperty("hhi"), served.GetProperty("hashRate").GetProperty("entropyBits"), served.GetProperty("hashRate").GetProperty("nakamoto"));
        var risk = served.GetProperty("doubleSpends").EnumerateArray().Single(r => r.GetProperty("confirmations").GetInt32() == 6);
        foreach (var (column, value) in new[]
        {
            ("hhi_lower", hhi.GetProperty("lower")), ("hhi_unbiased", hhi.GetProperty("estimate")), ("hhi_upper", hhi.GetProperty("upper")),
            ("entropy_lower", entropy.GetProperty("lower")), ("entropy_estimate", entropy.GetProperty("estimate")), ("entropy_upper", entropy.GetProperty("upper")),
            ("nakamoto_lower", nakamoto.GetProperty("half").GetProperty("lower")), ("nakamoto_upper", nakamoto.GetProperty("half").GetProperty("upper")),
            ("nakamoto_third_lower", nakamoto.GetProperty("third").GetProperty("lower")), ("nakamoto_third_upper", nakamoto.GetProperty("third").GetProperty("upper")),
            ("nakamoto_two_thirds_lower", nakamoto.GetProperty("twoThirds").GetProperty("lower")), ("nakamoto_two_thirds_upper", nakamoto.GetProperty("twoThirds").GetProperty("upper")),
            ("double_spend", risk.GetProperty("atShare")), ("double_spend_upper", risk.GetProperty("atUpperBound")),
        })
        {
            AssertSame(value, row[column]);
        }

        var entities = Math.Log2(served.GetProperty("entities").GetInt32());
        Assert.Equal(served.GetProperty("entropyBits").GetDouble() / entities, Number(row["evenness"]), 1e-11);
        Assert.Equal(entities, Number(row["hartley_bits"]), 1e-11);
        Assert.Equal(-Math.Log2(served.GetProperty("hhi").GetProperty("separate").GetDouble()), Number(row["collision_bits"]), 1e-11);
        Assert.Equal(-Math.Log2(served.GetProperty("top").GetProperty("1").GetDouble()), Number(row["min_entropy_bits"]), 1e-11);
    }

    private static void AssertSame(JsonElement served, string exported)
    {
        if (served.ValueKind == JsonValueKind.Null)
        {
            Assert.Equal("", exported);
        }
        else
        {
            Assert.Equal(served.GetDouble(), Number(exported), 1e-11);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private async Task<string> ExportAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments) =>
        CommandLine.RunAsync(["export", .. arguments, $"--ConnectionStrings:PoolWatch={sample.ConnectionString}", "--PoolWatch:Source=sample"]);

    /// <summary>By name and labels, whatever their order.</summary>
    private static Dictionary<string, double> Series(MetricsPage page) => OpenMetricsExport.Families.Where(f => f != "poolwatch_chain_info").SelectMany(page.Of)
        .ToDictionary(s => $"{s.Name} {string.Join(',', s.Labels.OrderBy(l => l.Name, StringComparer.Ordinal))}", s => s.Value);

    private static string WithoutTimes(string text) =>
        string.Join('\n', text.Split('\n').Where(l => l != "# EOF").Select(l => l.StartsWith('#') || l.Length == 0 ? l : l[..l.LastIndexOf(' ')]));

    private static List<string[]> Csv(string text)
    {
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        return [.. text.Split("\r\n")[..^1].Select(l => l.Split(','))];
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Median time past of a block of the sample; of one above the tip, the end of time.</summary>
    private static long TimeOf(int height)
    {
        var times = Labels.Take(height - Labels[0].Height + 1).TakeLast(MedianTimePast.Span).Select(l => l.Time).Order().ToList();
        return height > Tip ? long.MaxValue : times[times.Count / 2];
    }
}
