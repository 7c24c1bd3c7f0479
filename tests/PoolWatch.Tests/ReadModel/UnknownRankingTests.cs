using PoolWatch.ReadModel;

namespace PoolWatch.Tests.ReadModel;

public sealed class UnknownRankingTests
{
    private static readonly int[] Pools = [600, 300, 250, 200, 150, 120, 100, 80, 60, 30, 20, 5];

    /// <summary>Three standard errors of the difference to 30: 56 is at 2.80, 58 at 2.98, 59 at 3.07.</summary>
    [Theory]
    [InlineData(29, 0)]
    [InlineData(31, 0)]
    [InlineData(58, 0)]
    [InlineData(59, 1)]
    [InlineData(700, 1)]
    public void A_candidate_is_surely_among_the_ten_from_three_standard_errors_above_the_tenth_on(int blocks, int expected) =>
        Assert.Equal(expected, UnknownRanking.CountSurelyInTop([blocks], Pools.Reverse()));

    [Theory]
    [InlineData(8, 0)]
    [InlineData(9, 1)]
    public void Where_there_are_fewer_than_ten_pools_nine_blocks_are_needed(int blocks, int expected) =>
        Assert.Equal(expected, UnknownRanking.CountSurelyInTop([blocks], Pools.Take(9)));

    [Fact]
    public void Each_candidate_is_counted() => Assert.Equal(2, UnknownRanking.CountSurelyInTop([100, 70, 40, 2], Pools));
}
