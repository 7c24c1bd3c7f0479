using System.Net;

namespace PoolWatch.Tests.Support;

public sealed class BitcoinNodeTests
{
    [Fact]
    public async Task A_stopped_node_continues_with_the_same_chain_and_ports()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, Plans(3));
        var url = node.Url;

        await node.StopAsync();
        Assert.False(node.IsRunning);
        Assert.False(File.Exists(node.CookieFile));
        await node.RestartAsync();

        Assert.Equal(mined[^1].Hash, await node.CallAsync<string>("getbestblockhash"));
        Assert.Equal(url, node.Url);
    }

    [Fact]
    public async Task A_killed_node_starts_again()
    {
        await using var node = await BitcoinNode.StartAsync();
        await node.KillAsync();
        Assert.False(node.IsRunning);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => node.CallAsync("getblockcount"));

        await node.RestartAsync();

        Assert.Equal(0, await node.CallAsync<int>("getblockcount"));
    }

    [Fact]
    public async Task A_data_directory_outlives_its_node()
    {
        using var directory = new TemporaryDirectory();
        string tip;
        await using (var first = await BitcoinNode.StartAsync(directory.Path))
        {
            tip = (await TagMiner.MineAsync(first, Plans(2)))[^1].Hash;
            await first.StopAsync();
        }

        await using var second = await BitcoinNode.StartAsync(directory.Path);

        Assert.Equal(tip, await second.CallAsync<string>("getbestblockhash"));
    }

    [Fact]
    public async Task A_node_that_cannot_start_fails_with_its_log()
    {
        using var directory = new TemporaryDirectory();
        await using var owner = await BitcoinNode.StartAsync(directory.Path);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => BitcoinNode.StartAsync(directory.Path));

        Assert.Contains("did not start", error.Message, StringComparison.Ordinal);
        Assert.Contains("Cannot obtain a lock", error.Message, StringComparison.Ordinal);
        Assert.True(owner.IsRunning);
    }

    [Fact]
    public async Task An_error_of_the_node_carries_its_code()
    {
        await using var node = await BitcoinNode.StartAsync();

        var error = await Assert.ThrowsAsync<BitcoinRpcException>(() => node.CallAsync("getblockhash", 1));

        Assert.Equal(-8, error.Code);
    }

    [Fact]
    public async Task Rest_is_served_and_peers_are_heard_on_loopback_only()
    {
        await using var node = await BitcoinNode.StartAsync();
        using var http = new HttpClient { BaseAddress = node.Url };
        var response = await http.GetAsync("/rest/chaininfo.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        var listeners = System.Net.NetworkInformation.IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();

        Assert.Contains(new IPEndPoint(IPAddress.Loopback, node.RpcPort), listeners);
        Assert.Contains(new IPEndPoint(IPAddress.Loopback, node.PeerPort), listeners);
        Assert.DoesNotContain(new IPEndPoint(IPAddress.Any, node.RpcPort), listeners);
        Assert.DoesNotContain(new IPEndPoint(IPAddress.Any, node.PeerPort), listeners);
    }

    private static CoinbasePlan[] Plans(int count) =>
        [.. Enumerable.Range(1, count).Select(i => new CoinbasePlan(1_700_000_000 + ((uint)i * 600), "/test/"u8.ToArray()))];
}
