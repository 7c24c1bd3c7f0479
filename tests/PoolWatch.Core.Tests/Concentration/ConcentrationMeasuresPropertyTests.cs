using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class ConcentrationMeasuresPropertyTests
{
    private const double Rounding = 1e-12;

    private static readonly Gen<int[]> Counts = Gen.OneOf(Gen.Int[1, 8], Gen.Int[1, 20000]).Array[1, 30];

    private static readonly Gen<Threshold> Thresholds =
        Gen.Int[2, 12].SelectMany(static denominator => Gen.Int[1, denominator - 1].Select(n => new Threshold(n, denominator)));

    [Fact]
    public void Hhi_and_the_effective_numbers_stay_within_one_and_the_number_of_entities() => Counts.Sample(counts =>
    {
        var n = counts.Length;
        Assert.InRange(ConcentrationMeasures.Hhi(counts)!.Value, (1.0 / n) - Rounding, 1);
        var byHhi = ConcentrationMeasures.EffectiveByHhi(counts)!.Value;
        var byEntropy = ConcentrationMeasures.EffectiveByEntropy(counts)!.Value;
        Assert.InRange(byHhi, 1, n + (n * Rounding));
        Assert.InRange(byEntropy, byHhi - (n * Rounding), n + (n * Rounding));
        Assert.InRange(ConcentrationMeasures.EntropyBits(counts)!.Value, 0, Math.Log2(n) + Rounding);
        Assert.InRange(ConcentrationMeasures.Gini(counts)!.Value, 0, 1 - (1.0 / n));
    });

    [Fact]
    public void Merging_two_entities_never_looks_less_concentrated() =>
        Gen.Select(Counts.Where(static counts => counts.Length > 1), Gen.Int[0, 29], Thresholds).Sample((counts, at, threshold) =>
        {
            var first = at % (counts.Length - 1);
            int[] merged = [.. counts[..first], counts[first] + counts[first + 1], .. counts[(first + 2)..]];
            Assert.True(ConcentrationMeasures.Hhi(merged) > ConcentrationMeasures.Hhi(counts));
            Assert.True(ConcentrationMeasures.Nakamoto(merged, threshold) <= ConcentrationMeasures.Nakamoto(counts, threshold));
            Assert.True(ConcentrationMeasures.TopShare(merged, 3) >= ConcentrationMeasures.TopShare(counts, 3));
            Assert.True(ConcentrationMeasures.EntropyBits(merged) < ConcentrationMeasures.EntropyBits(counts) + Rounding);
        });

    [Fact]
    public void Order_does_not_matter() => Gen.Select(Counts, Gen.Int[0, int.MaxValue]).Sample((counts, seed) =>
    {
        int[] shuffled = [.. counts];
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(AllOf(counts, 0), AllOf(shuffled, 0));
    });

    // Equal to the last bit as long as the squared total stays below 2^53, which 30 × 20,000 × 100 does.
    [Fact]
    public void Scale_does_not_matter() => Gen.Select(Counts, Gen.Int[1, 100]).Sample((counts, factor) =>
        Assert.Equal(AllOf(counts, 0), AllOf([.. counts.Select(count => count * factor)], 0)));

    [Fact]
    public void Entities_without_a_block_matter_only_to_gini() => Gen.Select(Counts, Gen.Int[1, 5]).Sample((counts, zeros) =>
    {
        int[] padded = [.. counts, .. new int[zeros]];
        Assert.Equal(AllOf(counts, 0)[..^1], AllOf(padded, 0)[..^1]);
        Assert.True(ConcentrationMeasures.Gini(padded) > ConcentrationMeasures.Gini(counts));
    });

    [Fact]
    public void Singletons_count_like_entities_of_one_block() =>
        Gen.Select(Gen.Int[0, 30].Array[0, 20], Gen.Int[1, 60]).Sample((counts, singletons) =>
        {
            int[] written = [.. counts, .. Enumerable.Repeat(1, singletons)];
            foreach (var (expected, actual) in AllOf(written, 0).Zip(AllOf(counts, singletons)))
            {
                Assert.Equal(expected, actual, Rounding);
            }

            Assert.Equal(ConcentrationMeasures.UnbiasedHhi(written), ConcentrationMeasures.UnbiasedHhi(counts, singletons));
        });

    [Fact]
    public void Nakamoto_is_the_first_prefix_of_the_ranking_over_the_threshold() =>
        Gen.Select(Counts, Thresholds, Gen.Bool).Sample((counts, threshold, strict) =>
        {
            var rule = strict ? ThresholdRule.MoreThan : ThresholdRule.AtLeast;
            var k = ConcentrationMeasures.Nakamoto(counts, threshold, rule: rule)!.Value;
            int[] ranked = [.. counts.OrderDescending()];
            Assert.True(Reaches(ranked.Take(k).Sum()));
            Assert.False(Reaches(ranked.Take(k - 1).Sum()));

            bool Reaches(long held)
            {
                var difference = (held * threshold.Denominator) - ((long)counts.Sum() * threshold.Numerator);
                return strict ? difference > 0 : difference >= 0;
            }
        });

    [Fact]
    public void Gini_is_the_mean_difference_over_twice_the_mean() => Counts.Sample(counts =>
    {
        var differences = counts.Sum(a => counts.Sum(b => (long)Math.Abs(a - b)));
        Assert.Equal(differences / (2.0 * counts.Length * counts.Sum()), ConcentrationMeasures.Gini(counts)!.Value, Rounding);
    });

    private static double[] AllOf(int[] counts, int singletons) =>
    [
        ConcentrationMeasures.Hhi(counts, singletons)!.Value,
        ConcentrationMeasures.EffectiveByHhi(counts, singletons)!.Value,
        ConcentrationMeasures.EntropyBits(counts, singletons)!.Value,
        ConcentrationMeasures.TopShare(counts, 1, singletons)!.Value,
        ConcentrationMeasures.TopShare(counts, 6, singletons)!.Value,
        ConcentrationMeasures.Nakamoto(counts, Threshold.Third, singletons)!.Value,
        ConcentrationMeasures.Nakamoto(counts, Threshold.Half, singletons)!.Value,
        ConcentrationMeasures.Nakamoto(counts, Threshold.TwoThirds, singletons)!.Value,
        ConcentrationMeasures.Gini(counts, singletons)!.Value,
    ];
}
