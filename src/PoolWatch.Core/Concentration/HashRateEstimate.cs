namespace PoolWatch.Core.Concentration;

/// <summary>What a measure of blocks says about hash rate.</summary>
/// <param name="Estimate">The measure of the hash rate behind the blocks, without the bias that the same measure of the blocks has.</param>
/// <param name="Lower">Lower end of the 95 % interval.</param>
/// <param name="Upper">Upper end of the 95 % interval.</param>
public readonly record struct SamplingInterval(double Estimate, double Lower, double Upper);

/// <summary>Measures of the hash rate behind a window's blocks, with 95 % intervals in closed form.</summary>
/// <remarks>
/// <para>A window is a sample: few blocks make the hash rate look more concentrated than it is, and a small pool without a block is not seen at all. Of the
/// blocks themselves <see cref="ConcentrationMeasures"/> is exact and needs no interval. Model: each block is found by an entity with the same
/// probability, whoever found the others, and shares did not move within the window.</para>
/// <para><c>singletons</c>, blocks of unknown miners or of miners of their own, stand for hash rate that is spread over many: their part of it is
/// estimated like any other and then counted as so many miners of 1/N each, N being the window's length. Should they be few miners in truth, the hash rate is more
/// concentrated than these intervals know; that is what <see cref="UnknownPolicy.Largest"/> bounds, not what an interval can.</para>
/// <para>Coverage was measured for shares of real months and windows of 144 to 4320 blocks; figures and alternatives are in ADR 13.
/// In much shorter windows, and for entities of equal size, intervals are rough.</para>
/// </remarks>
public static class HashRateEstimate
{
    /// <summary>HHI of the hash rate: <see cref="ConcentrationMeasures.UnbiasedHhi"/> with its interval.</summary>
    /// <param name="counts">Blocks per entity.</param>
    /// <param name="singletons">Further blocks, each of a miner of its own.</param>
    /// <returns>0..1 each; null below two blocks.</returns>
    /// <remarks>
    /// The estimate is a U-statistic, and so are the third moment and the square in its variance (Simpson, Nature 163, 1949). The interval is symmetric on a
    /// logarithmic scale, on which the estimate is closer to normal.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static SamplingInterval? Hhi(ReadOnlySpan<int> counts, int singletons = 0)
    {
        if (ConcentrationMeasures.UnbiasedHhi(counts, singletons) is not { } hhi)
        {
            return null;
        }

        var (total, triples) = ((double)singletons, 0.0);
        foreach (var count in counts)
        {
            total += count;
            triples += (double)count * (count - 1.0) * (count - 2.0);
        }

        var pairs = total * (total - 1);
        if (hhi is 0 or 1)
        {
            return hhi == 0 ? new SamplingInterval(0, 0, Math.Min(1, 2 * NoneOfAPoissonNumber / pairs)) : OneEntity(total);
        }

        var third = total > 2 ? triples / (pairs * (total - 2)) : 0;
        var factor = Math.Exp(WilsonInterval.Z * Math.Sqrt(VarianceOfHhi(total, pairs, hhi, third)) / hhi);
        return new SamplingInterval(hhi, hhi / factor, Math.Min(1, hhi * factor));
    }

