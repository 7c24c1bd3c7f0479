using System.Text.Json;
using PoolWatch.Core.Layers;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

/// <summary>The sample chain as each layer sees it, over REST and on the metrics page.</summary>
[Collection(SampleCollection.Name)]
public sealed class LayerTests(SampleService sample)
{
    private static readonly IReadOnlyList<SampleLabel> Labels = SampleLabels.Load();

    public static TheoryData<string, int> Windows => [.. LabelLayers.Names.SelectMany(_ => new[] { 7, 144, 2016 }, (layer, window) => new TheoryDataRow<string, int>(layer, window))];

    [Theory]
    [MemberData(nameof(Windows))]
    public async Task Shares_and_measures_of_a_layer_are_what_the_labels_give(string layer, int window)
    {
        var labels = LabelLayers.See(layer, Labels.TakeLast(window));
        var expected = new LabelMeasures(labels);
        var shares = await sample.Service.GetAsync($"/v1/shares?window={window}&layer={layer}");
        var pools = shares.GetProperty("pools").EnumerateArray().ToList();

        Assert.Equal(layer, shares.GetProperty("layer").GetString());
        Assert.Equal(
            expected.Pools.Where(p => !LabelLayers.IsMiner(p.Key)).OrderBy(p => p.Key),
            pools.Select(p => KeyValuePair.Create(p.GetProperty("slug").GetString()!, Blocks(p))).OrderBy(p => p.Key));
        Assert.Equal(labels.Count(l => LabelLayers.IsMiner(l.Pool)), Blocks(shares.GetProperty("miners")));
        Assert.Equal(expected.Unknown, Blocks(shares.GetProperty("unknown")));
        new ExpectedMeasures(labels).AssertConcentration(await sample.Service.GetAsync($"/v1/concentration?window={window}&layer={layer}"));
    }

    [Fact]
    public async Task The_template_group_overtakes_the_largest_pool_and_two_are_enough_for_half()
    {
        var (byPool, byTemplate) = (await HalfAsync("pool"), await HalfAsync("template"));
        Assert.Equal((3, 2), (byPool, byTemplate));
        var largest = (await sample.Service.GetAsync("/v1/shares?layer=template")).GetProperty("pools")[0];
        Assert.Equal(("antpoolfriends", "AntPool & friends"), (largest.GetProperty("slug").GetString(), largest.GetProperty("name").GetString()));

        async Task<int> HalfAsync(string layer) =>
            (await sample.Service.GetAsync($"/v1/concentration?layer={layer}")).GetProperty("nakamoto").GetProperty("half").GetInt32();
    }

    [Fact]
    public async Task A_group_lists_the_pools_behind_it_and_a_pool_on_its_own_lists_none()
    {
        var tagged = Labels.CountBy(l => l.Pool).ToDictionary();
        foreach (var entity in (await sample.Service.GetAsync("/v1/shares?layer=custody")).GetProperty("pools").EnumerateArray())
        {
            var slug = entity.GetProperty("slug").GetString();
            Assert.Equal(slug == "custodian2024", entity.TryGetProperty("members", out var members));
            if (slug == "custodian2024")
            {
                var blocks = members.EnumerateArray().ToDictionary(m => m.GetProperty("slug").GetString()!, Blocks);
                Assert.All(blocks, m => Assert.Equal(tagged[m.Key], m.Value));
                Assert.Equal(Blocks(entity), blocks.Values.Sum());
                Assert.Equal(blocks.Values.OrderDescending(), members.EnumerateArray().Select(Blocks));
            }
        }
    }

    [Fact]
    public async Task Miners_who_choose_their_templates_are_named_by_their_pool()
    {
        var miners = (await sample.Service.GetAsync("/v1/shares?layer=template")).GetProperty("miners");
        var pool = Assert.Single(miners.GetProperty("pools").EnumerateArray());
        Assert.Equal(("ocean", "OCEAN", Labels.Count(l => l.Pool == "ocean")), (pool.GetProperty("slug").GetString(), pool.GetProperty("name").GetString(), Blocks(pool)));
        Assert.Equal((double)Blocks(miners) / 2016, miners.GetProperty("share").GetDouble());
    }

