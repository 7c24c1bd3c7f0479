using CsCheck;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Concentration.Alarms.AlarmFixtures;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Concentration.Alarms;

public sealed class ShareAlarmsTests
{
    [Fact]
    public void A_chain_without_blocks_has_no_alarm() => Assert.Empty(At(ChainView.Empty, ByPool));

    [Fact]
    public void There_is_one_state_for_each_pool_with_a_block_and_each_threshold()
    {
        var alarms = At(Chain([0, 2, 2, ChainView.UnknownPool]), ByPool);
        Assert.Equal([0, 0, 0, 2, 2, 2], alarms.Select(a => a.Entity));
        Assert.Equal([new(1, 3), new(2, 5), new(1, 2)], alarms.Take(3).Select(a => a.Threshold));
        Assert.All(alarms, a => Assert.False(a.IsOn));
    }

    /// <summary>ln(1.15) = 0.13976 a block, a limit of 6.67: 48 blocks in a row. Then ln(40/37) = 0.07796 less for each block of another.</summary>
    [Fact]
    public void A_run_of_blocks_begins_the_alarm_and_as_much_of_others_ends_it()
    {
        Assert.Null(Third(Run(0, 47)).Since);
        Assert.InRange(Third(Run(0, 47)).Level, 0.97, 0.9999);
        Assert.Equal(47, Third(Run(0, 48)).Since);
        Assert.InRange(Third(Run(0, 48)).Level, 1, 1.02);
        var blocks = (int)Math.Ceiling(48 * Math.Log(1.15) / Math.Log(40 / 37.0));
        Assert.Equal(47, Third([.. Run(0, 48), .. Run(1, blocks - 1)]).Since);
        Assert.Equal(0, Third([.. Run(0, 48), .. Run(1, blocks)]).Level);
        Assert.Equal(
            [new AlarmEpisode(0, Threshold.Third, 47, 47 + blocks)],
            Episodes([.. Run(0, 48), .. Run(1, blocks)]).Where(e => e.Entity == 0 && e.Threshold == Threshold.Third));
    }

    [Fact]
    public void However_long_a_pool_was_above_the_alarm_ends_after_the_same_number_of_blocks()
    {
        var (month, year) = (EndAfter(4_320), EndAfter(52_560));
        Assert.Equal(month, year);
        Assert.InRange(month, 100, 110);
        static int EndAfter(int blocks) => Episodes([.. Run(0, blocks), .. Run(ChainView.UnknownPool, 200)]).First(e => e.Threshold == Threshold.Third).To!.Value - blocks + 1;
    }

    [Fact]
    public void The_state_is_that_of_a_test_which_is_moved_with_every_block() => Gen.Select(Gen.Int[0, 5], Gen.Int[1, 400]).Array[1, 30].Sample(runs =>
    {
        ushort[] pools = [.. runs.SelectMany(r => Run(r.Item1 == 5 ? ChainView.UnknownPool : r.Item1, r.Item1 == 0 ? r.Item2 : r.Item2 / 8))];
        foreach (var alarm in At(Chain(pools), ByPool))
        {
            var test = ShareAlarms.TestsOf(Layer.PoolName).Single(t => t.Threshold == alarm.Threshold);
            var (level, since) = Eager(pools, alarm.Entity, test);
            Assert.Equal(level, alarm.Level);
            Assert.Equal(since, alarm.Since);
        }
    });

    /// <summary>What a restart would find, a replica, or a question about a past tip.</summary>
    [Fact]
    public void The_state_at_any_tip_is_what_the_episodes_say_of_it()
    {
        var random = new Random(1);
        ushort[] pools = [.. Enumerable.Range(0, 80_000).Select(h => random.NextDouble() < (h is > 20_000 and < 30_000 or > 60_000 ? 0.45 : 0.3) ? (ushort)0 : (ushort)(1 + (h % 5)))];
        var episodes = Episodes(pools);
        Assert.True(episodes.Count >= 4);
        foreach (var tip in Enumerable.Range(1, 39).Select(i => i * 2_000).Concat(episodes.Select(e => e.From)))
        {
            var on = At(Chain(pools).TruncateTo(tip), ByPool).Where(a => a.IsOn)
                .Select(a => (a.Entity, a.Threshold.Denominator, a.Since!.Value));
            Assert.Equal(episodes.Where(e => e.From <= tip && !(e.To <= tip)).Select(e => (e.Entity, e.Threshold.Denominator, e.From)).Order(), on.Order());
        }
    }