    /// <summary>Shannon entropy of the hash rate, in bits, with its interval.</summary>
    /// <param name="counts">Blocks per entity.</param>
    /// <param name="singletons">Further blocks, each of a miner of its own.</param>
    /// <returns>0 or more each; null below two blocks.</returns>
    /// <remarks>
    /// Entropy of the blocks plus Miller's correction (n + u − 1)/(2N·ln 2) for n entities with a block and u that were not seen, u after Chao 1984 from
    /// the entities with one block and with two. Variance: the jackknife of the same.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static SamplingInterval? EntropyBits(ReadOnlySpan<int> counts, int singletons = 0)
    {
        var entropy = ConcentrationMeasures.EntropyBits(counts, singletons);
        var total = (double)singletons;
        var (once, twice, entities) = (0, 0, 0);
        foreach (var count in counts)
        {
            total += count;
            (once, twice, entities) = (once + (count == 1 ? 1 : 0), twice + (count == 2 ? 1 : 0), entities + (count > 0 ? 1 : 0));
        }

        if (entropy is not { } bits || total < 2)
        {
            return null;
        }

        if (entities == 1 && singletons == 0)
        {
            var rest = 1 - LeastShareOfAll(total);
            return new SamplingInterval(0, 0, (rest * Math.Log2(total)) - ((1 - rest) * Math.Log2(1 - rest)));
        }

        var unseen = twice > 0 ? once * (double)once / (2.0 * twice) : once * (once - 1) / 2.0;
        var estimate = bits + ((entities + unseen - (1 - (singletons / total))) / (2 * total * Math.Log(2)));
        var reach = WilsonInterval.Z * Math.Sqrt(VarianceOfEntropy(counts, singletons, total)) / Math.Log(2);
        return new SamplingInterval(estimate, Math.Max(0, estimate - reach), estimate + reach);
    }

    /// <summary>Effective number of entities of the hash rate by HHI: 1 over <see cref="Hhi"/>.</summary>
    /// <returns>1 or more each; null below two blocks, and where no entity has two: there is no upper end then.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static SamplingInterval? EffectiveByHhi(ReadOnlySpan<int> counts, int singletons = 0) =>
        Hhi(counts, singletons) is { Estimate: > 0 } hhi ? new SamplingInterval(1 / hhi.Estimate, 1 / hhi.Upper, 1 / hhi.Lower) : null;

    /// <summary>Effective number of entities of the hash rate by entropy: 2 to the power of <see cref="EntropyBits"/>.</summary>
    /// <returns>1 or more each; null below two blocks.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative count.</exception>
    public static SamplingInterval? EffectiveByEntropy(ReadOnlySpan<int> counts, int singletons = 0) =>
        EntropyBits(counts, singletons) is { } bits
            ? new SamplingInterval(Math.Pow(2, bits.Estimate), Math.Pow(2, bits.Lower), Math.Pow(2, bits.Upper))
            : null;

    /// <summary>−ln 0.025: a Poisson number of this expectation is 0 with 2.5 %. Blocks of the same miner come in pairs.</summary>
    private const double NoneOfAPoissonNumber = 3.6888794541139363;

    /// <summary>The unbiased estimate of the variance of an unbiased HHI, or its smallest part where rounding and luck leave less.</summary>
    private static double VarianceOfHhi(double total, double pairs, double hhi, double third)
    {
        var square = 2 * ((2 * total) - 3) / pairs;
        var variance = ((4 * (total - 2) / pairs * third) + (2 / pairs * hhi) - (square * hhi * hhi)) / (1 - square);
        return Math.Max(square < 1 ? variance : 0, 2 * hhi * (1 - hhi) / pairs);
    }

    /// <summary>Of the entropy in nats: what each block's absence would change.</summary>
    private static double VarianceOfEntropy(ReadOnlySpan<int> counts, int singletons, double total)
    {
        // As distances from ln N, which singletons have. The first block of an entity also makes it one, which is worth Miller's half.
        const double First = 0.5;
        var (sum, squares) = (0.0, 0.0);
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var change = count == 1 ? First : ((count - 1.0) * Math.Log(count - 1.0)) - (count * Math.Log(count));
                (sum, squares) = (sum + (count * change), squares + (count * change * change));
            }
        }

        return Math.Max(0, squares - (sum * sum / total)) / (total * (total - 1));
    }

    /// <summary>All blocks are one entity's: its share is at least Wilson's lower end, the rest spread over many.</summary>
    private static SamplingInterval OneEntity(double total)
    {
        var share = LeastShareOfAll(total);
        return new SamplingInterval(1, share * share, 1);
    }

    private static double LeastShareOfAll(double total) => total / (total + (WilsonInterval.Z * WilsonInterval.Z));
}
