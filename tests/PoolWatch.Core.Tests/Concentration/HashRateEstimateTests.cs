using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

/// <summary>Arithmetic and edges; that the intervals hold what they promise is in Coverage.</summary>
public sealed class HashRateEstimateTests
{
    /// <summary>The 30 days of WindowMeasuresTests.</summary>
    private static readonly int[] ThirtyDays =
        [1332, 778, 480, 390, 353, 226, 206, 140, 95, 84, 62, 58, 21, 17, 13, 12, 10, 8, 6, 5, 4, 2, 1, 1];

    [Fact]
    public void Thirty_days_of_mainnet()
    {
        // Worked out apart from this code, in Python.
        AssertInterval(new SamplingInterval(0.16246160639241464, 0.15608557435431086, 0.169098096738207), HashRateEstimate.Hhi(ThirtyDays, 8), 1e-9);
        AssertInterval(new SamplingInterval(3.153735304186878, 3.1069143542527273, 3.200556254121029), HashRateEstimate.EntropyBits(ThirtyDays, 8), 1e-9);
    }

    [Fact]
    public void Entropy_varies_as_the_jackknife_says() => Gen.Int[1, 40].Array[2, 12].Sample(counts =>
    {
        var total = counts.Sum();
        var without = Enumerable.Range(0, counts.Length).SelectMany(i => Enumerable.Repeat(Miller([.. counts.Select((count, j) => j == i ? count - 1 : count)]), counts[i])).ToArray();
        var mean = without.Average();
        var variance = (total - 1.0) / total * without.Sum(bits => (bits - mean) * (bits - mean));
        var interval = HashRateEstimate.EntropyBits(counts)!.Value;
        // Of equal entities the variance is nothing but what rounding leaves, and its root would be far from that of another rounding.
        Assert.Equal(variance, Math.Pow((interval.Upper - interval.Estimate) / WilsonInterval.Z, 2), 1e-12);

        static double Miller(int[] counts) => ConcentrationMeasures.EntropyBits(counts)!.Value + (ConcentrationMeasures.Entities(counts) / (2.0 * counts.Sum() * Math.Log(2)));
    });

    [Fact]
    public void Entropy_is_corrected_for_entities_seen_and_unseen()
    {
        // Five entities, three of them with one block and one with two: Chao expects 3²/(2·1) = 4.5 more.
        int[] counts = [10, 2, 1, 1, 1];
        Assert.Equal(
            ConcentrationMeasures.EntropyBits(counts)!.Value + ((5 + 4.5 - 1) / (2 * 15 * Math.Log(2))), HashRateEstimate.EntropyBits(counts)!.Value.Estimate, 1e-12);

        // Without any with two: 3·2/2. Unknown blocks are no entities, and what is theirs needs no correction.
        Assert.Equal(
            ConcentrationMeasures.EntropyBits([10, 1, 1, 1], 2)!.Value + ((4 + 3 - (13 / 15.0)) / (2 * 15 * Math.Log(2))),
            HashRateEstimate.EntropyBits([10, 1, 1, 1], 2)!.Value.Estimate, 1e-12);
    }

