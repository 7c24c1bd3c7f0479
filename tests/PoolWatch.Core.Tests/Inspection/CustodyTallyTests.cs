using PoolWatch.Core.Inspection;
using PoolWatch.Core.Tests.Unknown;
using static PoolWatch.Core.Tests.Unknown.UnknownFixtures;

namespace PoolWatch.Core.Tests.Inspection;

public sealed class CustodyTallyTests
{
    [Fact]
    public void A_payee_of_two_pools_is_reported_with_its_blocks()
    {
        var tally = new CustodyTally();
        tally.Add(7, 1002, Traces(1002, "", Paying(1)));
        tally.Add(7, 1000, Traces(1000, "", Paying(1)));
        tally.Add(3, 1001, Traces(1001, "", Paying(1), Paying(5, 1)));
        tally.Add(3, 1003, Traces(1003, "", Paying(2)));

        var found = Assert.Single(tally.Find());

        Assert.Equal(ScriptOf(1), found.Script.ToArray());
        Assert.False(found.Minor);
        Assert.Equal([new CustodyUse(7, 2, 2, 1000, 1002, 1), new CustodyUse(3, 1, 1, 1001, 1001, 2)], found.Uses);
    }

    [Fact]
    public void A_part_of_a_block_is_minor()
    {
        var tally = new CustodyTally();
        tally.Add(1, 1000, Traces(1000, "", Paying(1)));
        tally.Add(2, 1001, Traces(1001, "", Paying(1, 50), Paying(2, 50)));

        var found = Assert.Single(tally.Find());

        Assert.True(found.Minor);
        Assert.Equal([1, 0], found.Uses.Select(u => u.MajorityBlocks));
    }

    [Fact]
    public void A_payee_of_one_pool_is_not_reported()
    {
        var tally = new CustodyTally();
        tally.Add(1, 1000, Traces(1000, "", Paying(1)));
        tally.Add(1, 1001, Traces(1001, "", Paying(1)));

        Assert.Empty(tally.Find());
    }

    [Fact]
    public void Whole_blocks_come_before_parts_and_frequent_ones_before_rare_ones()
    {
        var tally = new CustodyTally();
        for (var i = 0; i < 6; i++)
        {
            tally.Add(i % 2, 1000 + i, Traces(1000 + i, "", Paying(i < 2 ? 1 : 2), Paying(3, 10)));
        }

        Assert.Equal([ScriptOf(2), ScriptOf(1), ScriptOf(3)], tally.Find().Select(o => o.Script.ToArray()));
    }

    [Fact]
    public void Outputs_to_one_script_count_once_and_together()
    {
        var traces = Traces(1000, "", Paying(1, 30), Paying(2, 40), Paying(1, 30));

        Assert.Equal([new Payout(ScriptOf(1), 60, 0), new Payout(ScriptOf(2), 40, 1)], traces.Payouts, SamePayout);
        Assert.True(traces.IsMajority(traces.Payouts[0]));
        Assert.Equal(("p2wpkh p2wpkh p2wpkh", 100, 3), (traces.Structure, traces.Value, traces.OutputCount));
    }

    private static bool SamePayout(Payout a, Payout b) => a.Script.Span.SequenceEqual(b.Script.Span) && (a.Value, a.Index) == (b.Value, b.Index);
}
