using System.Text;
using PoolWatch.Commands;
using PoolWatch.History;

namespace PoolWatch.Tests.History;

/// <summary>What the options of an export mean, and what is said of those that mean nothing.</summary>
public sealed class ExportArgumentTests
{
    private static readonly string[] Options = ["from", "to", "step", "window", "layer", "metric", "format"];

    private static readonly ChainView Chain = ChainView.StartingAt(100).Append(
        [new(0, 1_000, 0), new(0, 1_600, 0), new(0, 1_600, 0), new(0, 2_900, 0), new(0, 3_601, 0), new(0, 7_000, 0)]);

    [Theory]
    [InlineData("--from must be a date such as 2023-01-01, a time such as 2023-01-01T12:00:00Z or a height, not 'yesterday'.", "--from=yesterday")]
    [InlineData("--to must be a date", "--to=2023-1-1")]
    [InlineData("--to must be a date", "--to=2023-01-01T12:00:00")]
    [InlineData("--step must be a number with a unit (s, m, h, d or w) such as 1d or 6h, not '1 day'.", "--step=1 day")]
    [InlineData("--step must be a number", "--step=0d")]
    [InlineData("--step must be a length of time for openmetrics, because several blocks may have the same time", "--step=block")]
    [InlineData("--window must be lengths in blocks apart by commas, 1 to 10000000 each, such as 144,2016; '1w' is none.", "--window=144,1w")]
    [InlineData("--window must be", "--window=0")]
    [InlineData("--metric: 'poolwatch_hhi' has no history; there are poolwatch_chain_info,", "--metric=poolwatch_hhi")]
    [InlineData("--format must be csv or ndjson, not 'xml'.", "--format=xml")]
    [InlineData("--from needs a value: --from=…", "--from")]
    [InlineData("--layer needs a value: --layer=…", "--layer=")]
    public void An_option_that_means_nothing_is_named_with_what_would_be_right(string expected, string option)
    {
        var (request, errors) = ExportRequest.Read("openmetrics", CommandArguments.Parse([option], Options));
        Assert.Null(request);
        Assert.Contains(errors, e => e.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_given_is_every_day_of_every_standard_window()
    {
        var (request, _) = ExportRequest.Read("measures", CommandArguments.Parse([], Options));
        Assert.Equal((86_400L, "csv"), (request!.StepSeconds, request.Format));
        Assert.Equal(BlockWindow.StandardLengths, request.Windows);
        Assert.Empty(request.Layers);
        var (shares, _) = ExportRequest.Read("shares", CommandArguments.Parse(["--step=block"], Options));
        Assert.Equal((2016, "pool", null), (Assert.Single(shares!.Windows), Assert.Single(shares.Layers), shares.StepSeconds));
    }

    [Theory]
    [InlineData(null, null, 600, "1200@100 1800@102 2400@102 3000@103 3600@103 4200@104 4800@104 5400@104 6000@104 6600@104")]
    [InlineData("1970-01-01T00:20:01Z", "1970-01-01T01:00:01Z", 1_200, "1201@100 2401@102 3601@104")]
    [InlineData("1970-01-01", "104", 1_000, "1000@100 2000@102 3000@103")]
    [InlineData("105", "2040-01-01", 86_400, "7000@105")]
    public void A_moment_has_the_last_block_whose_median_time_past_is_not_later(string? from, string? to, long step, string expected)
    {
        var (range, _) = HistoryRange.Find(Chain, Bound(from), Bound(to));
        var (moments, error) = HistoryMoments.Every(Chain, range!, step);
        Assert.Null(error);
        Assert.Equal(expected, string.Join(' ', Enumerable.Range(0, moments!.Count).Select(i => $"{moments.Times[i]}@{moments.Heights[i]}")));
    }

    [Theory]
    [InlineData(null, null, 100, 105)]
    [InlineData("1970-01-01T00:26:40Z", "1970-01-01T00:50:00Z", 103, 103)]
    [InlineData("1970-01-01T00:26:39Z", "1970-01-01T02:00:00Z", 101, 105)]
    [InlineData("102", "1970-01-01T00:26:40Z", 102, 102)]
    public void Times_leave_out_the_blocks_of_the_first_and_take_those_of_the_last(string? from, string? to, int first, int last)
    {
        var (range, _) = HistoryRange.Find(Chain, Bound(from), Bound(to));
        Assert.Equal(new BlockWindow(first, last), range!.Blocks);
    }

    [Theory]
    [InlineData("106", null, "--from=106 is no stored height: there are 100 to 105.")]
    [InlineData("1970-01-01T00:30:00Z", "1970-01-01T00:31:00Z", "No block has a median time past between --from and --to.")]
    [InlineData(null, "1970-01-01T00:00:01Z", "--to is earlier than the stored chain, whose first block has the median time past 1970-01-01T00:16:40Z.")]
    public void A_range_without_blocks_is_refused(string? from, string? to, string expected)
    {
        var (range, error) = HistoryRange.Find(Chain, Bound(from), Bound(to));
        Assert.Null(range);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_field_of_csv_is_quoted_where_it_must_be()
    {
        using var stream = new MemoryStream();
        using var table = TableText.Open("csv", stream, ["plain", "quoted", "number", "none"]);
        table.AddText("F2Pool");
        table.AddText("a \"b\", c\nd");
        table.AddNumber(0.1);
        table.AddNumber(null);
        table.EndRow();
        table.Flush();
        Assert.Equal("plain,quoted,number,none\r\nF2Pool,\"a \"\"b\"\", c\nd\",0.1,\r\n", Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static HistoryBound? Bound(string? text) =>
        text is null ? null : HistoryBound.TryParse(text, out var bound) ? bound : throw new ArgumentException(text);
}
