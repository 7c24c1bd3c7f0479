using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using static PoolWatch.Core.Tests.Concentration.Alarms.AlarmFixtures;

namespace PoolWatch.Core.Tests.Concentration.Alarms;

public sealed class WindowAlarmsTests
{
    /// <summary>The floor is where the count lies Z standard errors above what it would be: the definition, solved the other way.</summary>
    [Theory]
    [InlineData(1, 2016)]
    [InlineData(623, 2016)]
    [InlineData(784, 2016)]
    [InlineData(2016, 2016)]
    public void A_count_lies_the_standard_errors_above_its_floor(int count, int total)
    {
        var floor = ShareFloor.Of(count, total);
        Assert.InRange(floor, 0, (double)count / total);
        Assert.Equal(ShareFloor.Z, (count - (total * floor)) / Math.Sqrt(total * floor * (1 - floor)), 1e-9);
    }

    [Fact]
    public void Nothing_has_the_floor_zero_and_what_is_no_part_is_refused()
    {
        Assert.Equal(0, ShareFloor.Of(0, 2016));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareFloor.Of(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareFloor.Of(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareFloor.Of(-1, 1));
    }

    [Fact]
    public void A_shift_compares_the_last_two_weeks_with_the_month_before()
    {
        ushort[] before = [.. Enumerable.Range(0, RecentShift.Earlier).Select(h => (ushort)(h % 4 == 0 ? 0 : 1))];
        ushort[] after = [.. Enumerable.Range(0, RecentShift.Later).Select(h => (ushort)(h % 3 == 0 ? 0 : 2))];
        var shifts = RecentShift.Of(Chain([.. Run(5, 100), .. before, .. after]));
        Assert.Equal([0, 1, 2], shifts.Keys.Order());
        Assert.Equal((1 / 3.0) - (1 / 4.0), shifts[0].Difference, 12);
        Assert.Equal(ShareShift.Of(1080, 4320, 672, 2016), shifts[0]);
        Assert.Equal([true, true, true], shifts.OrderBy(s => s.Key).Select(s => RecentShift.IsAlarm(s.Value)));
        Assert.Equal((-0.75, 2 / 3.0), (shifts[1].Difference, shifts[2].Difference));
    }

    [Fact]
    public void A_chain_shorter_than_both_windows_has_no_shift() => Assert.Empty(RecentShift.Of(Chain(Run(0, RecentShift.Later + RecentShift.Earlier - 1))));

    /// <summary>Five points of a large pool are four standard errors; two points of a small one are more, and yet no news; luck is neither.</summary>
    [Theory]
    [InlineData(1296, 706, true)]
    [InlineData(1296, 704, false)]
    [InlineData(43, 60, false)]
    [InlineData(2160, 1120, true)]
    [InlineData(2160, 1109, false)]
    public void A_shift_is_an_alarm_where_it_is_large_and_beyond_luck(int earlier, int later, bool expected) =>
        Assert.Equal(expected, RecentShift.IsAlarm(ShareShift.Of(earlier, RecentShift.Earlier, later, RecentShift.Later)));
}
