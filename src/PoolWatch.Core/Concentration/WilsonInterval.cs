namespace PoolWatch.Core.Concentration;

/// <summary>The 95 % score interval for the probability behind an observed share (Wilson, JASA 22, 1927).</summary>
/// <param name="Lower">Lower end, 0..1; exactly 0 for a count of 0.</param>
/// <param name="Upper">Upper end, 0..1; exactly 1 where every block counts.</param>
/// <remarks>
/// Blocks found are a sample of hash rate: this is the range of a pool's hash-rate share that its block count does not contradict.
/// Of the blocks themselves the share is exact. Contains the observed share always, and unlike the normal approximation it
/// neither leaves 0..1 nor shrinks to a point at the ends. The usual reading holds for one pool at a time.
/// </remarks>
public readonly record struct WilsonInterval(double Lower, double Upper)
{
    /// <summary>The 97.5 % quantile of the standard normal distribution.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>The interval for <paramref name="count"/> of <paramref name="total"/> blocks.</summary>
    /// <param name="count">Blocks of the entity.</param>
    /// <param name="total">Blocks of the window.</param>
    /// <param name="z">Standard errors to either side; <see cref="Z"/> for 95 %. Above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">No block at all, a count outside 0..<paramref name="total"/>, or no standard error.</exception>
    public static WilsonInterval Of(int count, int total, double z = Z)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, total);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(z);

        // Both solutions p of (count/total − p)² = z²·p(1 − p)/total.
        var square = z * z;
        var centre = (2.0 * count) + square;
        var spread = z * Math.Sqrt(square + (4.0 * count * (total - count) / total));
        var scale = 2 * (total + square);
        return new WilsonInterval(
            count == 0 ? 0 : (centre - spread) / scale,
            count == total ? 1 : (centre + spread) / scale);
    }
}
