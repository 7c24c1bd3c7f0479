using System.Net;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

[Collection(SampleCollection.Name)]
public sealed class BadRequestTests(SampleService sample)
{
    private const string Times = "from=2026-04-20T00:00:00Z&to=2026-04-22T00:00:00Z";

    [Theory]
    [InlineData("window=0", "window", "1 to 1000000")]
    [InlineData("window=-1", "window", "1 to 1000000")]
    [InlineData("window=abc", "window", "1 to 1000000")]
    [InlineData("window=1000001", "window", "1 to 1000000")]
    [InlineData("window=1e3", "window", "1 to 1000000")]
    [InlineData("window=%2B5", "window", "1 to 1000000")]
    [InlineData("window=99999999999999", "window", "1 to 1000000")]
    [InlineData("window=", "window", "1 to 1000000")]
    [InlineData("window=%F0%28", "window", "1 to 1000000")]
    [InlineData("window=144&from=946000&to=946001", "window", "either window")]
    [InlineData("window=144&from=946000", "window", "either window")]
    [InlineData("window=144&window=144", "window", "once")]
    [InlineData("windw=144", "windw", "algorithm, at, from, knownAt, layer, list, minConfidence, names, to, window")]
    [InlineData("Window=144", "Window", "algorithm, at, from, knownAt, layer, list, minConfidence, names, to, window")]
    [InlineData("from=946000", "to", "belong together")]
    [InlineData("to=946000", "from", "belong together")]
    [InlineData("from=946001&to=946000", "from", "not be above to")]
    [InlineData("from=2026-04-22T00:00:00Z&to=2026-04-20T00:00:00Z", "from", "before to")]
    [InlineData("from=2026-04-22T00:00:00Z&to=2026-04-22T00:00:00Z", "from", "before to")]
    [InlineData("from=946000&to=2026-04-22T00:00:00Z", "to", "both be heights")]
    [InlineData("from=2026-04-20T00:00:00Z&to=946000", "to", "both be times")]
    [InlineData("from=-1&to=946000", "from", "both be heights")]
    [InlineData("from=2026-04-20T00:00:00&to=2026-04-22T00:00:00", "from", "with a zone")]
    [InlineData("from=2026-04-20T00:00:00Z&to=2026-04-22T00:00:00", "to", "with a zone")]
    [InlineData("from=2026-04-20&to=2026-04-22", "from", "RFC 3339")]
    [InlineData("from=2026-02-30T00:00:00Z&to=2026-04-22T00:00:00Z", "from", "RFC 3339")]
    [InlineData("from=%00&to=%00", "from", "RFC 3339")]
    [InlineData("layer=x", "layer", "must be one of pool, legal, template, custody")]
    [InlineData("layer=", "layer", "must be one of pool, legal, template, custody")]
    [InlineData("layer=Template&" + Times, "layer", "must be one of pool, legal, template, custody")]
    [InlineData("layer=template&layer=legal", "layer", "once")]
    [InlineData("knownAt=2024", "knownAt", "a date such as 2024-12-31")]
    [InlineData("knownAt=2024-02-30&layer=template", "knownAt", "a date such as 2024-12-31")]
    [InlineData("knownAt=2024-01-01T00:00:00Z", "knownAt", "a date such as 2024-12-31")]
    [InlineData("knownAt=2024-01-01%00", "knownAt", "a date such as 2024-12-31")]
    [InlineData("minConfidence=sure", "minConfidence", "one of low, medium, high")]
    public async Task A_wrong_window_is_refused_with_the_parameter_and_what_is_allowed(string query, string parameter, string allowed)
    {
        await AssertProblemAsync($"/v1/shares?{query}", HttpStatusCode.BadRequest, parameter, allowed);
        await AssertProblemAsync($"/v1/concentration?{query}", HttpStatusCode.BadRequest, parameter, allowed);
    }