    [Theory]
    [InlineData("knownAt=2024-04-16", 0)]
    [InlineData("knownAt=2024-04-17", 5)]
    [InlineData("knownAt=2025-04-02", 6)]
    [InlineData("knownAt=2025-04-03", 8)]
    [InlineData("knownAt=2030-01-01", 8)]
    [InlineData("minConfidence=low", 8)]
    [InlineData("minConfidence=medium", 8)]
    [InlineData("minConfidence=high", 5)]
    [InlineData("minConfidence=high&knownAt=2025-03-11", 4)]
    public async Task Memberships_count_as_known_at_a_day_and_from_a_confidence_on(string query, int members)
    {
        var pools = (await sample.Service.GetAsync($"/v1/shares?layer=template&{query}")).GetProperty("pools").EnumerateArray();
        var group = pools.SingleOrDefault(p => p.GetProperty("slug").GetString() == "antpoolfriends");
        Assert.Equal(members, group.ValueKind == JsonValueKind.Undefined ? 0 : group.GetProperty("members").GetArrayLength());
    }

    [Fact]
    public async Task The_layers_are_answered_row_by_row_with_their_sources()
    {
        var (answer, set) = (await sample.Service.GetAsync("/v1/layers"), LayerSet.LoadBundled());
        Assert.Equal(set.Version, answer.GetProperty("version").GetString());
        Assert.Equal(set.Layers.Select(l => (l.Name, l.About)), answer.GetProperty("layers").EnumerateArray().Select(l => (Text(l, "name")!, Text(l, "about"))));
        var rows = answer.GetProperty("layers").EnumerateArray().SelectMany(l => l.GetProperty("entities").EnumerateArray()
            .SelectMany(e => e.GetProperty("members").EnumerateArray()).Concat(l.GetProperty("miners").EnumerateArray())).ToList();
        Assert.Equal(
            set.Layers.SelectMany(l => l.Memberships).Select(o => o.Membership).Select(m => string.Join('|', m.Pool, m.From?.ToString("O"), m.To?.ToString("O"),
                m.KnownSince?.ToString("O"), m.KnownUntil?.ToString("O"), ConfidenceText.Of(m.Confidence), m.Source, m.Note)),
            rows.Select(r => string.Join('|', new[] { "pool", "from", "to", "knownSince", "knownUntil", "confidence", "source", "note" }.Select(f => Text(r, f)))));
        Assert.All(rows, r => Assert.True(r.GetProperty("listed").GetBoolean()));
    }

    [Fact]
    public async Task The_metrics_page_shows_every_layer_as_REST_does()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        foreach (var layer in LabelLayers.Names)
        {
            var labels = LabelLayers.See(layer, Labels.TakeLast(1008));
            var expected = new LabelMeasures(labels);
            foreach (var (entity, blocks) in expected.Pools.Where(p => !LabelLayers.IsMiner(p.Key)))
            {
                Assert.Equal(blocks, page.Value("poolwatch_pool_blocks", $"layer={layer},pool={entity},window=1008"));
            }

            Assert.Equal(labels.Count(l => LabelLayers.IsMiner(l.Pool)) / 1008.0, page.Value("poolwatch_miners_share_ratio", $"layer={layer},window=1008"), 12);
            Assert.Equal(expected.HhiSeparate, page.Value("poolwatch_hhi_ratio", $"layer={layer},unknown=separate,window=1008"), 12);
            Assert.Equal(expected.HhiLargest, page.Value("poolwatch_hhi_ratio", $"layer={layer},unknown=largest,window=1008"), 12);
            Assert.Equal(expected.Nakamoto(1, 2), page.Value("poolwatch_nakamoto_coefficient", $"layer={layer},threshold=0.5,unknown=separate,window=1008"));
            Assert.Equal(expected.Top(6), page.Value("poolwatch_top_share_ratio", $"layer={layer},n=6,window=1008"), 12);
            Assert.Equal(expected.Gini, page.Value("poolwatch_gini_ratio", $"layer={layer},window=1008"), 12);
        }

        Assert.Equal(1, page.Value("poolwatch_layers_info", $"version={LayerSet.LoadBundled().Version}"));
        Assert.Equal(LabelLayers.Names.Order(), page.Of("poolwatch_hhi_ratio").Select(s => s.Labels[0].Value).Distinct().Order());
    }

    private static int Blocks(JsonElement element) => element.GetProperty("blocks").GetInt32();

    private static string? Text(JsonElement element, string field) => element.GetProperty(field).GetString();
}
