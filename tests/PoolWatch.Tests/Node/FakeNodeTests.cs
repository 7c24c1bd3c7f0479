using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>The fake is worth nothing where it does not answer as a real node.</summary>
public sealed class FakeNodeTests
{
    private const string Unknown = "00000000000000000000000000000000000000000000000000000000000000ab";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_answers_as_a_real_node_that_has_the_same_chain()
    {
        var old = FakeChain.Labelled(8);
        var active = old.UpTo(5).Mine(LabelledPlans.Of(SampleLabels.Load().Skip(8).Take(5), 6));
        await using var fake = await FakeNode.StartAsync(old);
        fake.Chain = active;
        await using var real = await BitcoinNode.StartAsync();
        await SubmitAsync(real, old);
        await SubmitAsync(real, active);

        foreach (var path in RestPaths(active, old.Tip.Hash))
        {
            Assert.Equal((path, await GetAsync(real.Url, path)), (path, await GetAsync(fake.Url, path)));
        }

        foreach (var body in RpcBodies(active, old.Tip.Hash))
        {
            Assert.Equal((body, await PostAsync(real.Url, real.CookieFile, body)), (body, await PostAsync(fake.Url, fake.CookieFile, body)));
        }

        AssertSameInfo(await real.CallAsync("getblockchaininfo"), (await InfoAsync(fake)).RootElement);
    }

    [Fact]
    public async Task Only_its_newest_cookie_is_good_and_REST_needs_none()
    {
        await using var node = await FakeNode.StartAsync(FakeChain.Genesis);
        var old = await File.ReadAllTextAsync(node.CookieFile, Token);

        node.RotateCookie(written: false);

        Assert.Equal(old, await File.ReadAllTextAsync(node.CookieFile, Token));
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(node.Url, node.CookieFile, "[]")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(node.Url, "/rest/chaininfo.json")).Status);
        node.WriteCookie();
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(node.Url, node.CookieFile, "[]")).Status);
    }

    [Fact]
    public async Task Block_parts_are_there_where_it_is_a_Core_31()
    {
        var chain = FakeChain.Labelled(3);
        await using var node = await FakeNode.StartAsync(chain);
        var path = $"/rest/blockpart/{chain.Tip.Hash}.bin?offset=0&size=80";

        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(node.Url, path)).Status);
        node.Parts = true;
        Assert.Equal(Convert.ToHexStringLower(chain.Tip.Header), (await GetAsync(node.Url, path)).Body);
        node.Rest = false;
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(node.Url, path)).Status);
    }

    [Fact]
    public async Task A_header_without_work_is_one_for_a_real_node_too()
    {
        await using var real = await BitcoinNode.StartAsync();
        var bad = FakeChain.Genesis.MineWithoutWork(LabelledPlans.ByTag("antpool", 1_700_000_000));

        var answer = await real.CallAsync("submitblock", Convert.ToHexStringLower(bad.Tip.Bytes));

        Assert.Equal("high-hash", answer.GetString());
    }

    private static IEnumerable<string> RestPaths(FakeChain chain, string stale)
    {
        var (hash, tip) = (chain.Blocks[3].Hash, chain.Tip.Height);
        string[] paths =
        [
            "blockhashbyheight/0.bin", $"blockhashbyheight/{tip}.hex", "blockhashbyheight/4.json", "blockhashbyheight/4", $"blockhashbyheight/{tip + 1}.bin",
            "blockhashbyheight/-1.bin", "blockhashbyheight/x.bin", $"headers/{hash}.bin?count=2", $"headers/{hash}.bin?count=2000", $"headers/{hash}.hex?count=3",
            $"headers/{hash}.bin", $"headers/{hash}.bin?count=0", $"headers/{hash}.bin?count=2001", $"headers/{hash}.bin?count=x", $"headers/{stale}.bin?count=9",
            $"headers/{Unknown}.bin?count=9", "headers/zz.bin?count=9", $"headers/{hash}?count=1", $"block/{hash}.bin", $"block/{hash}.hex", $"block/{stale}.bin",
            $"block/{Unknown}.bin", "block/zz.bin", $"block/{hash}", $"blockpart/{hash}.bin?offset=0&size=80", "nothing.json",
        ];
        return paths.Select(path => "/rest/" + path);
    }

    private static string[] RpcBodies(FakeChain chain, string stale) =>
    [
        "[]",
        """[{"method":"getblockhash","params":[2],"id":7},{"method":"getblockhash","params":[99],"id":8},{"method":"nope","params":[],"id":9}]""",
        $$"""[{"method":"getblock","params":["{{chain.Tip.Hash}}",0],"id":1},{"method":"getblock","params":["{{stale}}",0],"id":2}]""",
        $$"""[{"method":"getblock","params":["{{Unknown}}",0],"id":1}]""",
        """{"method":"getblockhash","params":[2],"id":"a"}""",
        """{"method":"getblockhash","params":[99],"id":7}""",
    ];

    private static async Task SubmitAsync(BitcoinNode node, FakeChain chain)
    {
        foreach (var block in chain.Blocks.Skip(1))
        {
            var answer = await node.CallAsync("submitblock", Convert.ToHexStringLower(block.Bytes));
            Assert.True(answer.ValueKind == JsonValueKind.Null || answer.GetString() is "duplicate" or "inconclusive", answer.ToString());
        }
    }

    private static void AssertSameInfo(JsonElement real, JsonElement fake)
    {
        foreach (var member in new[] { "chain", "blocks", "headers", "bestblockhash", "bits", "initialblockdownload", "pruned", "warnings" })
        {
            Assert.Equal(real.GetProperty(member).ToString(), fake.GetProperty(member).ToString());
        }
    }

    private static async Task<JsonDocument> InfoAsync(FakeNode node) =>
        JsonDocument.Parse(Convert.FromHexString((await GetAsync(node.Url, "/rest/chaininfo.json")).Body));

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> GetAsync(Uri server, string path)
    {
        using var http = new HttpClient { BaseAddress = server };
        using var answer = await http.GetAsync(path, Token);
        return await ReadAsync(answer);
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> PostAsync(Uri server, string cookieFile, string body)
    {
        using var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(await File.ReadAllBytesAsync(cookieFile, Token)));
        using var answer = await http.PostAsync("/", new StringContent(body, Encoding.UTF8, "application/json"), Token);
        var (status, type, hex) = await ReadAsync(answer);
        return (status, type, Encoding.UTF8.GetString(Convert.FromHexString(hex)));
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> ReadAsync(HttpResponseMessage answer) =>
        (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), Convert.ToHexStringLower(await answer.Content.ReadAsByteArrayAsync(Token)));
}
