using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class EntropyPropertyTests
{
    private const double Rounding = 1e-11;

    private static readonly Gen<int[]> Counts = Gen.OneOf(Gen.Int[1, 8], Gen.Int[1, 20000]).Array[1, 30];

    private static readonly Gen<double> Orders = Gen.OneOf(
        Gen.Double[0, 3], Gen.Double[0, 1000], Gen.Double[-1e-6, 1e-6].Select(d => 1 + d), Gen.Int[0, 4].Select(i => new[] { 0, 1, 2, 1e300, double.PositiveInfinity }[i]));

    [Fact]
    public void Entropy_of_any_order_is_the_sum_of_its_definition() => Gen.Select(Counts, Gen.Double[0.01, 20].Where(order => order != 1)).Sample((counts, order) =>
    {
        var total = (double)counts.Sum();
        var expected = Math.Log2(counts.Sum(count => Math.Pow(count / total, order))) / (1 - order);
        Assert.Equal(expected, ConcentrationMeasures.RenyiBits(counts, order)!.Value, 1e-12 / Math.Abs(1 - order) * 10);
    });

    [Fact]
    public void Entropy_never_rises_with_its_order() => Gen.Select(Counts, Orders, Orders).Sample((counts, a, b) =>
    {
        var (less, more) = (Math.Min(a, b), Math.Max(a, b));
        var (first, second) = (ConcentrationMeasures.RenyiBits(counts, less)!.Value, ConcentrationMeasures.RenyiBits(counts, more)!.Value);
        Assert.InRange(second, -Rounding, first + Rounding);
        Assert.InRange(first, -Rounding, Math.Log2(counts.Length) + Rounding);
    });

    [Fact]
    public void Orders_one_two_and_infinity_agree_with_the_other_measures() => Counts.Sample(counts =>
    {
        Assert.Equal(ConcentrationMeasures.EntropyBits(counts), ConcentrationMeasures.RenyiBits(counts, 1));
        Assert.Equal(ConcentrationMeasures.EntropyBits(counts)!.Value, ConcentrationMeasures.RenyiBits(counts, 1 + 1e-10)!.Value, 1e-7);
        Assert.Equal(-Math.Log2(ConcentrationMeasures.Hhi(counts)!.Value), ConcentrationMeasures.RenyiBits(counts, 2)!.Value, Rounding);
        Assert.Equal(-Math.Log2(ConcentrationMeasures.TopShare(counts, 1)!.Value), ConcentrationMeasures.RenyiBits(counts, double.PositiveInfinity)!.Value, Rounding);
    });

    [Fact]
    public void Equal_entities_have_the_same_entropy_at_every_order() => Gen.Select(Gen.Int[1, 60], Gen.Int[1, 900], Orders).Sample((entities, each, order) =>
    {
        int[] counts = [.. Enumerable.Repeat(each, entities)];
        Assert.Equal(Math.Log2(entities), ConcentrationMeasures.RenyiBits(counts, order)!.Value, Rounding);
        Assert.Equal(entities == 1 ? 0 : 1, ConcentrationMeasures.Evenness(counts)!.Value, Rounding);
        Assert.Equal(0, ConcentrationMeasures.Theil(counts)!.Value, Rounding);
    });

    [Fact]
    public void Theil_index_is_what_entropy_lacks_of_that_of_equals() => Gen.Select(Counts, Gen.Int[0, 5]).Sample((counts, zeros) =>
    {
        int[] padded = [.. counts, .. new int[zeros]];
        var expected = Math.Log(padded.Length) - (ConcentrationMeasures.EntropyBits(counts)!.Value * Math.Log(2));
        Assert.Equal(expected, ConcentrationMeasures.Theil(padded)!.Value, Rounding);
    });

    [Fact]
    public void Singletons_count_like_entities_of_one_block() => Gen.Select(Gen.Int[0, 30].Array[0, 20], Gen.Int[1, 60], Orders).Sample((counts, singletons, order) =>
    {
        int[] written = [.. counts, .. Enumerable.Repeat(1, singletons)];
        Assert.Equal(ConcentrationMeasures.RenyiBits(written, order)!.Value, ConcentrationMeasures.RenyiBits(counts, order, singletons)!.Value, Rounding);
        Assert.Equal(ConcentrationMeasures.Theil(written)!.Value, ConcentrationMeasures.Theil(counts, singletons)!.Value, Rounding);
        Assert.Equal(ConcentrationMeasures.Evenness(written)!.Value, ConcentrationMeasures.Evenness(counts, singletons)!.Value, Rounding);
        Assert.Equal(ConcentrationMeasures.Entities(written), ConcentrationMeasures.Entities(counts, singletons));
    });

    [Fact]
    public void Merging_two_entities_never_raises_entropy_of_any_order() =>
        Gen.Select(Counts.Where(static counts => counts.Length > 1), Gen.Int[0, 29], Orders).Sample((counts, at, order) =>
        {
            var first = at % (counts.Length - 1);
            int[] merged = [.. counts[..first], counts[first] + counts[first + 1], .. counts[(first + 2)..]];
            Assert.True(ConcentrationMeasures.RenyiBits(merged, order) <= ConcentrationMeasures.RenyiBits(counts, order) + Rounding);
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void What_is_no_order_is_refused(double order) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.RenyiBits([1], order));

    [Fact]
    public void Negative_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.RenyiBits([11, 2, -1], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Theil([11, 2, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Evenness([11, 2, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Entities([11, 2, -1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ConcentrationMeasures.Entities([], -1));
    }
}
