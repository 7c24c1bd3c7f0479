using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.PoolLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>The service follows a list: what it takes over, what it keeps out, and what somebody decided by hand.</summary>
public sealed class FollowTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_on_a_web_server_is_applied_and_a_doubtful_or_broken_one_is_kept_out()
    {
        var text = PoolList.LoadBundled().ToJson();
        await using var server = new LoopbackServer(context => context.Response.WriteAsync(Volatile.Read(ref text)));
        server.Start();
        await using var sample = await ChangedSample.StartAsync(postgres, $"PoolWatch:PoolListSource={server.Url}list.json", "PoolWatch:PoolListInterval=1s");
        await WaitForAsync(sample, "unchanged");

        // A newcomer with a tag that no block has: nothing moves.
        var harmless = new EditedList().WithPool("newcomer", "Newcomer", 9001, "/Newcomer of 2027/").ToList();
        Volatile.Write(ref text, harmless.ToJson());
        await sample.WaitForAsync(harmless);

        // More than a fifth of the last blocks would move.
        Volatile.Write(ref text, new EditedList().WithoutPool("foundryusa").ToList().ToJson());
        await WaitForAsync(sample, "refused");
        Volatile.Write(ref text, harmless.ToJson()[..1000]);
        await WaitForAsync(sample, "failed");

        Assert.Equal(harmless.Version, (await sample.Service.StatusAsync()).GetProperty("poolList").GetProperty("version").GetString());
        Assert.Equal(["(begin)", "(follow)"], await StoredState.RowsAsync(sample.ConnectionString, ChangedSample.Schema, "SELECT kind FROM pool_list_change ORDER BY id"));
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        Assert.Equal(1, page.Of("poolwatch_pool_list_follow_total").Single(s => s.Labels.Any(l => l.Value == "applied")).Value);
        Assert.Single(page.Of("poolwatch_pool_list_follow_success_timestamp_seconds"));
    }

    /// <summary>Judged by hand here, so that no schedule comes between.</summary>
    [Fact]
    public async Task A_choice_by_hand_stands_against_a_list_that_was_there_before_but_not_against_a_new_one()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var takeover = new FollowedListTakeover(sample.Service.Services.GetRequiredService<PoolWatch.Storage.Database>(), sample.Changes, TimeProvider.System);
        var (followed, chosen) = (Newcomer("/of the source/"), Newcomer("/by hand/"));

        Assert.Equal(FollowOutcome.Applied, await OutcomeAsync(followed));
        await sample.ApplyAsync(chosen);
        Assert.Equal(FollowOutcome.Refused, await OutcomeAsync(followed));
        Assert.Equal(FollowOutcome.Refused, await OutcomeAsync(PoolList.LoadBundled()));
        Assert.Equal(FollowOutcome.Unchanged, await OutcomeAsync(chosen));
        Assert.Equal(FollowOutcome.Applied, await OutcomeAsync(Newcomer("/of the source, new/")));
        // The source may go back to what it said before.
        Assert.Equal(FollowOutcome.Applied, await OutcomeAsync(followed));

        async Task<FollowOutcome?> OutcomeAsync(PoolList list) => (await takeover.TakeOverAsync(list, Cancellation))?.Outcome;
    }

    [Fact]
    public async Task A_list_that_somebody_rolled_back_stays_out_until_somebody_chooses_it_again()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var takeover = new FollowedListTakeover(sample.Service.Services.GetRequiredService<PoolWatch.Storage.Database>(), sample.Changes, TimeProvider.System);
        var (undone, newer) = (Newcomer("/undone/"), Newcomer("/newer/"));
        await sample.ApplyAsync(undone);
        Assert.True((await sample.Changes.ApplyAsync(PoolList.LoadBundled(), null, ChangeKind.Rollback, accept: true, Cancellation)).Applied);

        Assert.Equal(FollowOutcome.Applied, (await takeover.TakeOverAsync(newer, Cancellation))!.Outcome);
        Assert.Equal(FollowOutcome.Refused, (await takeover.TakeOverAsync(undone, Cancellation))!.Outcome);
        await sample.ApplyAsync(undone);
        await takeover.TakeOverAsync(Newcomer("/newest/"), Cancellation);
        Assert.Equal(FollowOutcome.Applied, (await takeover.TakeOverAsync(undone, Cancellation))!.Outcome);
    }

    /// <summary>A verdict that is judged anew is another object.</summary>
    [Fact]
    public async Task A_refused_list_is_judged_again_only_when_it_or_the_active_list_changed()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var takeover = new FollowedListTakeover(sample.Service.Services.GetRequiredService<PoolWatch.Storage.Database>(), sample.Changes, TimeProvider.System);
        var doubtful = new EditedList().WithoutPool("foundryusa").ToList();

        var first = await takeover.TakeOverAsync(doubtful, Cancellation);
        var second = await takeover.TakeOverAsync(doubtful, Cancellation);
        await sample.ApplyAsync(new EditedList().WithPool("newcomer", "Newcomer", 9001, "/Newcomer of 2027/").ToList());
        var third = await takeover.TakeOverAsync(doubtful, Cancellation);

        Assert.Equal((FollowOutcome.Refused, FollowOutcome.Refused), (first!.Outcome, third!.Outcome));
        Assert.Same(first, second);
        Assert.NotSame(first, third);
    }

    /// <summary>Here it waits for a lock; a list made of slow rules takes as long. Ten minutes are half a second by this clock.</summary>
    [Fact]
    public async Task A_list_that_takes_too_long_to_judge_is_refused_and_changes_nothing()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        var takeover = new FollowedListTakeover(sample.Service.Services.GetRequiredService<PoolWatch.Storage.Database>(), sample.Changes, new HastyTimers());
        await using (var other = new NpgsqlConnection(sample.ConnectionString))
        {
            await other.OpenAsync(Cancellation);
            await using var transaction = await other.BeginTransactionAsync(Cancellation);
            await using var hold = new NpgsqlCommand("SELECT FROM poolwatch_sample.chain FOR UPDATE", other);
            await hold.ExecuteNonQueryAsync(Cancellation);

            var verdict = await takeover.TakeOverAsync(new EditedList().WithPool("newcomer", "Newcomer", 9001, "/Newcomer of 2027/").ToList(), Cancellation);

            Assert.Equal(FollowOutcome.Refused, verdict!.Outcome);
            Assert.Equal("To attribute the stored blocks by it takes longer than 10 minutes. pools apply has no such limit.", Assert.Single(verdict.Reasons));
        }

        Assert.Equal(FollowOutcome.Unchanged, (await takeover.TakeOverAsync(PoolList.LoadBundled(), Cancellation))!.Outcome);
    }

    [Fact]
    public async Task Mempools_list_in_a_file_is_judged_like_any_other()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "pools-v2.json");
        await File.WriteAllTextAsync(file, PublicPoolList.LoadBundled(PublicListKind.Mempool).ToJson(), Cancellation);

        await using var sample = await ChangedSample.StartAsync(
            postgres, $"PoolWatch:PoolListSource={file}", "PoolWatch:PoolListFormat=mempool", "PoolWatch:PoolListInterval=1s", "PoolWatch:PoolListMaxMoved=1");

        await sample.WaitForAsync(PublicPoolList.LoadBundled(PublicListKind.Mempool).ToPoolList().List);
    }

    private static async Task WaitForAsync(ChangedSample sample, string outcome)
    {
        for (var i = 0; i < 300; i++)
        {
            var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
            if (page.Of("poolwatch_pool_list_follow_total").Any(s => s.Value > 0 && s.Labels.Any(l => l.Value == outcome)))
            {
                return;
            }

            await Task.Delay(100, Cancellation);
        }

        Assert.Fail($"The followed list was never {outcome}.");
    }

    private static PoolList Newcomer(string tag) => new EditedList().WithPool("newcomer", "Newcomer", 9001, "/Newcomer of 2027/", tag).ToList();

    private sealed class HastyTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(500), period);
    }
}
