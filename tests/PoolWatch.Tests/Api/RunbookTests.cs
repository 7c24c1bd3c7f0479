using System.Net;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

[Collection(SampleCollection.Name)]
public sealed class RunbookTests(SampleService sample)
{
    private static readonly string[] Names = [.. Repository.Files("docs/runbooks", "*.md").Select(f => Path.GetFileNameWithoutExtension(f))];

    [Fact]
    public async Task Every_runbook_is_served_as_it_is_written()
    {
        Assert.NotEmpty(Names);
        foreach (var name in Names)
        {
            using var answer = await GetAsync(name, "*/*");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/markdown; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
            Assert.Equal("inline", answer.Content.Headers.ContentDisposition?.ToString());
            Assert.Equal(Repository.Read($"docs/runbooks/{name}.md"), await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_browser_gets_text_that_it_shows()
    {
        using var answer = await GetAsync("PoolWatchDown", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        Assert.Equal("text/plain; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("Accept", Assert.Single(answer.Headers.Vary));
        Assert.StartsWith("# PoolWatchDown\n", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PoolWatchNone")]
    [InlineData("poolwatchdown")]
    [InlineData("..%2Fapi")]
    [InlineData("%20")]
    public async Task A_runbook_that_does_not_exist_is_answered_by_those_that_do(string name)
    {
        using var answer = await GetAsync(name, "text/html");
        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var detail = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("detail").GetString();
        Assert.Contains(string.Join(", ", Names), detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_has_the_address_of_each()
    {
        var list = await sample.Service.GetTextAsync("/runbooks");
        Assert.Equal(Names.Select(n => $"/runbooks/{n}"), list.Split('\n').Where(l => l.StartsWith('/')));
        Assert.Contains("  /runbooks  ", await sample.Service.GetTextAsync("/"), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> GetAsync(string name, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/runbooks/{name}");
        request.Headers.Accept.ParseAdd(accept);
        return await sample.Service.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
