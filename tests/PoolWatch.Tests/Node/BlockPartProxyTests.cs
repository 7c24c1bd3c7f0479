using System.Net;
using System.Text;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

public sealed class BlockPartProxyTests(MinedChain chain) : IClassFixture<MinedChain>
{
    private const string Unknown = "00000000000000000000000000000000000000000000000000000000000000ab";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Tip => chain.Blocks[^1].Hash.ToString();

    [Fact]
    public async Task A_part_is_those_bytes_of_the_real_nodes_block()
    {
        await using var proxy = BlockPartProxy.Start(chain.Node.Url);
        using var http = new HttpClient { BaseAddress = proxy.Url };
        var block = await http.GetByteArrayAsync($"/rest/block/{Tip}.bin", Token);

        Assert.Equal(block[..80], await http.GetByteArrayAsync($"/rest/blockpart/{Tip}.bin?offset=0&size=80", Token));
        Assert.Equal(block[70..100], await http.GetByteArrayAsync($"/rest/blockpart/{Tip}.bin?size=30&offset=70", Token));
        Assert.Equal(block, await http.GetByteArrayAsync($"/rest/blockpart/{Tip}.bin?offset=0&size={block.Length}", Token));
        Assert.Equal(block[^1..], await http.GetByteArrayAsync($"/rest/blockpart/{Tip}.bin?offset={block.Length - 1}&size=1", Token));
        Assert.Equal(Convert.ToHexStringLower(block[..4]) + "\n", await http.GetStringAsync($"/rest/blockpart/{Tip}.hex?offset=0&size=4", Token));
        Assert.Equal((5, 80 + 30 + block.Length + 1 + 9), (proxy.CountOf("/rest/blockpart/"), proxy.BytesOf("/rest/blockpart/")));
    }

    [Theory]
    [InlineData("{0}.bin", 400, "Block part offset missing or invalid")]
    [InlineData("{0}.bin?size=80", 400, "Block part offset missing or invalid")]
    [InlineData("{0}.bin?offset=0", 400, "Block part size missing or invalid")]
    [InlineData("{0}.bin?offset=-1&size=80", 400, "Block part offset missing or invalid")]
    [InlineData("{0}.bin?offset=0&size=x", 400, "Block part size missing or invalid")]
    [InlineData("00ab.bin?offset=0&size=80", 400, "Invalid hash: 00ab")]
    [InlineData(Unknown + ".bin?offset=0&size=80", 404, Unknown + " not found")]
    [InlineData("{0}.bin?offset=0&size=9999", 404, "Bad block part offset/size 0/9999 for {0}")]
    [InlineData("{0}.bin?offset=9999&size=1", 404, "Bad block part offset/size 9999/1 for {0}")]
    [InlineData("{0}.bin?offset=0&size=0", 404, "Bad block part offset/size 0/0 for {0}")]
    [InlineData("{0}.bin?offset=18446744073709551615&size=2", 404, "Bad block part offset/size 18446744073709551615/2 for {0}")]
    [InlineData("{0}.json?offset=0&size=1", 400, "JSON output is not supported for this request type")]
    public async Task An_error_is_that_of_Core_31(string path, int status, string message)
    {
        await using var proxy = BlockPartProxy.Start(chain.Node.Url);
        using var http = new HttpClient { BaseAddress = proxy.Url };

        using var answer = await http.GetAsync("/rest/blockpart/" + path.Replace("{0}", Tip, StringComparison.Ordinal), Token);

        Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(message.Replace("{0}", Tip, StringComparison.Ordinal) + "\r\n", await answer.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Everything_else_is_the_real_nodes_answer()
    {
        await using var proxy = BlockPartProxy.Start(chain.Node.Url);
        var headers = $"/rest/headers/{chain.Blocks[0].Hash}.bin?count=2000";

        foreach (var path in new[] { "/rest/chaininfo.json", headers, $"/rest/block/{Unknown}.bin", "/rest/nothing", "/" })
        {
            Assert.Equal(await GetAsync(chain.Node.Url, path), await GetAsync(proxy.Url, path));
        }

        using var rpc = new BitcoinRpc(proxy.Url, chain.Node.CookieFile);
        Assert.Equal(Tip, (await rpc.CallAsync("getbestblockhash", [], Token)).GetString());
        using var noCookie = new HttpClient { BaseAddress = proxy.Url };
        using var refused = await noCookie.PostAsync("/", new StringContent("[]", Encoding.UTF8), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal((1, 160_000), (proxy.CountOf("/rest/headers/"), proxy.BytesOf("/rest/headers/")));
    }

    [Fact]
    public async Task Where_the_node_is_away_the_connection_breaks()
    {
        await using var node = await BitcoinNode.StartAsync();
        await using var proxy = BlockPartProxy.Start(node.Url);
        await node.KillAsync();
        using var http = new HttpClient { BaseAddress = proxy.Url };

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/rest/chaininfo.json", Token));
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync($"/rest/blockpart/{Tip}.bin?offset=0&size=80", Token));
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> GetAsync(Uri server, string path)
    {
        using var http = new HttpClient { BaseAddress = server };
        using var answer = await http.GetAsync(path, Token);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), Convert.ToHexStringLower(await answer.Content.ReadAsByteArrayAsync(Token)));
    }
}
