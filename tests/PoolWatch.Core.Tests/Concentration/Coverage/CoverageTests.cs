using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration.Coverage;

/// <summary>
/// Do 95 % intervals hold the truth in 95 % of windows? Seeded, and with few windows to be quick; with 3,000 the simulation itself may be off by half a point. The long table is in
/// tests/PoolWatch.Benchmarks/results/coverage.md.
/// </summary>
public sealed class CoverageTests
{
    private const int Windows = 3000;

    /// <summary>The standard windows but the year.</summary>
    private static readonly int[] Lengths = [144, 432, 1008, 2016, 4320];

    public static TheoryData<string, int> MonthsAndLengths { get; } =
        new(from month in HashRate.RealMonths from blocks in Lengths select (month.Name, blocks));

    [Theory]
    [MemberData(nameof(MonthsAndLengths))]
    public void Intervals_of_hhi_and_entropy_hold_the_truth_in_93_to_97_percent_of_windows(string month, int blocks)
    {
        var coverage = CoverageRun.Of(HashRate.RealMonths.Single(one => one.Name == month), blocks, Windows, seed: blocks);
        Assert.InRange(coverage.Hhi.Part, 0.93, 0.97);
        Assert.InRange(coverage.Entropy.Part, 0.93, 0.97);
        Assert.InRange(coverage.NakamotoThird.Part, 0.95, 1);
        Assert.InRange(coverage.NakamotoHalf.Part, 0.95, 1);
        Assert.InRange(coverage.NakamotoTwoThirds.Part, 0.95, 1);
        Assert.InRange(coverage.NakamotoHalf.Width, 0, blocks == 144 ? 2.5 : 1.2);
    }

    /// <summary>Where luck decides who is among the largest, a plain test of the k largest finds a majority that is not there in half of all windows.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nakamoto_range_holds_the_truth_among_equals(int index)
    {
        var coverage = CoverageRun.Of(HashRate.EqualMiners[index], 432, Windows, seed: 1);
        Assert.InRange(coverage.NakamotoHalf.Part, 0.95, 1);
    }

    [Fact]
    public void Wilson_intervals_hold_the_share_in_93_to_97_percent_of_windows_from_ten_expected_blocks_on()
    {
        foreach (var blocks in Lengths)
        {
            for (var share = 10.0 / blocks; share <= 1 - (10.0 / blocks); share += 0.0037)
            {
                Assert.InRange(CoverageRun.Wilson(share, blocks), 0.93, 0.97);
            }
        }
    }
}
