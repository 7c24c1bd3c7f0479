namespace PoolWatch.Tests.Sync;

public sealed class RestWireFaultTests(FollowedNode followed) : WireFaultContract(followed)
{
    protected override string Source => "rest";

    protected override IReadOnlyList<string> BlockRequests => ["/rest/block/"];

    [Fact]
    public Task Nobody_signs_in_to_REST() => SurviveAsync(n =>
    {
        n.RotateCookie(written: false);
        File.Delete(n.CookieFile);
    });

    [Fact]
    public Task Where_REST_is_off_it_is_said_how_to_switch_it_on() => LiveThroughAsync(n => n.Rest = false, "node_bad_answer", "-rest=1");

    [Fact]
    public Task A_node_that_turns_some_requests_away_is_asked_again_at_once() =>
        SurviveAsync(n => (n.Wire.Only, n.Wire.Share, n.Wire.TooBusy) = (BlockRequests, 0.3, true), blocks: 12);
}

public sealed class RestChainFaultTests(FollowedNode followed) : ChainFaultContract(followed)
{
    protected override string Source => "rest";
}

public sealed class RestPartsWireFaultTests(FollowedNode followed) : WireFaultContract(followed)
{
    protected override string Source => "rest";

    protected override bool Parts => true;

    protected override IReadOnlyList<string> BlockRequests => ["/rest/block/", "/rest/blockpart/"];
}

public sealed class RestPartsChainFaultTests(FollowedNode followed) : ChainFaultContract(followed)
{
    protected override string Source => "rest";

    protected override bool Parts => true;
}

public sealed class AutoNodeFaultTests(FollowedNode followed) : NodeFaultContract(followed)
{
    protected override string Source => "auto";

    [Fact]
    public async Task A_node_whose_REST_goes_off_is_read_by_RPC_and_one_whose_REST_comes_back_as_well()
    {
        var run = await SurviveAsync(n => n.Rest = false);
        Assert.Contains(run.Node.Requests, request => request.Description.StartsWith("getblock*", StringComparison.Ordinal));

        await SurviveAsync(_ => { });
    }
}
