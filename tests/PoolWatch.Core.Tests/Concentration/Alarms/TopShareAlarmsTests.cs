using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Concentration.Alarms.AlarmFixtures;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Concentration.Alarms;

public sealed class TopShareAlarmsTests
{
    [Fact]
    public void A_chain_without_blocks_has_no_evidence_and_needs_more_than_five()
    {
        var alarms = At(ChainView.Empty, ByPool);
        Assert.Equal([(1, 0.0), (2, 0), (3, 0), (4, 0), (5, 0), (3, 0)], alarms.Select(a => (a.Largest, a.Level)));
        Assert.Equal(6, TopShareAlarms.Coefficient(alarms));
    }

    [Theory]
    [InlineData(1, 0.6, 0.2, 0.1)]
    [InlineData(2, 0.35, 0.25, 0.2)]
    [InlineData(3, 0.25, 0.2, 0.15)]
    [InlineData(5, 0.12, 0.12, 0.12, 0.12, 0.12)]
    [InlineData(6, 0.08, 0.08, 0.08, 0.08, 0.08)]
    public void The_settled_coefficient_is_the_fewest_that_truly_have_more_than_half(int expected, params double[] shares)
    {
        var alarms = At(Chain(Draw(1, 20_000, shares)), ByPool);
        Assert.Equal(expected, TopShareAlarms.Coefficient(alarms));
        Assert.Equal(shares.OrderDescending().Take(3).Sum() > 0.69, alarms[^1].IsOn);
    }

    /// <summary>Ten equal pools: in a window the two luckiest have more than a fifth, by the choice alone. Who is chosen beforehand has a fifth.</summary>
    [Fact]
    public void Blocks_that_made_somebody_large_are_not_counted_as_his()
    {
        ushort[] pools = [.. Run(0, 143), .. Run(1, 1), .. Run(2, 144)];
        var alarms = At(Chain(pools), ByPool);
        Assert.Equal(0, alarms[0].Level);
        // The set of one is pool a, as of height 144; of three it is a and b, who have no block since.
        Assert.All(alarms, a => Assert.Equal(0, a.Level));
        // From height 288 on pool c, with 144 of 288 blocks, is among the two largest.
        Assert.True(At(Chain([.. pools, .. Run(2, 10)]), ByPool)[1].Level > 0);
    }

    [Fact]
    public void The_largest_are_ranked_at_the_same_heights_wherever_the_chain_begins()
    {
        var pools = Draw(3, 60_000, 0.3, 0.22, 0.2, 0.1);
        var whole = At(Chain(pools), ByPool);
        var later = At(Chain(pools[5_000..], firstHeight: 5_000), ByPool);
        Assert.Equal(whole.Select(a => (a.Level, a.IsOn)), later.Select(a => (a.Level, a.IsOn)));
    }

    [Fact]
    public void The_state_at_any_tip_is_what_the_episodes_say_of_it()
    {
        ushort[] pools = [.. Draw(1, 15_000, 0.3, 0.15, 0.1), .. Draw(2, 15_000, 0.45, 0.25, 0.1), .. Draw(3, 20_000, 0.25, 0.15, 0.1)];
        var episodes = TopShareAlarms.Episodes(EntityColumn.Of(Chain(pools), ByPool), new BlockWindow(0, pools.Length - 1));
        Assert.Contains(episodes, e => e is { Largest: 2, To: not null });
        Assert.Contains(episodes, e => e is { Largest: 3, To: not null } && e.Threshold == Threshold.TwoThirds);
        for (var tip = 999; tip < pools.Length; tip += 1_000)
        {
            Assert.Equal(
                episodes.Where(e => e.From <= tip && !(e.To <= tip)).Select(e => (e.Largest, e.Threshold.Denominator, e.From)).Order(),
                At(Chain(pools[..(tip + 1)]), ByPool).Where(a => a.IsOn).Select(a => (a.Largest, a.Threshold.Denominator, a.Since!.Value)).Order());
        }
    }

    [Fact]
    public void A_group_counts_as_one_and_blocks_with_a_miner_each_as_nobodys()
    {
        var pools = Draw(5, 20_000, 0.2, 0.15, 0.14, 0.3, 0.1);
        Assert.Equal(3, TopShareAlarms.Coefficient(At(Chain(pools), ByPool)));
        Assert.Equal(2, TopShareAlarms.Coefficient(At(Chain(pools), Map(File(Entity("g", Member("a"), Member("b")))))));
        Assert.Equal(4, TopShareAlarms.Coefficient(At(Chain(pools), Map(File(miners: Member("d"))))));
    }

    /// <summary>The budget is a quarter of an alarm a year in each of four layers.</summary>
    [Theory]
    [InlineData(2, 0.3, 0.2, 0.1)]
    [InlineData(2, 0.25, 0.25, 0.2)]
    public void At_one_half_itself_an_alarm_begins_once_in_four_years_of_blocks(int largest, params double[] shares)
    {
        const int Years = 60;
        var pools = Draw(2026, Years * ShareAlarms.Blocks, shares);
        var episodes = TopShareAlarms.Episodes(EntityColumn.Of(Chain(pools), ByPool), new BlockWindow(0, pools.Length - 1));
        Assert.InRange(episodes.Count(e => e.Largest == largest) / (double)Years, 0.1, 0.4);
    }

    private static IReadOnlyList<TopShareAlarm> At(ChainView chain, LayerMap map) => TopShareAlarms.At(EntityColumn.Of(chain, map));
}