    [Fact]
    public void Ends_lie_around_the_estimate_and_within_what_is_possible() =>
        Gen.Select(Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 20000]).Array[0, 30], Gen.Int[0, 50]).Where((counts, singletons) => counts.Sum() + singletons > 1).Sample((counts, singletons) =>
        {
            var hhi = HashRateEstimate.Hhi(counts, singletons)!.Value;
            Assert.Equal(ConcentrationMeasures.UnbiasedHhi(counts, singletons), hhi.Estimate);
            Assert.True(hhi.Lower >= 0 && hhi.Lower <= hhi.Estimate && hhi.Estimate <= hhi.Upper && hhi.Upper <= 1 && hhi.Lower < hhi.Upper, $"{hhi}");
            var entropy = HashRateEstimate.EntropyBits(counts, singletons)!.Value;
            Assert.True(entropy.Lower >= 0 && entropy.Lower <= entropy.Estimate && entropy.Estimate <= entropy.Upper && double.IsFinite(entropy.Upper), $"{entropy}");
            Assert.Equal(hhi.Estimate > 0, HashRateEstimate.EffectiveByHhi(counts, singletons) is { Lower: >= 1 } effective && effective.Lower <= effective.Estimate && effective.Estimate <= effective.Upper);
        });

    [Fact]
    public void Order_and_entities_without_a_block_do_not_matter() => Gen.Select(Gen.Int[1, 900].Array[1, 30], Gen.Int[0, 9]).Sample((counts, singletons) =>
    {
        int[] other = [0, .. counts.Reverse(), 0];
        AssertInterval(HashRateEstimate.Hhi(counts, singletons)!.Value, HashRateEstimate.Hhi(other, singletons), 1e-12);
        AssertInterval(HashRateEstimate.EntropyBits(counts, singletons)!.Value, HashRateEstimate.EntropyBits(other, singletons), 1e-10);
    });

    [Fact]
    public void Effective_numbers_turn_the_intervals_over()
    {
        var (hhi, bits) = (HashRateEstimate.Hhi(ThirtyDays, 8)!.Value, HashRateEstimate.EntropyBits(ThirtyDays, 8)!.Value);
        Assert.Equal(new SamplingInterval(1 / hhi.Estimate, 1 / hhi.Upper, 1 / hhi.Lower), HashRateEstimate.EffectiveByHhi(ThirtyDays, 8));
        Assert.Equal(new SamplingInterval(Math.Pow(2, bits.Estimate), Math.Pow(2, bits.Lower), Math.Pow(2, bits.Upper)), HashRateEstimate.EffectiveByEntropy(ThirtyDays, 8));
    }

    [Fact]
    public void One_miner_of_all_blocks_is_not_certain_to_have_all_hash_rate()
    {
        var least = WilsonInterval.Of(144, 144).Lower;
        AssertInterval(new SamplingInterval(1, least * least, 1), HashRateEstimate.Hhi([144]), 1e-12);
        AssertInterval(new SamplingInterval(0, 0, -(least * Math.Log2(least)) + ((1 - least) * Math.Log2(144))), HashRateEstimate.EntropyBits([144]), 1e-12);
    }

    [Fact]
    public void Unknown_blocks_alone_have_a_bound_on_hhi_and_no_effective_number()
    {
        // With this HHI no two of 144 blocks have the same miner in 2.5 % of windows.
        var hhi = HashRateEstimate.Hhi([], 144)!.Value;
        Assert.Equal((0, 0), (hhi.Estimate, hhi.Lower));
        Assert.Equal(0.025, Math.Exp(-hhi.Upper * 144 * 143 / 2), 1e-12);
        Assert.Null(HashRateEstimate.EffectiveByHhi([], 144));
        Assert.Equal(Math.Log2(144), HashRateEstimate.EntropyBits([], 144)!.Value.Estimate, 1e-12);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Nothing_is_estimated_from_less_than_two_blocks(int blocks)
    {
        Assert.Null(HashRateEstimate.Hhi([blocks]));
        Assert.Null(HashRateEstimate.EntropyBits([blocks]));
        Assert.Null(HashRateEstimate.EffectiveByHhi([], blocks));
        Assert.Null(HashRateEstimate.EffectiveByEntropy([], blocks));
    }

    [Fact]
    public void Negative_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => HashRateEstimate.Hhi([3, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => HashRateEstimate.EntropyBits([3], -1));
    }

    private static void AssertInterval(SamplingInterval expected, SamplingInterval? actual, double tolerance)
    {
        Assert.Equal(expected.Estimate, actual!.Value.Estimate, tolerance);
        Assert.Equal(expected.Lower, actual.Value.Lower, tolerance);
        Assert.Equal(expected.Upper, actual.Value.Upper, tolerance);
    }
}
