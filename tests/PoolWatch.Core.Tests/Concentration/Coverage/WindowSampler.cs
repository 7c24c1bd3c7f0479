namespace PoolWatch.Core.Tests.Concentration.Coverage;

/// <summary>Draws windows of independent blocks.</summary>
internal sealed class WindowSampler
{
    private const int Guides = 4096;
    private readonly double[] _upTo;
    private readonly int[] _guide;
    private readonly int[] _counts;

    public WindowSampler(IReadOnlyList<double> shares)
    {
        (_upTo, _counts) = (new double[shares.Count], new int[shares.Count]);
        var sum = 0.0;
        for (var i = 0; i < shares.Count; i++)
        {
            sum += shares[i];
            _upTo[i] = sum;
        }

        // Where to begin looking: the entity in which each 4096th part begins.
        _guide = [.. Enumerable.Range(0, Guides).Select(g => Math.Max(0, Array.FindIndex(_upTo, end => end > (double)g / Guides)))];
    }

    /// <summary>Blocks of each entity, in an array that the next call overwrites; what is missing from <paramref name="blocks"/> is nobody's.</summary>
    public ReadOnlySpan<int> Draw(int blocks, Random random)
    {
        var (counts, upTo, guide) = (_counts, _upTo, _guide);
        Array.Clear(counts);
        for (var block = 0; block < blocks; block++)
        {
            var at = random.NextDouble();
            var i = guide[(int)(at * Guides)];
            while (i < upTo.Length && at >= upTo[i])
            {
                i++;
            }

            if (i < upTo.Length)
            {
                counts[i]++;
            }
        }

        return counts;
    }
}
