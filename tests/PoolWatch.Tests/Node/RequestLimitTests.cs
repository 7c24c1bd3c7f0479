using PoolWatch.Node;

namespace PoolWatch.Tests.Node;

/// <summary>How many requests are on their way, seen from the node.</summary>
public sealed class RequestLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_slow_answer_does_not_keep_the_node_idle()
    {
        var chain = FakeChain.Labelled(200);
        await using var node = await FakeNode.StartAsync(chain);
        var source = new NodeAccess(node.Url, null).OpenRest();
        var hashes = await source.GetHashesAsync(1, 200, Token);
        await source.ReadAsync([.. hashes.Take(1)], Token).ToListAsync(Token);
        (node.Wire.Only, node.Wire.Delay) = ([hashes[0].ToString()], TimeSpan.FromSeconds(2));
        node.ForgetRequests();

        await using var heads = source.ReadAsync(hashes, Token).GetAsyncEnumerator(Token);
        Assert.True(await heads.MoveNextAsync());

        // The blocks that may be there before it, and no more: what is read must fit into memory.
        Assert.Equal(63, node.Requests.Count(r => r.Ended && !r.Description.Contains(hashes[0].ToString(), StringComparison.Ordinal)));
    }

    [Fact]
    public async Task As_many_are_on_their_way_as_are_answered_and_half_when_one_is_turned_away()
    {
        var limit = new RequestLimit();
        Assert.Equal(4, TakeAll(limit));

        for (var answer = 0; answer < 10_000; answer++)
        {
            limit.Answered();
        }

        Assert.Equal(8, 4 + TakeAll(limit));
        await limit.RefusedAsync(0, Token);
        EndTurns(limit, 8);
        Assert.Equal(4, TakeAll(limit));
        for (var refusals = 0; refusals < 4; refusals++)
        {
            await limit.RefusedAsync(0, Token);
        }

        EndTurns(limit, 4);
        Assert.Equal(1, TakeAll(limit));
    }

    private static int TakeAll(RequestLimit limit)
    {
        using var none = new CancellationTokenSource();
        var taken = 0;
        while (limit.TakeTurnAsync(none.Token).AsTask().IsCompletedSuccessfully)
        {
            taken++;
        }

        // The one that waits would take the next turn.
        none.Cancel();
        return taken;
    }

    private static void EndTurns(RequestLimit limit, int count)
    {
        for (var turn = 0; turn < count; turn++)
        {
            limit.EndTurn();
        }
    }
}
