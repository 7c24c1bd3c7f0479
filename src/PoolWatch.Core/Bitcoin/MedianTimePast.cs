namespace PoolWatch.Core.Bitcoin;

/// <summary>The median of eleven header times: a clock that never goes back (BIP 113).</summary>
/// <remarks>
/// A block's median-time-past, as PoolWatch stores it, is the median of the block's <b>own</b> time and those of the ten blocks before it.
/// It is what <c>getblockheader</c> calls <c>mediantime</c>, and the time that the next block's must exceed.
/// </remarks>
public static class MedianTimePast
{
    /// <summary>Number of times that count: 11.</summary>
    public const int Span = 11;

    /// <summary>Median of the last eleven times, or of all when there are fewer, as in the first ten blocks of a chain.</summary>
    /// <param name="times">Header times in height order, Unix seconds; the last is that of the block in question.</param>
    /// <returns>The middle one in sorted order; of an even number the later of the two in the middle, as nodes have it.</returns>
    /// <exception cref="ArgumentException">No times.</exception>
    public static uint Of(ReadOnlySpan<uint> times)
    {
        if (times.IsEmpty)
        {
            throw new ArgumentException("The median of no times.", nameof(times));
        }

        var count = Math.Min(times.Length, Span);
        Span<uint> sorted = stackalloc uint[count];
        times[^count..].CopyTo(sorted);
        sorted.Sort();
        return sorted[count / 2];
    }
}
