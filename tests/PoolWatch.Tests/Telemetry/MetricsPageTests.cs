using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Telemetry;

[Collection(SampleCollection.Name)]
public sealed partial class MetricsPageTests(SampleService sample)
{
    [Fact]
    public async Task The_whole_page_is_as_recorded() =>
        Repository.AssertGolden("metrics.txt", Normalised(await sample.Service.GetTextAsync("/metrics")));

    [Fact]
    public async Task Promtool_finds_nothing_to_complain_about()
    {
        var promtool = Environment.GetEnvironmentVariable("PROMTOOL") ?? "promtool";
        using var process = Process.Start(new ProcessStartInfo(promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        await process.StandardInput.WriteAsync(await sample.Service.GetTextAsync("/metrics"));
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)
            + await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", output);
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData(144)]
    [InlineData(432)]
    [InlineData(1008)]
    [InlineData(2016)]
    public async Task Every_value_of_a_window_is_what_the_labels_give(int window)
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var labels = SampleLabels.Load();
        var expected = new LabelMeasures([.. labels.TakeLast(window)]);
        foreach (var pool in new LabelMeasures([.. labels]).Pools.Keys)
        {
            var blocks = expected.Pools.GetValueOrDefault(pool);
            var interval = expected.Wilson(blocks);
            var series = $"layer=pool,pool={pool},window={window}";
            Assert.Equal(blocks, page.Value("poolwatch_pool_blocks", series));
            AssertClose((double)blocks / window, page.Value("poolwatch_pool_share_ratio", series));
            AssertClose(interval.Lower, page.Value("poolwatch_pool_share_lower_ratio", series));
            AssertClose(interval.Upper, page.Value("poolwatch_pool_share_upper_ratio", series));
        }

        AssertMeasures(page, expected, window);
        Assert.Equal(new LabelMeasures([.. labels]).Pools.Count, page.Of("poolwatch_pool_blocks").Count(s => s.Labels[0].Value == "pool" && s.Labels[2].Value == $"{window}"));
    }

    [Theory]
    [InlineData(144)]
    [InlineData(2016)]
    public async Task Streaks_and_risks_are_what_the_labels_give(int window)
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var labels = SampleLabels.Load().TakeLast(window).Select(l => l.Pool).ToList();
        var tip = labels[^1];
        var measures = new LabelMeasures([.. SampleLabels.Load().TakeLast(window)]);
        var largest = measures.Pools.Values.Max();
        foreach (var pool in labels.Distinct().Where(p => p != "unknown"))
        {
            var run = 0;
            var longest = labels.Max(l => run = l == pool ? run + 1 : 0);
            var series = $"layer=pool,pool={pool},window={window}";
            Assert.Equal(longest, page.Value("poolwatch_longest_streak_blocks", series));
            AssertLongestChance(page, series, longest, measures, pool);
            var current = pool == tip ? labels.AsEnumerable().Reverse().TakeWhile(l => l == pool).Count() : 0;
            Assert.Equal(current, page.Value("poolwatch_current_streak_blocks", $"layer=pool,pool={pool}"));
        }