    [Theory]
    [InlineData("/v1/unknown?window=52561", "window", "1 to 52560")]
    [InlineData("/v1/unknown?window=0", "window", "1 to 52560")]
    [InlineData("/v1/unknown?window=144&from=946000&to=946001", "window", "either window")]
    [InlineData("/v1/unknown?layer=pool", "layer", "from, to, window")]
    [InlineData("/v1/custody-overlaps?window=52561", "window", "1 to 52560")]
    [InlineData("/v1/custody-overlaps?from=946000", "to", "belong together")]
    [InlineData("/v1/list-check?limit=1001", "limit", "1 to 1000")]
    [InlineData("/v1/list-check?window=144", "window", "before, limit")]
    [InlineData("/v1/blocks?limit=0", "limit", "1 to 1000")]
    [InlineData("/v1/blocks?limit=1001", "limit", "1 to 1000")]
    [InlineData("/v1/blocks?limit=x", "limit", "1 to 1000")]
    [InlineData("/v1/blocks?before=0", "before", "944221")]
    [InlineData("/v1/blocks?before=944221", "before", "944221")]
    [InlineData("/v1/blocks?before=-1", "before", "0 to 2147483647")]
    [InlineData("/v1/blocks?before=1&before=2", "before", "once")]
    [InlineData("/v1/blocks?page=2", "page", "algorithm, at, before, limit, list, names")]
    [InlineData("/v1/blocks/abc", "block", "64 hexadecimal digits")]
    [InlineData("/v1/blocks/-1", "block", "64 hexadecimal digits")]
    [InlineData("/v1/blocks/99999999999", "block", "64 hexadecimal digits")]
    [InlineData("/v1/blocks/5a5c08587660607131d11a041145f4ed233147a528042a9f969cf04aff68d8f", "block", "64 hexadecimal digits")]
    [InlineData("/v1/blocks/5a5c08587660607131d11a041145f4ed233147a528042a9f969cf04aff68d8fg", "block", "64 hexadecimal digits")]
    [InlineData("/v1/blocks/946236?x=1", "x", "algorithm, at, list, names")]
    [InlineData("/v1/blocks/946236?block=946235", "block", "algorithm, at, list, names")]
    [InlineData("/v1/pools/foundryusa?slug=x", "slug", "takes none")]
    [InlineData("/v1/pools?limit=1", "limit", "takes none")]
    [InlineData("/v1/status?x=1", "x", "takes none")]
    [InlineData("/v1/shares?at=2026-04-22T00:00:00Z&list=x", "at", "either at or list")]
    [InlineData("/v1/shares?at=yesterday", "at", "RFC 3339")]
    [InlineData("/v1/shares?list=0123456789abcdef&names=old", "names", "now or then")]
    [InlineData("/v1/shares?list=%00", "list", "16 hexadecimal digits")]
    [InlineData("/v1/pool-lists/E61D5BB88EDDAEDF", "version", "16 hexadecimal digits")]
    [InlineData("/v1/shares?at=2100-01-01T00:00:00Z", "at", "future")]
    [InlineData("/v1/shares?algorithm=mempool/1", "algorithm", "together with list")]
    [InlineData("/v1/layers?layer=pool", "layer", "takes none")]
    public Task Other_wrong_input_is_refused_with_the_parameter_and_what_is_allowed(string address, string parameter, string allowed) =>
        AssertProblemAsync(address, HttpStatusCode.BadRequest, parameter, allowed);

    [Theory]
    [InlineData("/v1/shares?window=2017", "2016 blocks are stored")]
    [InlineData("/v1/concentration?window=4320", "2016 blocks are stored")]
    [InlineData("/v1/shares?from=1&to=5", "944221 to 946236")]
    [InlineData("/v1/shares?from=946000&to=946237", "944221 to 946236")]
    [InlineData("/v1/shares?from=2020-01-01T00:00:00Z&to=2026-04-22T00:00:00Z", "not all stored")]
    [InlineData("/v1/shares?from=2030-01-01T00:00:00Z&to=2031-01-01T00:00:00Z", "No block")]
    [InlineData("/v1/blocks/944220", "944221 to 946236")]
    [InlineData("/v1/blocks/0000000000000000000000000000000000000000000000000000000000000000", "No block with this hash")]
    [InlineData("/v1/pools/nope", "/v1/pools lists them")]
    [InlineData("/v1/pools/unknown", "/v1/pools lists them")]
    [InlineData("/v1/pools/FOUNDRYUSA", "/v1/pools lists them")]
    [InlineData("/v1/nothing", "")]
    [InlineData("/nothing", "")]
    public Task What_is_not_there_is_a_404_that_says_what_is(string address, string detail) =>
        AssertProblemAsync(address, HttpStatusCode.NotFound, null, detail);

    [Theory]
    [InlineData("POST", "/v1/shares")]
    [InlineData("DELETE", "/v1/blocks/946236")]
    [InlineData("PUT", "/v1/status")]
    [InlineData("POST", "/metrics")]
    public async Task Another_method_than_GET_is_a_405(string method, string address)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        using var response = await sample.Service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public Task Who_accepts_no_JSON_gets_the_same_answer() =>
        AssertProblemAsync("/v1/shares?window=0", HttpStatusCode.BadRequest, "window", "1 to 1000000", "text/html");

    private async Task AssertProblemAsync(string address, HttpStatusCode status, string? parameter, string detail, string accept = "*/*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd(accept);
        using var response = await sample.Service.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement;
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(parameter, problem.TryGetProperty("parameter", out var named) ? named.GetString() : null);
        if (detail.Length > 0)
        {
            Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }
}
