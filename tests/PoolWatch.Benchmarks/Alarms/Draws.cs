using PoolWatch.Core.Concentration;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>Random numbers that a seed fixes: xorshift128+ (Vigna 2017), about 1 ns each, so that thousands of years of blocks can be drawn.</summary>
internal sealed class Draws(ulong seed)
{
    private ulong _a = (seed * 0x9E3779B97F4A7C15) + 1, _b = (seed ^ 0xD1B54A32D192ED03) * 0xBF58476D1CE4E5B9;

    /// <summary>0 up to but not including 1.</summary>
    public double Next()
    {
        var (x, y) = (_a, _b);
        _a = y;
        x ^= x << 23;
        _b = x ^ y ^ (x >> 17) ^ (y >> 26);
        return ((_b + y) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>The index of a share, each as likely as it says; where they do not add up to 1, <see cref="ChainView.UnknownPool"/> for the rest.</summary>
    public ushort Pool(ReadOnlySpan<double> shares)
    {
        var at = Next();
        for (var i = 0; i < shares.Length; i++)
        {
            if ((at -= shares[i]) < 0)
            {
                return (ushort)i;
            }
        }

        return ChainView.UnknownPool;
    }
}
