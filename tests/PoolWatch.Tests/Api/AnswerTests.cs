using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

[Collection(SampleCollection.Name)]
public sealed class AnswerTests(SampleService sample)
{
    private static readonly IReadOnlyList<SampleLabel> Labels = SampleLabels.Load();

    [Fact]
    public async Task The_OpenAPI_document_is_as_recorded()
    {
        var text = await sample.Service.GetTextAsync("/openapi/v1.json");
        Repository.AssertGolden("openapi.json", text.Replace(sample.Service.Http.BaseAddress!.ToString(), "http://127.0.0.1:8080/", StringComparison.Ordinal) + "\n");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(144)]
    [InlineData(1000)]
    [InlineData(2016)]
    public async Task Shares_and_measures_of_a_window_are_what_the_labels_give(int window)
    {
        var expected = new LabelMeasures([.. Labels.TakeLast(window)]);
        var shares = await sample.Service.GetAsync($"/v1/shares?window={window}");
        var pools = shares.GetProperty("pools").EnumerateArray().ToList();
        Assert.Equal(expected.Pools.OrderBy(p => p.Key), pools.Select(p => KeyValuePair.Create(p.GetProperty("slug").GetString()!, p.GetProperty("blocks").GetInt32())).OrderBy(p => p.Key));
        Assert.Equal(pools.Select(p => p.GetProperty("blocks").GetInt32()).OrderDescending(), pools.Select(p => p.GetProperty("blocks").GetInt32()));
        Assert.All(pools, p => Assert.Equal((double)p.GetProperty("blocks").GetInt32() / window, p.GetProperty("share").GetDouble()));
        Assert.All(pools, p => Assert.Equal(expected.Wilson(p.GetProperty("blocks").GetInt32()).Upper, p.GetProperty("upper").GetDouble(), 1e-12));
        Assert.Equal(expected.Unknown, shares.GetProperty("unknown").GetProperty("blocks").GetInt32());

        var measures = await sample.Service.GetAsync($"/v1/concentration?window={window}");
        Assert.Equal(expected.HhiSeparate, measures.GetProperty("hhi").GetProperty("separate").GetDouble(), 1e-12);
        Assert.Equal(expected.HhiLargest, measures.GetProperty("hhi").GetProperty("largest").GetDouble(), 1e-12);
        Assert.Equal(expected.Nakamoto(1, 2), measures.GetProperty("nakamoto").GetProperty("half").GetInt32());
        Assert.Equal(expected.Nakamoto(2, 3), measures.GetProperty("nakamoto").GetProperty("twoThirds").GetInt32());
        Assert.Equal(expected.Top(3), measures.GetProperty("top").GetProperty("3").GetDouble(), 1e-12);
        Assert.Equal(expected.Gini, measures.GetProperty("gini").GetDouble(), 1e-12);
        Assert.Equal(Math.Pow(2, expected.EntropyBits), measures.GetProperty("effective").GetProperty("entropy").GetDouble(), 1e-9);
        var unbiased = measures.GetProperty("hhi").GetProperty("unbiased");
        Assert.Equal(window == 1 ? JsonValueKind.Null : JsonValueKind.Number, unbiased.ValueKind);
        if (window > 1)
        {
            Assert.Equal(expected.HhiUnbiased, unbiased.GetDouble(), 1e-12);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(144)]
    [InlineData(1000)]
    public async Task A_longest_streak_has_the_chance_of_the_pools_share_in_this_window(int window)
    {
        var labels = Labels.TakeLast(window).ToList();
        var expected = new LabelMeasures(labels);
        foreach (var pool in (await sample.Service.GetAsync($"/v1/shares?window={window}")).GetProperty("pools").EnumerateArray())
        {
            var (slug, run) = (pool.GetProperty("slug").GetString()!, 0);
            var longest = labels.Max(l => run = l.Pool == slug ? run + 1 : 0);
            Assert.Equal(longest, pool.GetProperty("longestStreak").GetInt32());
            var chance = expected.RunProbability(longest, (double)expected.Pools[slug] / window);
            Assert.Equal(chance, pool.GetProperty("longestStreakProbability").GetDouble(), 1e-12);
        }
    }

    [Fact]
    public async Task Without_parameters_the_window_is_a_difficulty_period() =>
        Assert.Equal(await TextAsync("/v1/shares?window=2016"), await TextAsync("/v1/shares?layer=pool"));

    [Theory]
    [InlineData("/v1/shares")]
    [InlineData("/v1/concentration")]
    public async Task Heights_and_times_name_the_same_window_as_its_length(string address)
    {
        var byLength = await TextAsync($"{address}?window=500");
        Assert.Equal(byLength, await TextAsync($"{address}?from={Labels[^500].Height}&to={Labels[^1].Height}"));

        // A time span excludes the block at its start: the one below the window.
        var below = await MedianTimeAsync(Labels[^501].Height);
        Assert.True(string.CompareOrdinal(below, await MedianTimeAsync(Labels[^500].Height)) < 0, "The window must begin where median time moves.");
        Assert.Equal(byLength, await TextAsync($"{address}?from={below}&to={await MedianTimeAsync(Labels[^1].Height)}"));
        Assert.Equal(byLength, await TextAsync($"{address}?from={below.Replace("Z", ".000%2B00:00", StringComparison.Ordinal)}&to=2030-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task A_windows_times_are_median_times_past()
    {
        var window = (await sample.Service.GetAsync("/v1/shares?window=100")).GetProperty("window");
        Assert.Equal(MedianTime(Labels.Count - 100), window.GetProperty("fromTime").GetDateTime());
        Assert.Equal(MedianTime(Labels.Count - 1), window.GetProperty("toTime").GetDateTime());
        Assert.NotEqual(MedianTime(Labels.Count - 1), DateTime.UnixEpoch.AddSeconds(Labels[^1].Time));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(999)]
    [InlineData(144)]
    public async Task Paging_covers_every_block_once(int limit)
    {
        var (heights, query) = (new List<int>(), $"limit={limit}");
        while (true)
        {
            var page = await sample.Service.GetAsync($"/v1/blocks?{query}");
            heights.AddRange(page.GetProperty("blocks").EnumerateArray().Select(b => b.GetProperty("height").GetInt32()));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null)
            {
                break;
            }

            query = $"limit={limit}&before={page.GetProperty("next").GetInt32()}";
        }

        Assert.Equal(Labels.Select(l => l.Height).Reverse(), heights);
    }

    [Fact]
    public async Task A_block_is_the_same_by_height_and_by_hash_in_either_case()
    {
        var block = await sample.Service.GetAsync("/v1/blocks/946000");
        var hash = block.GetProperty("hash").GetString()!;
        Assert.Equal(await TextAsync("/v1/blocks/946000"), await TextAsync($"/v1/blocks/{hash}"));
        Assert.Equal(await TextAsync("/v1/blocks/946000"), await TextAsync($"/v1/blocks/{hash.ToUpperInvariant()}"));
        Assert.Equal(Labels.Single(l => l.Height == 946000).Pool, block.GetProperty("pool").GetProperty("slug").GetString());
        Assert.Equal(946000, block.GetProperty("coinbase").GetProperty("scriptSigHeight").GetInt32());
        Assert.Equal(312_500_000, block.GetProperty("coinbase").GetProperty("value").GetInt64());
    }

    [Fact]
    public async Task A_pools_blocks_and_heights_are_those_of_the_labels()
    {
        var pool = await sample.Service.GetAsync("/v1/pools/foundryusa");
        var blocks = Labels.Where(l => l.Pool == "foundryusa").ToList();
        Assert.Equal(blocks.Count, pool.GetProperty("blocks").GetInt32());
        Assert.Equal(blocks[0].Height, pool.GetProperty("firstHeight").GetInt32());
        Assert.Equal(blocks[^1].Height, pool.GetProperty("lastHeight").GetInt32());
        Assert.Equal([144, 432, 1008, 2016], pool.GetProperty("windows").EnumerateArray().Select(w => w.GetProperty("window").GetInt32()));
    }

    [Fact]
    public async Task Pools_without_a_block_are_listed_with_zero()
    {
        var pools = (await sample.Service.GetAsync("/v1/pools")).GetProperty("pools").EnumerateArray().ToList();
        Assert.Equal(Labels.Count(l => l.Pool != "unknown"), pools.Sum(p => p.GetProperty("blocks").GetInt32()));
        Assert.Contains(pools, p => p.GetProperty("blocks").GetInt32() == 0);
        Assert.DoesNotContain(pools, p => p.GetProperty("slug").GetString() == "unknown");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/")]
    public async Task Health_and_overview_answer(string address) => Assert.NotEmpty(await TextAsync(address));

    private Task<string> TextAsync(string address) => sample.Service.GetTextAsync(address);

    private async Task<string> MedianTimeAsync(int height) =>
        (await sample.Service.GetAsync($"/v1/blocks/{height}")).GetProperty("medianTime").GetString()!;

    private static DateTime MedianTime(int index) =>
        DateTime.UnixEpoch.AddSeconds(Labels.Skip(index - 10).Take(11).Select(l => l.Time).Order().ElementAt(5));
}
