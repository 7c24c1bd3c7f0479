using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class WilsonIntervalTests
{
    // Wilson's formula evaluated with 50 decimal digits, z = 1.95996398454005423552...
    [Theory]
    [InlineData(48, 144, 0.2615528645260525, 0.4137750145216264)]
    [InlineData(29, 144, 0.1440388525287959, 0.2742569307649621)]
    [InlineData(72, 144, 0.4194027960425476, 0.5805972039574524)]
    [InlineData(302, 1008, 0.2721285221558666, 0.3285994412240251)]
    [InlineData(504, 1008, 0.4691921167133198, 0.5308078832866802)]
    [InlineData(1425, 4320, 0.3159974836558027, 0.3440270537838898)]
    [InlineData(0, 144, 0, 0.0259836371430367)]
    [InlineData(144, 144, 0.9740163628569633, 1)]
    [InlineData(1, 52560, 0.0000033585420452, 0.0001077722021808)]
    [InlineData(1, 1, 0.2065493143772374, 1)]
    public void Ends_are_those_of_the_exact_formula(int count, int total, double lower, double upper)
    {
        var interval = WilsonInterval.Of(count, total);
        Assert.Equal(lower, interval.Lower, 1e-15);
        Assert.Equal(upper, interval.Upper, 1e-15);
    }

    /// <summary>Half of the width in points of a per cent at 20, 30, 33 and 50 %, as the windows' error is usually told: a day says little.</summary>
    [Theory]
    [InlineData(144, new[] { 6.5, 7.4, 7.6, 8.1 }, 0.05)]
    [InlineData(432, new[] { 3.8, 4.3, 4.4, 4.7 }, 0.05)]
    [InlineData(1008, new[] { 2.5, 2.8, 2.9, 3.1 }, 0.05)]
    [InlineData(2016, new[] { 1.75, 2.0, 2.05, 2.2 }, 0.025)]
    [InlineData(4320, new[] { 1.2, 1.4, 1.4, 1.5 }, 0.05)]
    public void Half_widths_of_the_standard_windows(int total, double[] points, double rounding)
    {
        double[] shares = [0.2, 0.3, 0.33, 0.5];
        foreach (var (share, expected) in shares.Zip(points))
        {
            var (lower, upper) = WilsonInterval.Of((int)Math.Round(share * total), total);
            Assert.Equal(expected, 100 * (upper - lower) / 2, rounding);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(144)]
    [InlineData(int.MaxValue)]
    public void None_and_all_end_exactly_at_zero_and_one(int total)
    {
        Assert.Equal(0.0, WilsonInterval.Of(0, total).Lower);
        Assert.Equal(1.0, WilsonInterval.Of(total, total).Upper);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-1, 144)]
    [InlineData(145, 144)]
    public void Counts_that_are_no_part_of_the_whole_are_refused(int count, int total) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => WilsonInterval.Of(count, total));

    [Fact]
    public void Contains_the_estimate_lies_within_zero_and_one_and_mirrors() =>
        Gen.OneOf(Gen.Int[1, 200], Gen.Int[1, 1_000_000]).SelectMany(static total => Gen.Int[0, total].Select(count => (count, total)))
            .Sample(static (count, total) =>
            {
                var (lower, upper) = WilsonInterval.Of(count, total);
                Assert.InRange((double)count / total, lower, upper);
                Assert.True(lower >= 0 && upper <= 1 && lower < upper);
                var mirrored = WilsonInterval.Of(total - count, total);
                Assert.Equal(1 - upper, mirrored.Lower, 1e-14);
            });

    [Fact]
    public void Solves_the_score_equation_at_both_ends() =>
        Gen.Int[2, 60000].SelectMany(static total => Gen.Int[1, total - 1].Select(count => (count, total))).Sample(static (count, total) =>
        {
            var (lower, upper) = WilsonInterval.Of(count, total);
            foreach (var p in (double[])[lower, upper])
            {
                var score = Math.Abs(((double)count / total) - p) / Math.Sqrt(p * (1 - p) / total);
                Assert.Equal(WilsonInterval.Z, score, 1e-6);
            }
        });
}