        foreach (var confirmations in new[] { 1, 2, 3, 6, 10 })
        {
            var series = $"confirmations={confirmations},layer=pool,window={window}";
            Assert.Equal(Rosenfeld((double)largest / window, confirmations), page.Value("poolwatch_double_spend_probability", series), 1e-9);
            Assert.True(page.Value("poolwatch_double_spend_upper_probability", series) > page.Value("poolwatch_double_spend_probability", series));
        }
    }

    [Theory]
    [InlineData(144)]
    [InlineData(2016)]
    public async Task Estimates_are_those_of_the_labels_and_lie_around_them(int window)
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var labels = new LabelMeasures([.. SampleLabels.Load().TakeLast(window)]);
        int[] counts = [.. labels.Pools.Values];
        var series = $"layer=pool,window={window}";
        AssertInterval(HashRateEstimate.Hhi(counts, labels.Unknown)!.Value, "poolwatch_hhi_{0}_ratio", "unbiased");
        AssertInterval(HashRateEstimate.EntropyBits(counts, labels.Unknown)!.Value, "poolwatch_shannon_entropy_{0}", "estimate");
        AssertClose(((window * labels.HhiSeparate) - 1) / (window - 1), page.Value("poolwatch_hhi_unbiased_ratio", series));
        Assert.InRange(
            page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.5,unknown=separate,window={window}"),
            page.Value("poolwatch_nakamoto_lower_entities", series),
            page.Value("poolwatch_nakamoto_upper_entities", series));

        void AssertInterval(SamplingInterval expected, string name, string estimate)
        {
            Assert.Equal(expected.Estimate, page.Value(string.Format(CultureInfo.InvariantCulture, name, estimate), series), 1e-12);
            Assert.Equal(expected.Lower, page.Value(string.Format(CultureInfo.InvariantCulture, name, "lower"), series), 1e-12);
            Assert.Equal(expected.Upper, page.Value(string.Format(CultureInfo.InvariantCulture, name, "upper"), series), 1e-12);
            Assert.True(expected.Lower < expected.Estimate && expected.Estimate < expected.Upper);
        }
    }

    [Fact]
    public async Task A_large_pool_has_a_p_value_for_each_threshold_and_a_small_one_none()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var pools = new LabelMeasures(SampleLabels.Load()).Pools;
        foreach (var (pool, blocks) in pools)
        {
            var values = page.Of("poolwatch_share_exceeds_pvalue").Where(s => s.Labels[0].Value == "pool" && s.Labels[1].Value == pool && s.Labels[3].Value == "2016").ToList();
            Assert.Equal(10 * blocks >= 2016 ? 3 : 0, values.Count);
            Assert.All(values, v => Assert.Equal(BinomialTail.ExceedsPValue(blocks, 2016, v.Labels[2].Value switch
            {
                "0.333333" => Threshold.Third,
                "0.4" => Threshold.TwoFifths,
                _ => Threshold.Half,
            }), v.Value));
        }

        Assert.Contains(pools.Values, b => 10 * b >= 2016);
    }

    /// <summary>The sum as it stands in the paper.</summary>
    private static double Rosenfeld(double q, int n)
    {
        var (p, sum, ways) = (1 - q, 0.0, 1.0);
        for (var m = 0; m <= n; m++)
        {
            sum += ways * ((Math.Pow(p, n) * Math.Pow(q, m)) - (Math.Pow(p, m) * Math.Pow(q, n)));
            ways = ways * (m + n) / (m + 1);
        }

        return 1 - sum;
    }

    private static void AssertLongestChance(MetricsPage page, string series, int longest, LabelMeasures measures, string pool)
    {
        const string Name = "poolwatch_longest_streak_probability";
        var share = (double)measures.Pools[pool] / measures.Blocks;
        if (share >= 0.1)
        {
            Assert.Equal(measures.RunProbability(longest, share), page.Value(Name, series), 1e-12);
        }
        else
        {
            Assert.DoesNotContain(page.Of(Name), s => s.Labels[0].Value == "pool" && s.Labels[1].Value == pool && s.Labels[2].Value == $"{measures.Blocks}");
        }
    }

    private static void AssertMeasures(MetricsPage page, LabelMeasures expected, int window)
    {
        AssertClose((double)expected.Unknown / window, page.Value("poolwatch_unknown_share_ratio", $"window={window}"));
        Assert.All(Enumerable.Range(1, 6), n => AssertClose(expected.Top(n), page.Value("poolwatch_top_share_ratio", $"layer=pool,n={n},window={window}")));
        AssertClose(expected.HhiSeparate, page.Value("poolwatch_hhi_ratio", $"layer=pool,unknown=separate,window={window}"));
        AssertClose(expected.HhiExcluded, page.Value("poolwatch_hhi_ratio", $"layer=pool,unknown=excluded,window={window}"));
        AssertClose(expected.HhiLargest, page.Value("poolwatch_hhi_ratio", $"layer=pool,unknown=largest,window={window}"));
        AssertClose(1 / expected.HhiSeparate, page.Value("poolwatch_effective_entities", $"layer=pool,unknown=separate,window={window}"));
        AssertClose(1 / expected.HhiLargest, page.Value("poolwatch_effective_entities", $"layer=pool,unknown=largest,window={window}"));
        AssertClose(expected.EntropyBits, page.Value("poolwatch_shannon_entropy", $"layer=pool,window={window}"));
        AssertClose(expected.Gini, page.Value("poolwatch_gini_ratio", $"layer=pool,window={window}"));
        Assert.Equal(expected.Nakamoto(1, 3), page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.333333,unknown=separate,window={window}"));
        Assert.Equal(expected.Nakamoto(1, 2), page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.5,unknown=separate,window={window}"));
        Assert.Equal(expected.Nakamoto(2, 3), page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.666667,unknown=separate,window={window}"));
        Assert.Equal(expected.NakamotoLargest(1, 3), page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.333333,unknown=largest,window={window}"));
        Assert.Equal(expected.NakamotoLargest(1, 2), page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.5,unknown=largest,window={window}"));
        Assert.Equal(expected.NakamotoLargest(2, 3), page.Value("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.666667,unknown=largest,window={window}"));
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-12);

    /// <summary>Values that differ from run to run: how often and how long runs took, when the last one succeeded, which version runs.</summary>
    private static string Normalised(string page) => Version().Replace(Volatile().Replace(page, "$1 (varies)"), "$1(varies)$2");

    [GeneratedRegex("^(poolwatch_sync_duration_seconds_[^ ]+|poolwatch_sync_last_success_timestamp_seconds|poolwatch_pool_list_applied_timestamp_seconds|poolwatch_sync_runs_total\\{problem=\"none\"\\}) .*$", RegexOptions.Multiline)]
    private static partial Regex Volatile();

    [GeneratedRegex("(poolwatch_build_info\\{version=\")[^\"]*(\")")]
    private static partial Regex Version();
}
