using System.Globalization;
using System.Net;
using System.Text.Json;
using PoolWatch.PoolLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>Another list becomes the active one: every block, every number and the history follow, in one step. The gaps are those of mempool.space's updater.</summary>
public sealed class ListChangeTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gap_1_a_removed_rule_unassigns_its_blocks()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var list = new EditedList().Without("luxor", "tags").Without("luxor", "addresses").ToList();

        var outcome = await sample.ApplyAsync(list);

        Assert.All(outcome.Report.Moves, move => Assert.Equal(("luxor", "unknown"), (move.From, move.To)));
        Assert.Equal(0, (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("blocks").GetInt32());
        await sample.AssertAsBegunWithAsync(list);
    }

    [Fact]
    public async Task Gap_2_a_new_pool_takes_blocks_from_any_other()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var list = new EditedList().Without("marapool", "tags", "MARA Pool").WithPool("newcomer", "Newcomer", 9001, "MARA Pool").ToList();
        var before = await sample.Service.GetAsync("/v1/shares?window=2016");

        var outcome = await sample.ApplyAsync(list);

        Assert.Equal(before.GetProperty("pools").EnumerateArray().Sum(p => p.GetProperty("blocks").GetInt32()),
            (await sample.Service.GetAsync("/v1/shares?window=2016")).GetProperty("pools").EnumerateArray().Sum(p => p.GetProperty("blocks").GetInt32()));
        Assert.Equal(("marapool", "newcomer", outcome.Report.Moved), Assert.Single(outcome.Report.Moves) is var move ? (move.From, move.To, move.Blocks) : default);
        await sample.AssertAsBegunWithAsync(list);
    }

    [Fact]
    public async Task Gap_3_an_address_that_moves_to_a_later_pool_takes_its_blocks_along()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        // AntPool stands before Foundry USA in the list.
        var address = EditedList.Bundled.Find("antpool")!.Addresses[0].Text;
        var everything = new EditedList().Without("antpool", "tags").ToList();
        await sample.ApplyAsync(everything);
        var list = new EditedList().Without("antpool", "tags").Without("antpool", "addresses", address).With("foundryusa", "addresses", address).ToList();

        await sample.ApplyAsync(list);

        Assert.Empty(await StoredState.TextsAsync(sample.ConnectionString, ChangedSample.Schema, $"SELECT pool FROM v_block WHERE rule = '{address}' AND pool <> 'foundryusa'"));
        await sample.AssertAsBegunWithAsync(list);
    }

    [Fact]
    public async Task Gap_4_a_deleted_pool_stops_matching_and_keeps_its_history()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var (height, blocks) = await FirstOfAsync(sample, "spiderpool");
        var list = new EditedList().WithoutPool("spiderpool").ToList();

        await sample.ApplyAsync(list);

        var pool = await sample.Service.GetAsync("/v1/pools/spiderpool");
        Assert.Equal((false, 0), (pool.GetProperty("inActiveList").GetBoolean(), pool.GetProperty("blocks").GetInt32()));
        Assert.Equal("unknown", await sample.PoolOfAsync(height));
        Assert.Equal($"({blocks})", Assert.Single(await StoredState.RowsAsync(
            sample.ConnectionString, ChangedSample.Schema, "SELECT count(*) FROM v_attribution_history WHERE pool = 'spiderpool' AND until IS NOT NULL")));
        await sample.AssertAsBegunWithAsync(list);
    }

    [Fact]
    public async Task Gap_5_a_block_that_did_not_change_is_known_to_be_as_the_new_list_says()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var (height, _) = await FirstOfAsync(sample, "foundryusa");
        var list = new EditedList().WithoutPool("spiderpool").ToList();

        await sample.ApplyAsync(list);

        var block = await sample.Service.GetAsync($"/v1/blocks/{height}");
        Assert.Equal((list.Version, "foundryusa"), (block.GetProperty("poolListVersion").GetString(), block.GetProperty("pool").GetProperty("slug").GetString()));
        Assert.Equal(0, block.GetProperty("history").GetArrayLength());
    }

    [Fact]
    public async Task Gap_6_what_was_said_before_stays_with_its_evidence()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var (height, _) = await FirstOfAsync(sample, "spiderpool");
        var before = await sample.Service.GetAsync($"/v1/blocks/{height}");
        await sample.ApplyAsync(new EditedList().WithoutPool("spiderpool").ToList());
        await sample.ApplyAsync(EditedList.Bundled);

        var block = await sample.Service.GetAsync($"/v1/blocks/{height}");

        var history = block.GetProperty("history").EnumerateArray().ToList();
        Assert.Equal(["spiderpool", "unknown"], history.Select(h => h.GetProperty("pool").GetProperty("slug").GetString()));
        Assert.Equal(before.GetProperty("evidence").ToString(), history[0].GetProperty("evidence").ToString());
        Assert.Equal(EditedList.Bundled.Version, history[0].GetProperty("poolListVersion").GetString());
        Assert.Equal(JsonValueKind.Null, history[1].GetProperty("evidence").ValueKind);
        Assert.Equal(before.GetProperty("evidence").ToString(), block.GetProperty("evidence").ToString());
    }

    [Fact]
    public async Task Gap_7_nothing_that_runs_keeps_the_old_list()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var tag = (await sample.Service.Http.GetAsync("/v1/pools", Cancellation)).Headers.ETag!;
        var list = new EditedList().WithoutPool("luxor").WithPool("newcomer", "Newcomer", 9001, "/newcomer/").ToList();

        await sample.ApplyAsync(list);

        Assert.Contains($"poolwatch_pool_list_info{{version=\"{list.Version}\",algorithm=\"poolwatch/1\"}} 1", await sample.Service.GetTextAsync("/metrics"), StringComparison.Ordinal);
        Assert.DoesNotContain("pool=\"luxor\"", await sample.Service.GetTextAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal(0, (await sample.Service.GetAsync("/v1/pools/newcomer")).GetProperty("blocks").GetInt32());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/pools") { Headers = { IfNoneMatch = { tag } } };
        using var answer = await sample.Service.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(tag, answer.Headers.ETag);
    }

    [Fact]
    public async Task A_rename_keeps_the_pool_and_its_old_address()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var before = (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("blocks").GetInt32();

        var outcome = await sample.ApplyAsync(new EditedList().Renamed("luxor", "luxoria", "Luxoria").ToList());

        Assert.Equal(0, outcome.Report.Moved);
        // The bundled layers know it by its old slug.
        var group = (await sample.Service.GetAsync("/v1/shares?layer=template")).GetProperty("pools").EnumerateArray().Single(p => p.GetProperty("slug").GetString() == "antpoolfriends");
        Assert.Contains(group.GetProperty("members").EnumerateArray(), m => m.GetProperty("slug").GetString() == "luxoria");
        var pool = await sample.Service.GetAsync("/v1/pools/luxor");
        Assert.Equal(("luxoria", before), (pool.GetProperty("slug").GetString(), pool.GetProperty("blocks").GetInt32()));
        Assert.Equal("luxor", Assert.Single(pool.GetProperty("formerNames").EnumerateArray()).GetProperty("slug").GetString());
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = sample.Service.Http.BaseAddress };
        using var redirect = await client.GetAsync("/v1/pools/luxor", Cancellation);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, "/v1/pools/luxoria"), (redirect.StatusCode, redirect.Headers.Location!.OriginalString));
    }

    [Fact]
    public async Task Two_pools_can_exchange_their_names_and_back()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var former = await StoredState.ReadAsync(sample.ConnectionString, ChangedSample.Schema);
        var list = new EditedList().Renamed("luxor", "between", "Between").Renamed("spiderpool", "luxor", "Luxor").Renamed("between", "spiderpool", "SpiderPool").ToList();
        await sample.ApplyAsync(list);
        await sample.AssertAsBegunWithAsync(list);

        await sample.ApplyAsync(EditedList.Bundled);

        Assert.Equal(former, await StoredState.ReadAsync(sample.ConnectionString, ChangedSample.Schema));
    }

    [Fact]
    public async Task A_change_of_names_is_no_change_of_judgement()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);

        // Blocks with two candidates name the other one by its slug.
        var outcome = await sample.ApplyAsync(new EditedList().Renamed("antpool", "ant", "Ant").Renamed("viabtc", "via", "Via").ToList());

        Assert.Equal((0, 0), (outcome.Report.Moved, outcome.Report.Changed));
        Assert.Empty(await StoredState.RowsAsync(sample.ConnectionString, ChangedSample.Schema, "SELECT * FROM attribution_change"));
        Assert.Empty(await StoredState.RowsAsync(sample.ConnectionString, ChangedSample.Schema, "SELECT * FROM attribution WHERE others::text LIKE '%viabtc%'"));
    }

    [Fact]
    public async Task A_slug_that_comes_back_for_another_pool_is_another_pool()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var height = (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("firstHeight").GetInt32();
        await sample.ApplyAsync(new EditedList().WithoutPool("luxor").ToList());
        var list = new EditedList().WithoutPool("luxor").WithPool("luxor", "Another Luxor", 9001, "/another/").ToList();

        var refused = await sample.Changes.ApplyAsync(list, null, ChangeKind.Apply, accept: false, Cancellation);
        Assert.Contains("slug luxor was that of another pool", Assert.Single(refused.Refusals), StringComparison.Ordinal);
        await sample.ApplyAsync(list);

        var former = (await sample.Service.GetAsync($"/v1/blocks/{height}")).GetProperty("history")[0].GetProperty("pool");
        Assert.Equal("Luxor", former.GetProperty("name").GetString());
        // The pool itself comes back as what it was.
        await sample.ApplyAsync(new EditedList().With("luxor", "tags", "/luxor2/").ToList());
        Assert.Equal("luxor", await sample.PoolOfAsync(height));
        Assert.Equal("Luxor", (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("name").GetString());
    }

    [Fact]
    public async Task History_has_the_names_of_now_or_of_then()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var height = (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("firstHeight").GetInt32();
        await sample.ApplyAsync(new EditedList().Without("luxor", "tags").Without("luxor", "addresses").ToList());
        await sample.ApplyAsync(new EditedList().Renamed("luxor", "luxor2", "Luxor Two").ToList());

        foreach (var (query, slug, name) in new[] { ("", "luxor2", "Luxor Two"), ("?names=now", "luxor2", "Luxor Two"), ("?names=then", "luxor", "Luxor") })
        {
            var history = (await sample.Service.GetAsync($"/v1/blocks/{height}{query}")).GetProperty("history");
            Assert.Equal((slug, name), (history[0].GetProperty("pool").GetProperty("slug").GetString(), history[0].GetProperty("pool").GetProperty("name").GetString()));
            Assert.Equal("unknown", history[1].GetProperty("pool").GetProperty("slug").GetString());
        }

        await AssertSqlSaysTheSameAsync(sample, height);
        var paid = await StoredState.TextsAsync(sample.ConnectionString, ChangedSample.Schema, "SELECT min(height)::text FROM v_block WHERE rule_value > 0");
        await AssertSqlSaysTheSameAsync(sample, int.Parse(paid[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Lists, rules and evidence of one block, former and present, in the views as in REST.</summary>
    private static async Task AssertSqlSaysTheSameAsync(ChangedSample sample, int height)
    {
        var block = await sample.Service.GetAsync($"/v1/blocks/{height}");
        var entries = block.GetProperty("history").EnumerateArray().Append(block).Select(e => string.Join('|', new[] { "poolListVersion", "algorithm", "method" }.Select(f => e.GetProperty(f).GetString())
            .Append(e.GetProperty("pool").GetProperty("slug").GetString())
            .Append(e.GetProperty("evidence") is { ValueKind: JsonValueKind.Object } evidence ? evidence.GetProperty("value").ToString() : "")));

        Assert.Equal(entries, await StoredState.TextsAsync(sample.ConnectionString, ChangedSample.Schema,
            $"SELECT concat_ws('|', list_version, algorithm, method, pool, coalesce(rule_value::text, '')) FROM v_attribution_history WHERE height = {height} AND active ORDER BY until NULLS LAST"));
        Assert.Equal([entries.Last()], await StoredState.TextsAsync(sample.ConnectionString, ChangedSample.Schema,
            $"SELECT concat_ws('|', list_version, algorithm, method, pool, coalesce(rule_value::text, '')) FROM v_block WHERE height = {height} AND active"));
    }

    [Fact]
    public async Task A_pool_of_a_list_that_was_undone_does_not_take_the_blocks_of_a_renamed_one()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var blocks = (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("blocks").GetInt32();
        await sample.ApplyAsync(new EditedList().WithPool("luxoria", "Luxoria", 9001, "/luxoria/").ToList());
        await sample.ApplyAsync(EditedList.Bundled);

        var outcome = await sample.ApplyAsync(new EditedList().Renamed("luxor", "luxoria", "Luxoria").ToList());

        Assert.Equal(0, outcome.Report.Moved);
        Assert.Equal(blocks, (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("blocks").GetInt32());
    }

    [Fact]
    public async Task A_second_rollback_goes_further_back()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var (second, third) = (new EditedList().WithoutPool("luxor").ToList(), new EditedList().WithoutPool("spiderpool").ToList());
        await sample.ApplyAsync(second);
        await sample.ApplyAsync(third);

        foreach (var expected in new[] { second, EditedList.Bundled })
        {
            var former = await sample.Changes.FindFormerAsync(Cancellation);
            Assert.Equal(expected.Version, former!.List.Version);
            await sample.Changes.ApplyAsync(former.List, former.Algorithm, ChangeKind.Rollback, accept: true, Cancellation);
        }

        Assert.Null(await sample.Changes.FindFormerAsync(Cancellation));
    }

    [Fact]
    public async Task A_list_that_looks_wrong_is_refused_unless_accepted()
    {
        await using var sample = await ChangedSample.StartAsync(postgres, "PoolWatch:PoolListMaxMoved=0.1");
        var before = await StoredState.ReadAsync(sample.ConnectionString, ChangedSample.Schema);
        // On 2023-12-02 mempool's id 141 was OCEAN's for a day and SECPOOL's before and after.
        var replaced = new EditedList().WithoutPool("ocean").WithoutPool("secpool").WithPool("ocean", "OCEAN", 141, "OCEAN.XYZ").ToList();
        var most = new EditedList().WithoutPool("foundryusa").ToList();

        var byIdentity = await sample.Changes.ApplyAsync(replaced, null, ChangeKind.Apply, accept: false, Cancellation);
        var byShare = await sample.Changes.ApplyAsync(most, null, ChangeKind.Apply, accept: false, Cancellation);

        Assert.False(byIdentity.Applied || byShare.Applied);
        Assert.Contains("mempool id 141", string.Join(' ', byIdentity.Refusals), StringComparison.Ordinal);
        Assert.Contains("more than PoolWatch:PoolListMaxMoved allows", Assert.Single(byShare.Refusals), StringComparison.Ordinal);
        Assert.Equal(before, await StoredState.ReadAsync(sample.ConnectionString, ChangedSample.Schema));
        await sample.ApplyAsync(most);
        Assert.Equal(["true"], await StoredState.TextsAsync(sample.ConnectionString, ChangedSample.Schema, "SELECT accepted::text FROM pool_list_change WHERE kind = 'apply'"));
    }

    [Fact]
    public async Task A_report_changes_nothing_and_says_what_the_change_then_does()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var before = await StoredState.ReadAsync(sample.ConnectionString, ChangedSample.Schema);
        var list = new EditedList().WithoutPool("luxor").ToList();

        var report = (await sample.Changes.DiffAsync(list, null, Cancellation)).Report;

        Assert.Equal(before, await StoredState.ReadAsync(sample.ConnectionString, ChangedSample.Schema));
        Assert.Equal(await ServedMeasures.ReadAsync(sample.Service, "pool", 2016), ServedMeasures.Rounded(EffectOn("pool", 2016).Before));
        var outcome = await sample.ApplyAsync(list);
        Assert.Equal(report.Moves, outcome.Report.Moves);
        foreach (var (layer, window) in new[] { ("pool", 144), ("pool", 2016), ("legal", 1008), ("template", 432), ("custody", 2016) })
        {
            Assert.Equal(await ServedMeasures.ReadAsync(sample.Service, layer, window), ServedMeasures.Rounded(EffectOn(layer, window).After));
        }

        WindowEffect EffectOn(string layer, int window) => report.Effects.Single(e => e.Layer == layer && e.Window == window);
    }

    [Theory]
    [InlineData("poolwatch/1")]
    [InlineData("mempool/1")]
    public async Task A_rule_with_heights_holds_at_them_and_nowhere_else(string algorithm)
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var list = new EditedList().WithHeights("foundryusa", 945_000, 945_500).ToList();

        await sample.ApplyAsync(list, algorithm);

        var pool = await sample.Service.GetAsync("/v1/pools/foundryusa");
        Assert.InRange(pool.GetProperty("firstHeight").GetInt32(), 945_000, 945_020);
        Assert.InRange(pool.GetProperty("lastHeight").GetInt32(), 945_480, 945_500);
        var labelled = SampleLabels.Load().Count(l => l is { Pool: "foundryusa", Height: >= 945_000 and <= 945_500 });
        Assert.Equal(labelled, pool.GetProperty("blocks").GetInt32());
    }

    private static async Task<(int Height, int Blocks)> FirstOfAsync(ChangedSample sample, string slug)
    {
        var pool = await sample.Service.GetAsync($"/v1/pools/{slug}");
        return (pool.GetProperty("firstHeight").GetInt32(), pool.GetProperty("blocks").GetInt32());
    }
}
