using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration.Coverage;

/// <summary>How often an interval holds the truth, and how wide it is.</summary>
/// <param name="Part">Of the windows, 0..1.</param>
/// <param name="Width">Upper less lower end, in the mean over the windows where both exist.</param>
internal readonly record struct IntervalCoverage(double Part, double Width);

/// <summary>Coverage of every interval of a window's measures.</summary>
internal sealed record CoverageRun(
    IntervalCoverage Hhi, IntervalCoverage Entropy, IntervalCoverage NakamotoThird, IntervalCoverage NakamotoHalf, IntervalCoverage NakamotoTwoThirds)
{
    public static CoverageRun Of(HashRate truth, int blocks, int windows, int seed)
    {
        var sampler = new WindowSampler([.. truth.Weights.Select(weight => weight / truth.Total)]);
        var random = new Random(seed);
        var (hhi, entropy) = (new Tally(truth.Hhi), new Tally(truth.Entropy(blocks)));
        Threshold[] thresholds = [Threshold.Third, Threshold.Half, Threshold.TwoThirds];
        Tally[] nakamoto = [.. thresholds.Select(threshold => new Tally(truth.Nakamoto(threshold) ?? double.PositiveInfinity))];
        for (var i = 0; i < windows; i++)
        {
            var counts = sampler.Draw(blocks, random);
            var unknown = blocks;
            foreach (var count in counts)
            {
                unknown -= count;
            }

            hhi.Add(HashRateEstimate.Hhi(counts, unknown)!.Value);
            entropy.Add(HashRateEstimate.EntropyBits(counts, unknown)!.Value);
            for (var t = 0; t < thresholds.Length; t++)
            {
                var range = NakamotoRange.Of(counts, thresholds[t], unknown)!.Value;
                nakamoto[t].Add(new SamplingInterval(0, range.Lower, range.Upper ?? double.PositiveInfinity));
            }
        }

        return new CoverageRun(hhi.Coverage, entropy.Coverage, nakamoto[0].Coverage, nakamoto[1].Coverage, nakamoto[2].Coverage);
    }

    /// <summary>Part of all windows in which the Wilson interval of an entity with this share holds the share: a sum, no simulation.</summary>
    public static double Wilson(double share, int blocks)
    {
        var first = Enumerable.Range(0, blocks + 1).First(count => WilsonInterval.Of(count, blocks).Upper >= share);
        var beyond = Enumerable.Range(first, blocks + 1 - first).TakeWhile(count => WilsonInterval.Of(count, blocks).Lower <= share).Last() + 1;
        return BinomialTail.AtLeast(first, blocks, share) - BinomialTail.AtLeast(beyond, blocks, share);
    }

    private sealed class Tally(double truth)
    {
        private double _windows, _held, _bounded, _width;

        public IntervalCoverage Coverage => new(_held / _windows, _width / _bounded);

        public void Add(SamplingInterval interval)
        {
            _windows++;
            _held += interval.Lower <= truth && truth <= interval.Upper ? 1 : 0;
            if (double.IsFinite(interval.Upper))
            {
                _bounded++;
                _width += interval.Upper - interval.Lower;
            }
        }
    }
}
