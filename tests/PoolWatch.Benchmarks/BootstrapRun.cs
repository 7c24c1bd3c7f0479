using PoolWatch.Core.Concentration;
using PoolWatch.Core.Tests.Concentration.Coverage;

namespace PoolWatch.Benchmarks;

/// <summary>What the closed forms are weighed against: intervals from windows drawn anew with the shares of a window.</summary>
/// <param name="Coverage">HHI by the closed form, by percentiles, by percentiles turned over; the same of entropy.</param>
/// <param name="ClosedFormMicroseconds">Time for both measures of a window.</param>
/// <param name="BootstrapMicroseconds">The same by bootstrap.</param>
internal sealed record BootstrapRun(double[] Coverage, double ClosedFormMicroseconds, double BootstrapMicroseconds)
{
    public const int Samples = 400;

    public static BootstrapRun Of(HashRate truth, int blocks, int windows)
    {
        var sampler = new WindowSampler([.. truth.Weights.Select(weight => weight / truth.Total)]);
        var random = new Random(blocks);
        var (held, closed, drawn) = (new int[6], TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 0; i < windows; i++)
        {
            var counts = sampler.Draw(blocks, random).ToArray();
            var unknown = blocks - counts.Sum();
            var start = TimeProvider.System.GetTimestamp();
            var (hhi, entropy) = (HashRateEstimate.Hhi(counts, unknown)!.Value, HashRateEstimate.EntropyBits(counts, unknown)!.Value);
            closed += TimeProvider.System.GetElapsedTime(start);
            start = TimeProvider.System.GetTimestamp();
            var (hhis, entropies) = Redraw(counts, blocks, random);
            drawn += TimeProvider.System.GetElapsedTime(start);
            Tally(held.AsSpan(0, 3), truth.Hhi, hhi, ConcentrationMeasures.Hhi(counts, unknown)!.Value, hhis);
            Tally(held.AsSpan(3, 3), truth.Entropy(blocks), entropy, ConcentrationMeasures.EntropyBits(counts, unknown)!.Value, entropies);
        }

        return new BootstrapRun([.. held.Select(number => (double)number / windows)], closed.TotalMicroseconds / windows, drawn.TotalMicroseconds / windows);
    }

    private static (double[] Hhis, double[] Entropies) Redraw(int[] counts, int blocks, Random random)
    {
        var sampler = new WindowSampler([.. counts.Select(count => (double)count / blocks)]);
        var (hhis, entropies) = (new double[Samples], new double[Samples]);
        for (var i = 0; i < Samples; i++)
        {
            var again = sampler.Draw(blocks, random);
            var unknown = blocks;
            foreach (var count in again)
            {
                unknown -= count;
            }

            (hhis[i], entropies[i]) = (HashRateEstimate.Hhi(again, unknown)!.Value.Estimate, HashRateEstimate.EntropyBits(again, unknown)!.Value.Estimate);
        }

        Array.Sort(hhis);
        Array.Sort(entropies);
        return (hhis, entropies);
    }

    /// <param name="held">Counters of the three ways.</param>
    /// <param name="truth">Of the hash rate.</param>
    /// <param name="closed">The closed form.</param>
    /// <param name="drawnFrom">The measure of the shares that the samples were drawn from: their truth.</param>
    /// <param name="sorted">The samples' estimates.</param>
    private static void Tally(Span<int> held, double truth, SamplingInterval closed, double drawnFrom, double[] sorted)
    {
        var (low, high) = (sorted[Samples / 40], sorted[^((Samples / 40) + 1)]);
        held[0] += closed.Lower <= truth && truth <= closed.Upper ? 1 : 0;
        held[1] += low <= truth && truth <= high ? 1 : 0;
        var (lower, upper) = (closed.Estimate - (high - drawnFrom), closed.Estimate - (low - drawnFrom));
        held[2] += lower <= truth && truth <= upper ? 1 : 0;
    }
}
