using System.Numerics;
using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class ShareShiftTests
{
    [Fact]
    public void Rise_of_a_pool_by_hand()
    {
        // Newcombe 1998, table II (a): 56/70 against 48/80 has the interval 0.0524 to 0.3339 by method 10.
        var shift = ShareShift.Of(48, 80, 56, 70);
        Assert.Equal(0.2, shift.Difference, 1e-15);
        Assert.Equal(0.0524, shift.Lower, 0.00005);
        Assert.Equal(0.3339, shift.Upper, 0.00005);
        Assert.Equal(0.2 / Math.Sqrt(104 / 150.0 * (46 / 150.0) * ((1 / 80.0) + (1 / 70.0))), shift.Z, 1e-12);
    }

    // Fisher's tea: all four cups right has 1/70 on one side, three of four 17/70.
    [Theory]
    [InlineData(0, 4, 4, 4, 2 / 70.0)]
    [InlineData(1, 4, 3, 4, 34 / 70.0)]
    [InlineData(2, 4, 2, 4, 1)]
    public void P_values_of_the_lady_tasting_tea(int earlier, int earlierTotal, int later, int laterTotal, double expected) =>
        Assert.Equal(expected, ShareShift.Of(earlier, earlierTotal, later, laterTotal).PValue, 1e-14);

    [Fact]
    public void P_value_is_twice_the_smaller_exact_tail() =>
        Gen.Select(Gen.Int[1, 150], Gen.Int[1, 150], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((earlierTotal, laterTotal, a, b) =>
        {
            var (earlier, later) = ((int)Math.Round(a * earlierTotal), (int)Math.Round(b * laterTotal));
            var expected = ExactPValue(earlier, earlierTotal, later, laterTotal);
            Assert.Equal(1, ShareShift.Of(earlier, earlierTotal, later, laterTotal).PValue / expected, 1e-11);
        }, iter: 2000);

    [Fact]
    public void Turning_time_round_turns_the_sign_only() =>
        Gen.Select(Gen.Int[1, 60_000], Gen.Int[1, 60_000], Gen.Double[0, 1], Gen.Double[0, 1]).Sample((earlierTotal, laterTotal, a, b) =>
        {
            var (earlier, later) = ((int)Math.Round(a * earlierTotal), (int)Math.Round(b * laterTotal));
            var (there, back) = (ShareShift.Of(earlier, earlierTotal, later, laterTotal), ShareShift.Of(later, laterTotal, earlier, earlierTotal));
            Assert.Equal((there.Difference, there.Z), (-back.Difference, -back.Z));
            Assert.Equal(there.PValue, back.PValue);
            Assert.Equal(there.Lower, -back.Upper, 1e-15);
            Assert.InRange(there.Difference, there.Lower, there.Upper);
            Assert.InRange(there.Lower, -1 - 1e-12, 1);
            Assert.InRange(there.PValue, 0, 1);
        });

    /// <summary>What the budget of false alarms rests on: at the same share no more than the level is rejected, at any level.</summary>
    [Theory]
    [InlineData(144, 0.02)]
    [InlineData(144, 0.3)]
    [InlineData(1008, 0.3)]
    public void Same_share_is_rejected_no_more_often_than_the_level_says(int total, double share)
    {
        var probability = Enumerable.Range(0, total + 1)
            .Select(count => BinomialTail.AtLeast(count, total, share) - BinomialTail.AtLeast(count + 1, total, share)).ToArray();
        int[] likely = [.. Enumerable.Range(0, total + 1).Where(count => probability[count] > 1e-9)];
        foreach (var level in new[] { 0.05, 0.001 })
        {
            var rejected = likely.Sum(a => likely.Where(b => ShareShift.Of(a, total, b, total).PValue <= level).Sum(b => probability[a] * probability[b]));
            Assert.InRange(rejected, level / 100, level);
        }
    }

    [Fact]
    public void No_block_or_every_block_in_both_windows_is_no_shift()
    {
        Assert.Equal((0, 0, 1), Of(ShareShift.Of(0, 144, 0, 1008)));
        Assert.Equal((0, 0, 1), Of(ShareShift.Of(144, 144, 1008, 1008)));

        static (double, double, double) Of(ShareShift shift) => (shift.Difference, shift.Z, shift.PValue);
    }

    [Fact]
    public void Far_shifts_of_long_windows_keep_their_digits()
    {
        // 30 % to 32 % over 50,000 blocks each, against whole numbers.
        Assert.Equal(1, ShareShift.Of(15_000, 50_000, 16_000, 50_000).PValue / ExactPValue(15_000, 50_000, 16_000, 50_000), 1e-11);
        Assert.InRange(ShareShift.Of(150_000, 500_000, 155_000, 500_000).PValue, 1e-40, 1e-20);
    }

    [Theory]
    [InlineData(1, 0, 1, 2)]
    [InlineData(-1, 2, 1, 2)]
    [InlineData(3, 2, 1, 2)]
    [InlineData(1, 2, 1, 1_000_000_001)]
    public void What_is_no_count_or_no_window_is_refused(int earlier, int earlierTotal, int later, int laterTotal) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ShareShift.Of(earlier, earlierTotal, later, laterTotal));

    private static double ExactPValue(int earlier, int earlierTotal, int later, int laterTotal)
    {
        // Ways to spread the blocks over both windows, relative to the first way there is.
        var (sum, first) = (earlier + later, Math.Max(0, earlier + later - earlierTotal));
        var (term, upper, lower, all) = (BigInteger.One << 2000, BigInteger.Zero, BigInteger.Zero, BigInteger.Zero);
        var terms = new List<BigInteger>();
        var start = Math.Max(first, later - 3000);
        for (var x = start; x <= Math.Min(Math.Min(sum, laterTotal), later + 3000); x++)
        {
            terms.Add(term);
            all += term;
            (upper, lower) = (x >= later ? upper + term : upper, x <= later ? lower + term : lower);
            term = term * (laterTotal - x) * (sum - x) / ((x + 1L) * (earlierTotal - sum + x + 1));
        }

        return Math.Min(1, WholeNumbers.Quotient(2 * BigInteger.Min(upper, lower), all));
    }
}
