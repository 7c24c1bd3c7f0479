namespace PoolWatch.Tests.Sync;

public sealed class RpcWireFaultTests(FollowedNode followed) : WireFaultContract(followed)
{
    protected override string Source => "rpc";

    protected override IReadOnlyList<string> BlockRequests => ["getblock*"];

    [Fact]
    public async Task A_new_cookie_is_read_without_a_word()
    {
        var run = await SurviveAsync(n => n.RotateCookie());

        Assert.Equal(1, run.Node.Requests.Count(request => request.Status == 401));
    }

    [Fact]
    public async Task A_cookie_that_is_not_good_any_more_is_a_state_and_not_a_secret()
    {
        var cookie = "";
        var status = await LiveThroughAsync(
            n =>
            {
                cookie = File.ReadAllText(n.CookieFile);
                n.RotateCookie(written: false);
            },
            "node_unauthorized", "401", "cookie");

        Assert.DoesNotContain(cookie["__cookie__:".Length..], status.ToString(), StringComparison.Ordinal);
    }
}

public sealed class RpcChainFaultTests(FollowedNode followed) : ChainFaultContract(followed)
{
    protected override string Source => "rpc";
}
