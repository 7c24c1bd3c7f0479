namespace PoolWatch.Core.Concentration.History;

/// <summary>The terms x·log2 x of a window's entropy as integers, so that a sum that terms enter and leave a million times never drifts.</summary>
internal sealed class EntropyTerms
{
    /// <summary>Of the 63 bits of a sum two are kept free.</summary>
    private const int Bits = 61;

    private readonly long[] _terms;
    private readonly double _scale;

    /// <param name="blocks">Length of the window: the largest x.</param>
    public EntropyTerms(int blocks)
    {
        // The sum is largest where one entity has every block.
        var largest = blocks * Math.Log2(blocks);
        _scale = Math.ScaleB(1, Bits - (int)Math.Ceiling(Math.Log2(largest + 1)));
        _terms = new long[blocks + 1];
        for (var x = 2; x <= blocks; x++)
        {
            _terms[x] = (long)Math.Round(x * Math.Log2(x) * _scale);
        }
    }

    /// <summary>What the term of a count of <paramref name="x"/> is; 0 for 0 and 1.</summary>
    public long this[int x] => _terms[x];

    /// <summary>Entropy in bits of a window with this sum of terms: log2 N − Σ x·log2 x / N.</summary>
    public double BitsOf(long sum)
    {
        // Rounding of the terms may leave less than nothing of an entropy that is all but 0.
        var blocks = _terms.Length - 1;
        return Math.Max(0, _terms[blocks] - sum) / (_scale * blocks);
    }
}
