namespace PoolWatch.Core.Concentration;

/// <summary>What a window's blocks say about hash rate: estimates without the bias of a sample, and ranges of 95 %. Unknown blocks are separate.</summary>
/// <param name="Hhi"><see cref="HashRateEstimate.Hhi"/>, 0..1; its estimate is <see cref="HhiFigures.Unbiased"/>. Null for a window of one block.</param>
/// <param name="EntropyBits"><see cref="HashRateEstimate.EntropyBits"/>, 0 or more. Null for a window of one block.</param>
/// <param name="EffectiveByHhi"><see cref="HashRateEstimate.EffectiveByHhi"/>, 1 or more. Null where no entity has two blocks.</param>
/// <param name="EffectiveByEntropy"><see cref="HashRateEstimate.EffectiveByEntropy"/>, 1 or more. Null for a window of one block.</param>
/// <param name="NakamotoHalf">Entities for more than 1/2.</param>
/// <param name="NakamotoThird">Entities for more than 1/3.</param>
/// <param name="NakamotoTwoThirds">Entities for more than 2/3.</param>
public sealed record HashRateFigures(
    SamplingInterval? Hhi,
    SamplingInterval? EntropyBits,
    SamplingInterval? EffectiveByHhi,
    SamplingInterval? EffectiveByEntropy,
    NakamotoRange NakamotoHalf,
    NakamotoRange NakamotoThird,
    NakamotoRange NakamotoTwoThirds)
{
    /// <summary>All of a window with at least one block.</summary>
    public static HashRateFigures Of(ReadOnlySpan<int> counts, int singletons) => new(
        HashRateEstimate.Hhi(counts, singletons),
        HashRateEstimate.EntropyBits(counts, singletons),
        HashRateEstimate.EffectiveByHhi(counts, singletons),
        HashRateEstimate.EffectiveByEntropy(counts, singletons),
        NakamotoRange.Of(counts, Threshold.Half, singletons)!.Value,
        NakamotoRange.Of(counts, Threshold.Third, singletons)!.Value,
        NakamotoRange.Of(counts, Threshold.TwoThirds, singletons)!.Value);
}
