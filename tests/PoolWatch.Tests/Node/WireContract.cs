using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>Whatever a server answers, a source that reads a node ends soon with a head or with the right fault.</summary>
public abstract class WireContract
{
    protected const string Genesis = RegtestGenesis.Block;

    protected static readonly BlockHash GenesisHash = BlockHash.Parse(Network.Regtest.GenesisHash!);

    protected abstract IBlockSource Open(NodeAccess access);

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(401, SourceFault.Unauthorized)]
    [InlineData(403, SourceFault.Unauthorized)]
    [InlineData(404, SourceFault.BadAnswer)]
    [InlineData(302, SourceFault.BadAnswer)]
    [InlineData(500, SourceFault.BadAnswer)]
    [InlineData(503, SourceFault.Unreachable)]
    public async Task Every_refusal_is_one_fault_after_one_request(int status, SourceFault fault)
    {
        var requests = 0;
        await using var server = await WireServer.StartAsync((context, _) =>
        {
            requests++;
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("<html>", context.RequestAborted);
        });

        var error = await ChainFaultAsync(server.Access);

        Assert.Equal(fault, error.Fault);
        Assert.Equal(1, requests);
        Assert.DoesNotContain("password", error.ToString().Replace("user and password", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[null,null]")]
    [InlineData("[{},{}]")]
    [InlineData("[{\"result\":1,\"error\":null,\"id\":")]
    [InlineData("{\"result\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"},\"id\":null}")]
    [InlineData("[{\"result\":null,\"error\":{},\"id\":0},{\"result\":null,\"error\":{},\"id\":1}]")]
    [InlineData("[{\"result\":null,\"error\":{\"code\":\"x\",\"message\":null},\"id\":0}]")]
    public async Task An_answer_that_is_no_batch_is_a_bad_answer(string body)
    {
        await using var server = await WireServer.StartAsync(200, body);

        Assert.Equal(SourceFault.BadAnswer, (await ChainFaultAsync(server.Access with { AnswerTimeout = TimeSpan.FromSeconds(2) })).Fault);
    }

    [Fact]
    public async Task A_call_without_an_answer_is_a_bad_answer()
    {
        await using var server = await WireServer.StartAsync((context, calls) =>
            context.Response.WriteAsync(WireServer.Batch(calls.Skip(1).Select(call => WireServer.Result(call, $"\"{GenesisHash}\"")))));

        var error = await Assert.ThrowsAsync<BlockSourceException>(
            () => Open(server.Access with { AnswerTimeout = TimeSpan.FromSeconds(2) }).GetHashesAsync(0, 5, Token));

        Assert.Equal(SourceFault.BadAnswer, error.Fault);
    }

    [Fact]
    public async Task A_node_that_loads_its_index_is_warming_up()
    {
        await using var server = await WireServer.StartWithErrorAsync(-28, "Verifying blocks…");

        var errors = new[]
        {
            await ChainFaultAsync(server.Access),
            await Assert.ThrowsAsync<BlockSourceException>(() => Open(server.Access).GetHashesAsync(0, 3, Token)),
            Assert.IsType<BlockSourceException>(await ReadFaultAsync(server.Access)),
        };

        Assert.All(errors, error => Assert.Equal(SourceFault.WarmingUp, error.Fault));
        Assert.All(errors, error => Assert.Contains("Verifying blocks…", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_pruned_block_is_missing()
    {
        await using var server = await WireServer.StartWithErrorAsync(-1, "Block not available (pruned data)");

        var error = Assert.IsType<BlockSourceException>(await ReadFaultAsync(server.Access));

        Assert.Equal(SourceFault.BlockMissing, error.Fault);
        Assert.Contains("pruned data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_error_of_the_node_is_quoted()
    {
        await using var server = await WireServer.StartWithErrorAsync(-32601, "Method not found");

        var error = await Assert.ThrowsAsync<BlockSourceException>(() => Open(server.Access).GetHashesAsync(0, 3, Token));

        Assert.Equal(SourceFault.BadAnswer, error.Fault);
        Assert.Contains("getblockhash with error -32601: Method not found", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main", "main")]
    [InlineData("test", "testnet3")]
    [InlineData("testnet4", "testnet4")]
    [InlineData("signet", "signet")]
    [InlineData("regtest", "regtest")]
    [InlineData("moonnet", "moonnet")]
    public async Task Networks_have_PoolWatchs_names(string rpcName, string name)
    {
        await using var server = await WireServer.StartAsync(method => method == "getblockchaininfo" ? Info($"\"{rpcName}\"") : $"\"{GenesisHash}\"");

        Assert.Equal(name, (await Open(server.Access).GetChainAsync(Token)).Network);
    }

    [Fact]
    public async Task A_pruned_node_says_where_its_blocks_begin()
    {
        await using var server = await WireServer.StartAsync(
            method => method == "getblockchaininfo" ? Info("\"main\"", "7", ",\"pruned\":true,\"pruneheight\":5") : $"\"{GenesisHash}\"");

        var chain = await Open(server.Access).GetChainAsync(Token);

        Assert.Equal(new SourceChain("main", GenesisHash, 5, 7, GenesisHash, 9, true), chain);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"text\"")]
    public async Task A_description_of_another_shape_is_a_bad_answer(string info)
    {
        await using var server = await WireServer.StartAsync(method => method == "getblockchaininfo" ? info : $"\"{GenesisHash}\"");

        Assert.Equal(SourceFault.BadAnswer, (await ChainFaultAsync(server.Access)).Fault);
    }

    [Theory]
    [InlineData("null", "7")]
    [InlineData("{}", "7")]
    [InlineData("\"main\"", "\"x\"")]
    [InlineData("\"main\"", "null")]
    [InlineData("\"main\"", "99999999999")]
    public async Task A_description_with_a_wrong_value_is_a_bad_answer(string network, string blocks)
    {
        await using var server = await WireServer.StartAsync(method => method == "getblockchaininfo" ? Info(network, blocks) : $"\"{GenesisHash}\"");

        Assert.Equal(SourceFault.BadAnswer, (await ChainFaultAsync(server.Access)).Fault);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("{}")]
    [InlineData("\"00\"")]
    [InlineData("\"zz\"")]
    public async Task A_hash_that_is_none_is_a_bad_answer(string hash)
    {
        await using var server = await WireServer.StartAsync(_ => hash);

        var error = await Assert.ThrowsAsync<BlockSourceException>(() => Open(server.Access).GetHashesAsync(0, 1, Token));

        Assert.Equal(SourceFault.BadAnswer, error.Fault);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("\"\"")]
    [InlineData("\"0\"")]
    [InlineData("\"zz\"")]
    public async Task A_block_that_is_none_is_a_fault(string block)
    {
        await using var server = await WireServer.StartAsync(_ => block);

        AssertUnreadable(await ReadFaultAsync(server.Access));
    }

    [Fact]
    public async Task A_block_that_ends_anywhere_before_its_end_is_a_fault()
    {
        var length = 0;
        await using var server = await WireServer.StartAsync(_ => $"\"{Genesis[..length]}\"");
        var access = server.Access;

        for (; length < Genesis.Length; length += 7)
        {
            AssertUnreadable(await ReadFaultAsync(access));
        }
    }

    [Fact]
    public async Task The_genesis_block_is_read_from_the_wire()
    {
        await using var server = await WireServer.StartAsync(_ => $"\"{Genesis}\"");

        var head = await Open(server.Access).ReadAsync([GenesisHash], Token).SingleAsync(Token);

        Assert.Equal(GenesisHash, head.Header.Hash);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_unreachable_when_the_time_is_over()
    {
        await using var server = await WireServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var error = await ChainFaultAsync(server.Access with { AnswerTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(SourceFault.Unreachable, error.Fault);
        Assert.Contains("within 0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_stalls_is_unreachable_when_the_time_is_over()
    {
        await using var server = await WireServer.StartAsync(async (context, _) =>
        {
            await context.Response.WriteAsync("[{", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        var error = await ChainFaultAsync(server.Access with { AnswerTimeout = TimeSpan.FromMilliseconds(300) });

        Assert.Equal(SourceFault.Unreachable, error.Fault);
    }

    [Fact]
    public async Task A_connection_that_breaks_is_unreachable()
    {
        await using var server = await WireServer.StartAsync(async (context, _) =>
        {
            await context.Response.WriteAsync("[{", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        });

        Assert.Equal(SourceFault.Unreachable, (await ChainFaultAsync(server.Access)).Fault);
    }

    [Fact]
    public async Task Waiting_for_an_answer_can_be_cancelled()
    {
        await using var server = await WireServer.StartAsync((context, _) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var clock = Stopwatch.StartNew();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Open(server.Access).GetChainAsync(cancel.Token));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task The_cookie_is_sent_without_its_line_end_and_read_again_when_it_changes()
    {
        using var directory = new TemporaryDirectory();
        var (cookie, accepted) = (Path.Combine(directory.Path, ".cookie"), "__cookie__:one");
        await using var server = await WireServer.StartAsync((context, calls) =>
        {
            var good = context.Request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(accepted));
            context.Response.StatusCode = good ? 200 : 401;
            return context.Response.WriteAsync(good ? WireServer.Batch(calls.Select(call => WireServer.Result(call, $"\"{GenesisHash}\""))) : "");
        });
        await File.WriteAllTextAsync(cookie, "__cookie__:one\n", Token);
        var source = Open(new NodeAccess(server.Url, cookie));
        Assert.Single(await source.GetHashesAsync(0, 1, Token));

        accepted = "__cookie__:two";
        await File.WriteAllTextAsync(cookie, "__cookie__:two\n", Token);

        Assert.Single(await source.GetHashesAsync(0, 1, Token));
    }

    [Fact]
    public async Task Large_blocks_are_asked_for_in_small_numbers()
    {
        const int almostTheLargest = 990_000;
        var block = BlockWithOutputOf(almostTheLargest);
        var (hash, text) = (BlockHash.Of(block.AsSpan(0, BlockHeader.Size)), $"\"{Convert.ToHexStringLower(block)}\"");
        var asked = new List<int>();
        await using var server = await WireServer.StartAsync(async (context, calls) =>
        {
            asked.Add(calls.Count);
            await context.Response.WriteAsync(WireServer.Batch(calls.Select(call => WireServer.Result(call, text))), context.RequestAborted);
        });

        var heads = await Open(server.Access).ReadAsync([.. Enumerable.Repeat(hash, 30)], Token).CountAsync(Token);

        Assert.Equal(30, heads);
        Assert.Equal(30, asked.Sum());
        Assert.InRange(asked[0], 1, 16);
        Assert.All(asked.Skip(1), blocks => Assert.InRange(blocks, 1, 8));
    }

    protected static byte[] BlockWithOutputOf(int scriptLength)
    {
        byte[] coinbase =
        [
            1, 0, 0, 0, 1, .. new byte[32], .. Enumerable.Repeat((byte)0xff, 4), 2, 0, 0, .. Enumerable.Repeat((byte)0xff, 4),
            1, .. new byte[8], 0xfe, .. BitConverter.GetBytes(scriptLength), .. Enumerable.Repeat((byte)0x6a, scriptLength), 0, 0, 0, 0,
        ];
        return [.. new byte[36], .. BlockHash.Of(coinbase).ToArray(), .. new byte[12], 1, .. coinbase];
    }

    private static string Info(string network, string blocks = "7", string more = "") =>
        $$"""{"chain":{{network}},"blocks":{{blocks}},"headers":9,"bestblockhash":"{{GenesisHash}}","initialblockdownload":true{{more}}}""";

    private Task<BlockSourceException> ChainFaultAsync(NodeAccess access) =>
        Assert.ThrowsAsync<BlockSourceException>(() => Open(access).GetChainAsync(Token));

    protected async Task<Exception> ReadFaultAsync(NodeAccess access) =>
        await Assert.ThrowsAnyAsync<Exception>(async () => await Open(access).ReadAsync([GenesisHash], Token).ToListAsync(Token));

    private static void AssertUnreadable(Exception error) =>
        Assert.True(error is BlockFormatException or BlockSourceException { Fault: SourceFault.BadAnswer }, error.ToString());
}
