using System.Numerics;
using CsCheck;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.History;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class StreaksTests
{
    [Fact]
    public void Runs_of_a_window_by_hand()
    {
        var streaks = Streaks.Of([7, 7, 2, 2, 2, EntityColumn.Unknown, EntityColumn.OnItsOwn, EntityColumn.OnItsOwn, 2, 7, 7, 4, 2, 2]);
        Assert.Equal([new EntityStreak(2, 3, 4, 2), new EntityStreak(4, 1, 11, 0), new EntityStreak(7, 2, 10, 0)], streaks);
    }

    [Fact]
    public void A_run_that_fills_the_window_is_longest_and_current() =>
        Assert.Equal([new EntityStreak(3, 4, 3, 4)], Streaks.Of([3, 3, 3, 3]));

    [Fact]
    public void Windows_of_nobody_or_nothing_have_no_runs()
    {
        Assert.Empty(Streaks.Of([]));
        Assert.Empty(Streaks.Of([EntityColumn.Unknown, EntityColumn.Unknown, EntityColumn.OnItsOwn]));
    }

    [Fact]
    public void Runs_equal_those_found_block_by_block() => Gen.Int[-2, 3].Array[0, 60].Sample(entities =>
    {
        var expected = entities.Where(e => e >= 0).Distinct().Order().Select(entity =>
        {
            var (run, longest, end) = (0, 0, 0);
            for (var i = 0; i < entities.Length; i++)
            {
                run = entities[i] == entity ? run + 1 : 0;
                (longest, end) = run > 0 && run >= longest ? (run, i) : (longest, end);
            }

            return new EntityStreak(entity, longest, end, run);
        });
        Assert.Equal(expected, Streaks.Of(entities));
    });

    // Per cent, of issue 5.
    [Theory]
    [InlineData(6, 144, 0.3, 6.889, 0.0005)]
    [InlineData(6, 144, 0.4, 29.442, 0.0005)]
    [InlineData(6, 1008, 0.25, 16.801, 0.0005)]
    [InlineData(7, 1008, 0.3, 14.242, 0.0005)]
    [InlineData(8, 52_560, 0.3, 91.06, 0.005)]
    [InlineData(10, 52_560, 0.31, 25.7, 0.05)]
    [InlineData(6, 6, 0.4, 0.41, 0.0005)]
    public void Probabilities_of_runs(int length, int blocks, double share, double percent, double tolerance) =>
        Assert.Equal(percent, 100 * Streaks.ProbabilityOfRun(length, blocks, share), tolerance);

    [Fact]
    public void Probability_of_a_run_equals_the_markov_chain_in_whole_numbers()
    {
        foreach (var percent in new[] { 1, 10, 30, 45, 70, 99 })
        {
            foreach (var length in new[] { 1, 2, 3, 6, 10, 30, 144, 300 })
            {
                var chain = MarkovChain(percent, length, 300);
                foreach (var blocks in new[] { 1, 2, 6, 12, 13, 50, 144, 300 })
                {
                    var actual = Streaks.ProbabilityOfRun(length, blocks, percent / 100.0);
                    Assert.True(chain[blocks] == 0 ? actual == 0 : Math.Abs((actual / chain[blocks]) - 1) < 1e-12, $"{length} of {blocks} at {percent} %: {actual} instead of {chain[blocks]}");
                }
            }
        }
    }

    /// <summary>The closed form and the chain take turns at three expected runs: over a million blocks both must give the same.</summary>
    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(20)]
    public void Probabilities_over_a_million_blocks_follow_one_curve(int length)
    {
        for (var share = 0.25; share < 0.5; share += 0.002)
        {
            var (runs, probability) = (Streaks.ExpectedRuns(length, 1_000_000, share), Streaks.ProbabilityOfRun(length, 1_000_000, share));
            // Runs this rare come like a Poisson process, short of terms of the order of a run's length over the window's.
            Assert.Equal(1 - Math.Exp(-runs), probability, 1e-4);
        }
    }

    [Fact]
    public void Expected_runs_are_the_sum_over_their_starting_places() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[0, 200], Gen.Double[0, 1]).Sample((length, blocks, share) =>
        {
            var starts = Enumerable.Range(0, Math.Max(0, blocks - length + 1)).Sum(i => (i == 0 ? 1 : 1 - share) * Math.Pow(share, length));
            Assert.Equal(starts, Streaks.ExpectedRuns(length, blocks, share), 1e-11);
            Assert.InRange(Streaks.ProbabilityOfRun(length, blocks, share), 0, Math.Min(1, starts * (1 + 1e-12)));
        });

    [Fact]
    public void Probability_grows_with_the_window_and_the_share_and_falls_with_the_length() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 5000], Gen.Double[0, 0.9]).Sample((length, blocks, share) =>
        {
            var probability = Streaks.ProbabilityOfRun(length, blocks, share);
            Assert.True(Streaks.ProbabilityOfRun(length, blocks + 1, share) >= probability - 1e-13);
            Assert.True(Streaks.ProbabilityOfRun(length, blocks, share + 0.05) >= probability - 1e-13);
            Assert.True(Streaks.ProbabilityOfRun(length + 1, blocks, share) <= probability + 1e-13);
        });

    [Fact]
    public void Ends_are_certain()
    {
        Assert.Equal(0, Streaks.ProbabilityOfRun(7, 6, 0.9));
        Assert.Equal(0, Streaks.ExpectedRuns(7, 6, 0.9));
        Assert.Equal(0, Streaks.ProbabilityOfRun(1, 1000, 0));
        Assert.Equal(1, Streaks.ProbabilityOfRun(1000, 1000, 1));
        Assert.Equal(0, Streaks.ProbabilityOfRun(1, 0, 0.5));
        Assert.Equal(1, Streaks.ProbabilityOfRun(2, 1_000_000, 0.3));
        Assert.Throws<ArgumentOutOfRangeException>(() => Streaks.ProbabilityOfRun(0, 10, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Streaks.ProbabilityOfRun(1, -1, 0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Streaks.ExpectedRuns(1, 10, double.NaN));
    }

    /// <summary>P(no run) by P(n) = P(n − 1) − q·p^r·P(n − r − 1), over 100^n.</summary>
    private static double[] MarkovChain(int percent, int length, int blocks)
    {
        var none = new BigInteger[blocks + 1];
        for (var n = 0; n <= blocks; n++)
        {
            none[n] = n < length ? BigInteger.Pow(100, n)
                : n == length ? BigInteger.Pow(100, n) - BigInteger.Pow(percent, length)
                : (none[n - 1] * 100) - ((100 - percent) * BigInteger.Pow(percent, length) * none[n - length - 1]);
        }

        return [.. none.Select((value, n) => WholeNumbers.Quotient(BigInteger.Pow(100, n) - value, BigInteger.Pow(100, n)))];
    }
}