    [Fact]
    public void A_group_of_two_pools_alarms_where_neither_does_and_a_group_of_one_has_no_state()
    {
        var map = Map(File($"{Entity("both", Member("a"), Member("b"))}, {Entity("one", Member("c"))}, {Entity("later", Member("d"), Member("e", "from=2030-01-01"))}"));
        ushort[] pools = [.. Enumerable.Range(0, 5_000).Select(h => (ushort)(h % 10 < 5 ? h % 2 : 2 + (h % 3)))];
        var alarms = At(Chain(pools), map);
        Assert.Equal(["both"], alarms.Select(a => map.NameOf(a.Entity).Slug).Distinct());
        Assert.Equal([true, true, false], alarms.Select(a => a.IsOn));
        Assert.DoesNotContain(At(Chain(pools), ByPool), a => a.IsOn);
    }

    [Fact]
    public void Blocks_whose_miners_decide_for_themselves_are_no_evidence() =>
        Assert.Empty(At(Chain(Run(0, 500)), Map(File(miners: Member("a")))));

    /// <summary>The budget: three pools with exactly a third each, two with exactly 40 % or half.</summary>
    [Theory]
    [InlineData(1, 3, 1 / 3.0, 1 / 3.0, 1 / 3.0)]
    [InlineData(2, 5, 0.4, 0.4, 0.2)]
    [InlineData(1, 2, 0.5, 0.5, 0.0)]
    public void At_the_threshold_itself_an_alarm_begins_once_in_a_year_of_blocks(int numerator, int denominator, params double[] shares)
    {
        const int Years = 60;
        var random = new Random(2026);
        ushort[] pools = [.. Enumerable.Range(0, Years * ShareAlarms.Blocks).Select(_ => Draw(random, shares))];
        var begun = Episodes(pools).Count(e => e.Threshold == new Threshold(numerator, denominator) && shares[e.Entity] > 0.3);
        Assert.InRange(begun / (double)Years, 0.7, 1.2);
    }

    [Theory]
    [InlineData(1, 3, 1 / 3.0)]
    [InlineData(2, 5, 0.4)]
    [InlineData(1, 2, 0.5)]
    public void Five_points_above_it_is_found_within_eight_days_on_average(int numerator, int denominator, double share)
    {
        double[] shares = [share + 0.05, 0.95 - share];
        var random = new Random(7);
        var blocks = Enumerable.Range(0, 150).Average(_ =>
            Episodes([.. Enumerable.Range(0, 12_000).Select(_ => Draw(random, shares))])
                .First(e => e.Entity == 0 && e.Threshold == new Threshold(numerator, denominator)).From + 1);
        Assert.InRange(blocks, 950, 8 * 144);
    }

    [Theory]
    [InlineData(19, 20, 1)]
    [InlineData(1, 2, 0)]
    [InlineData(1, 2, -1)]
    public void Tests_that_can_find_nothing_or_always_do_are_refused(int numerator, int denominator, double limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Cusum(new Threshold(numerator, denominator), limit));

    private static ShareAlarm Third(ushort[] pools) => At(Chain(pools), ByPool).Single(a => a.Entity == 0 && a.Threshold == Threshold.Third);

    private static IReadOnlyList<ShareAlarm> At(ChainView chain, LayerMap map) => ShareAlarms.At(chain, EntityColumn.Of(chain, map));

    private static IReadOnlyList<AlarmEpisode> Episodes(ushort[] pools)
    {
        var chain = Chain(pools);
        return ShareAlarms.Episodes(chain, EntityColumn.Of(chain, ByPool), new BlockWindow(0, pools.Length - 1));
    }

    /// <summary>Page's rule as it is written, block by block.</summary>
    private static (double Level, int? Since) Eager(ushort[] pools, int entity, Cusum test)
    {
        var (level, since) = (0L, (int?)null);
        for (var height = 0; height < pools.Length; height++)
        {
            level = Math.Clamp(level + (pools[height] == entity ? test.Own : -test.Other), 0, test.Cap);
            since = level == 0 ? null : since ?? (level >= test.Limit ? height : null);
        }

        return ((double)level / test.Limit, since);
    }
}
