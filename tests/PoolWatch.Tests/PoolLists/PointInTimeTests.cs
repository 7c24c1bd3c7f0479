using System.Net;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>Questions about what was said then, or what another list says.</summary>
public sealed class PointInTimeTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/shares?window=2016")]
    [InlineData("/v1/concentration?window=1008")]
    [InlineData("/v1/shares?window=2016&layer=template")]
    [InlineData("/v1/shares?from=944300&to=945100")]
    [InlineData("/v1/blocks?limit=1000")]
    public async Task An_earlier_list_gives_the_answer_that_it_gave_then(string address)
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var then = await sample.Service.GetTextAsync(address);
        await sample.ApplyAsync(new EditedList().WithoutPool("luxor").WithPool("newcomer", "Newcomer", 9001, "MARA Pool #").ToList());

        Assert.NotEqual(then, await sample.Service.GetTextAsync(address));
        Assert.Equal(then, await sample.Service.GetTextAsync($"{address}&list={EditedList.Bundled.Version}"));
        var changes = (await sample.Service.GetAsync("/v1/pool-lists")).GetProperty("changes");
        var (began, changed) = (changes[1].GetProperty("at").GetString(), changes[0].GetProperty("at").GetString());
        Assert.Equal(then, await sample.Service.GetTextAsync($"{address}&at={began}"));
        Assert.Equal(await sample.Service.GetTextAsync(address), await sample.Service.GetTextAsync($"{address}&at={changed}"));
    }

    [Fact]
    public async Task A_block_is_shown_with_the_evidence_of_then()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var height = (await sample.Service.GetAsync("/v1/pools/luxor")).GetProperty("firstHeight").GetInt32();
        var then = await sample.Service.GetAsync($"/v1/blocks/{height}");
        await sample.ApplyAsync(new EditedList().WithoutPool("luxor").ToList());

        var asked = await sample.Service.GetAsync($"/v1/blocks/{height}?list={EditedList.Bundled.Version}");

        Assert.Equal(then.GetProperty("evidence").ToString(), asked.GetProperty("evidence").ToString());
        Assert.All(new[] { "pool", "method", "evidence", "candidates", "conflicts", "miners", "poolListVersion", "algorithm", "coinbase" },
            field => Assert.Equal(then.GetProperty(field).ToString(), asked.GetProperty(field).ToString()));
        Assert.Equal("unknown", await sample.PoolOfAsync(height));
    }

    [Fact]
    public async Task Names_are_those_of_now_or_of_then()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var renamed = new EditedList().Renamed("luxor", "luxoria", "Luxoria").ToList();
        await sample.ApplyAsync(renamed);
        var list = EditedList.Bundled.Version;
        var height = (await sample.Service.GetAsync("/v1/pools/luxoria")).GetProperty("firstHeight").GetInt32();

        Assert.Equal(("luxoria", "luxor"), (await SlugAsync($"list={list}"), await SlugAsync($"list={list}&names=then")));
        Assert.Equal("luxoria", await SlugAsync($"list={list}&names=now"));
        Assert.Contains("\"luxor\"", await sample.Service.GetTextAsync($"/v1/shares?window=2016&list={list}&names=then"), StringComparison.Ordinal);
        Assert.DoesNotContain("\"luxor\"", await sample.Service.GetTextAsync($"/v1/shares?window=2016&list={list}"), StringComparison.Ordinal);

        async Task<string?> SlugAsync(string query) => (await sample.Service.GetAsync($"/v1/blocks/{height}?{query}")).GetProperty("pool").GetProperty("slug").GetString();
    }

    [Fact]
    public async Task A_window_as_of_a_time_ends_with_the_last_block_up_to_it()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        await StoredState.ExecuteAsync(sample.ConnectionString, ChangedSample.Schema, "UPDATE pool_list_change SET at = '2026-04-10T00:00:00Z'");

        var window = (await sample.Service.GetAsync("/v1/shares?window=144&at=2026-04-15T00:00:00Z")).GetProperty("window");

        var last = (await sample.Service.GetAsync("/v1/shares?from=2026-04-14T00:00:00Z&to=2026-04-15T00:00:00Z")).GetProperty("window").GetProperty("toHeight").GetInt32();
        Assert.Equal((144, last), (window.GetProperty("blocks").GetInt32(), window.GetProperty("toHeight").GetInt32()));
        await AssertNotFoundAsync(sample, "/v1/shares?at=2026-04-09T00:00:00Z", "no list was active here");
        await AssertNotFoundAsync(sample, "/v1/shares?window=2016&at=2026-04-15T00:00:00Z", "not all stored");
    }

    [Fact]
    public async Task Lists_that_were_active_are_listed_and_given_out()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var list = new EditedList().WithoutPool("luxor").ToList();
        var outcome = await sample.ApplyAsync(list);

        var changes = await sample.Service.GetAsync("/v1/pool-lists");

        Assert.Equal(list.Version, changes.GetProperty("active").GetString());
        var newest = changes.GetProperty("changes")[0];
        Assert.Equal(("apply", EditedList.Bundled.Version, outcome.Report.Moved, 2016), (newest.GetProperty("kind").GetString(),
            newest.GetProperty("formerVersion").GetString(), newest.GetProperty("moved").GetInt32(), newest.GetProperty("blocks").GetInt32()));
        Assert.Equal(EditedList.Bundled.ToJson(), await sample.Service.GetTextAsync($"/v1/pool-lists/{EditedList.Bundled.Version}"));
        await AssertNotFoundAsync(sample, "/v1/pool-lists/0123456789abcdef", "ever active");
        await AssertNotFoundAsync(sample, "/v1/shares?list=0123456789abcdef", "ever active");
    }

    [Fact]
    public async Task Who_has_an_answer_is_told_so_until_it_changes()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        foreach (var address in new[] { "/v1/shares", "/v1/concentration", "/v1/pools", "/v1/pools/luxor", "/v1/blocks", "/v1/blocks/946236", "/v1/layers", "/v1/list-check", "/v1/pool-lists" })
        {
            using var first = await sample.Service.Http.GetAsync(address, Cancellation);
            Assert.NotNull(first.Headers.ETag);
            Assert.Equal(HttpStatusCode.NotModified, (await AskAsync(sample, address, first)).StatusCode);
        }

        using var before = await sample.Service.Http.GetAsync("/v1/shares", Cancellation);
        await sample.ApplyAsync(new EditedList().WithoutPool("luxor").ToList());
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(sample, "/v1/shares", before)).StatusCode);
        Assert.Null((await sample.Service.Http.GetAsync("/v1/status", Cancellation)).Headers.ETag);
    }

    [Theory]
    [InlineData("/v1/shares?window=0", HttpStatusCode.BadRequest)]
    [InlineData("/v1/shares?at=2099-01-01T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("/v1/pools/nosuch", HttpStatusCode.NotFound)]
    [InlineData("/v1/blocks/zzz", HttpStatusCode.BadRequest)]
    [InlineData("/v1/pools/luxor", HttpStatusCode.TemporaryRedirect)]
    [InlineData("/v1/pools", HttpStatusCode.OK)]
    public async Task A_tag_answers_no_other_question(string address, HttpStatusCode expected)
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        await sample.ApplyAsync(new EditedList().Renamed("luxor", "luxor2", "Luxor").ToList());
        using var known = await sample.Service.Http.GetAsync("/v1/shares", Cancellation);

        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = sample.Service.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { known.Headers.ETag! } } };
        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, answer.Headers.ETag is not null);
    }

    [Theory]
    [InlineData("/v1/shares", HttpStatusCode.NotModified)]
    [InlineData("/v1/shares?window=0", HttpStatusCode.BadRequest)]
    public async Task Whoever_has_anything_is_told_that_it_is_there(string address, HttpStatusCode expected)
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { System.Net.Http.Headers.EntityTagHeaderValue.Any } } };

        using var answer = await sample.Service.Http.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> AskAsync(ChangedSample sample, string address, HttpResponseMessage known)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.IfNoneMatch.Add(known.Headers.ETag!);
        return await sample.Service.Http.SendAsync(request, Cancellation);
    }

    private static async Task AssertNotFoundAsync(ChangedSample sample, string address, string said)
    {
        using var answer = await sample.Service.Http.GetAsync(address, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(said, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
