using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Telemetry;

[Collection(SampleCollection.Name)]
public sealed class AlarmGaugesTests(SampleService sample)
{
    private static readonly (Threshold Threshold, string Label)[] Thresholds = [(Threshold.Third, "0.333333"), (Threshold.TwoFifths, "0.4"), (Threshold.Half, "0.5")];

    [Fact]
    public async Task Every_pool_has_the_level_that_its_blocks_give_one_after_the_other()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var labels = SampleLabels.Load().ToList();
        foreach (var pool in new LabelMeasures([.. labels]).Pools.Keys)
        {
            foreach (var (threshold, label) in Thresholds)
            {
                var test = ShareAlarms.TestsOf("pool").Single(t => t.Threshold == threshold);
                var (level, on) = (0L, false);
                foreach (var block in labels)
                {
                    level = Math.Clamp(level + (block.Pool == pool ? test.Own : -test.Other), 0, test.Cap);
                    on = level > 0 && (on || level >= test.Limit);
                }

                Assert.Equal((double)level / test.Limit, page.Value("poolwatch_share_alarm_level_ratio", $"layer=pool,pool={pool},threshold={label}"), 1e-12);
                Assert.Equal(on ? 1 : 0, page.Value("poolwatch_share_alarm", $"layer=pool,pool={pool},threshold={label}"));
            }
        }
    }

    /// <summary>The sample's custodian of seven pools has 38 % of its blocks; Foundry's owner, and others with one pool, have no alarm of their own.</summary>
    [Fact]
    public async Task Of_groups_only_those_with_blocks_of_two_pools_have_alarms()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        Assert.Equal(
            ["custody custodian2024", "template antpoolfriends"],
            page.Of("poolwatch_share_alarm").Select(s => $"{s.Labels[0].Value} {s.Labels[1].Value}").Where(s => !s.StartsWith("pool ", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(1, page.Value("poolwatch_share_alarm", "layer=custody,pool=custodian2024,threshold=0.333333"));
        Assert.Equal(0, page.Value("poolwatch_share_alarm", "layer=custody,pool=custodian2024,threshold=0.4"));
    }

    /// <summary>Of the sample's 2016 blocks Foundry has 31 %, AntPool 17 and F2Pool 11; the template group has as much as Foundry.</summary>
    [Fact]
    public async Task The_two_largest_with_the_groups_have_more_than_half_and_nothing_is_settled_in_two_weeks()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        Assert.Empty(page.Of("poolwatch_settled_nakamoto_coefficient"));
        Assert.Equal((0, 1), (page.Value("poolwatch_top_share_alarm", "layer=pool,n=2,threshold=0.5"), page.Value("poolwatch_top_share_alarm", "layer=template,n=2,threshold=0.5")));
        Assert.InRange(page.Value("poolwatch_top_share_alarm_level_ratio", "layer=template,n=2,threshold=0.5"), 1, 1.25);
    }

    /// <summary>Half of what the observed share says, and less: the price of looking at it with every block.</summary>
    [Fact]
    public async Task The_least_risk_is_that_of_a_share_well_below_the_observed_one()
    {
        var page = new MetricsPage(await sample.Service.GetTextAsync("/metrics"));
        var largest = new LabelMeasures([.. SampleLabels.Load()]).Pools.Where(p => p.Key != "unknown").Max(p => p.Value);
        var least = page.Value("poolwatch_double_spend_lower_probability", "confirmations=6,layer=pool,window=2016");
        Assert.Equal(DoubleSpend.Probability(ShareFloor.Of(largest, 2016), 6), least, 1e-12);
        Assert.InRange(least / page.Value("poolwatch_double_spend_probability", "confirmations=6,layer=pool,window=2016"), 0.3, 0.8);
    }
}
