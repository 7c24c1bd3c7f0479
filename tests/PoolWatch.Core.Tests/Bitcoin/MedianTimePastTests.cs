using CsCheck;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Tests.Bitcoin;

public sealed class MedianTimePastTests
{
    [Theory]
    [InlineData(new uint[] { 7 }, 7)]
    [InlineData(new uint[] { 7, 9 }, 9)]
    [InlineData(new uint[] { 9, 7 }, 9)]
    [InlineData(new uint[] { 5, 9, 7 }, 7)]
    [InlineData(new uint[] { 11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6 }, 6)]
    [InlineData(new uint[] { 100, 100, 11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6 }, 6)]
    [InlineData(new uint[] { 0xffffffff, 0x80000000, 1 }, 0x80000000)]
    public void Median_is_the_middle_of_the_last_eleven(uint[] times, uint expected) => Assert.Equal(expected, MedianTimePast.Of(times));

    [Fact]
    public void Median_of_nothing_is_refused() => Assert.Throws<ArgumentException>(() => MedianTimePast.Of([]));

    [Fact]
    public void Times_are_left_as_they_were()
    {
        uint[] times = [3, 1, 2];
        MedianTimePast.Of(times);
        Assert.Equal([3u, 1u, 2u], times);
    }

    [Fact]
    public void Chain_whose_times_exceed_the_median_has_a_median_that_never_falls() =>
        Gen.UInt[1, 7200].Array[12, 60].Sample(steps =>
        {
            var times = new List<uint> { 1_600_000_000 };
            var last = 0u;
            foreach (var step in steps)
            {
                var median = MedianTimePast.Of([.. times]);
                Assert.True(median >= last);
                last = median;
                times.Add(median + step);
            }
        });
}
