namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>A sequential test of "at most this part of the blocks is theirs": the numbers that do not change while it runs.</summary>
/// <remarks>
/// <para>The one-sided cumulative sum of E. S. Page (Biometrika 41, 1954) for Bernoulli trials, as in M. R. Reynolds and Z. G. Stoumbos (Journal of Quality
/// Technology 31, 1999): with each block the level moves by the logarithm of how much likelier that block is at the threshold plus <see cref="Step"/>
/// than at the threshold itself, and never falls below 0. The alarm begins when the level reaches <see cref="Limit"/> and ends when nothing of the
/// evidence is left: at 0. Unlike a test of one window that is repeated with every block, its false alarms are counted per year, not per look.</para>
/// <para>Everything is in whole billionths of a nat, so that a level that is brought up to date once for many blocks is exactly the one that was
/// moved with each, on any machine.</para>
/// </remarks>
public sealed class Cusum
{
    /// <summary>How far above the threshold the share lies that the test finds soonest: five points, 0.05.</summary>
    public const double Step = 0.05;

    private const double Unit = 1e9;
    private const double CapOfLimit = 1.25;

    /// <summary>A test of the threshold.</summary>
    /// <param name="threshold">The largest share at which there is nothing to find; below 0.95.</param>
    /// <param name="limit">The level at which the alarm begins, in nats; above 0. Calibrated by simulation for a rate of false alarms.</param>
    /// <exception cref="ArgumentOutOfRangeException">A threshold of 0.95 or more, or a limit that is not above 0.</exception>
    public Cusum(Threshold threshold, double limit)
    {
        var share = (double)threshold.Numerator / threshold.Denominator;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(share, 1 - Step, nameof(threshold));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        Threshold = threshold;
        Own = (long)Math.Round(Math.Log((share + Step) / share) * Unit);
        Other = (long)Math.Round(Math.Log((1 - share) / (1 - share - Step)) * Unit);
        Limit = (long)Math.Round(limit * Unit);
        // Without a cap, years above the threshold would have to be made up for by years below it before the alarm ends.
        Cap = (long)(Limit * CapOfLimit);
    }

    /// <summary>The share that is tested against.</summary>
    public Threshold Threshold { get; }

    /// <summary>What a block of theirs adds, in billionths of a nat; above 0.</summary>
    public long Own { get; }

    /// <summary>What a block of anybody else takes away, in billionths of a nat; above 0.</summary>
    public long Other { get; }

    /// <summary>The level at which the alarm begins, in billionths of a nat; above 0.</summary>
    public long Limit { get; }

    /// <summary>No level is higher, in billionths of a nat: the alarm ends a few days after its reason, however long that lasted.</summary>
    public long Cap { get; }

    /// <summary>Watches a series of blocks from no evidence on.</summary>
    /// <param name="theirs">Of each block in height order, whether it is one of those that are counted.</param>
    /// <param name="fromHeight">Height of the first.</param>
    /// <param name="ended">Told of each alarm that ends: its first block, and that which took the last of the level away. Null for none.</param>
    /// <returns>The state after the last block.</returns>
    public CusumState Watch(ReadOnlySpan<bool> theirs, int fromHeight, Action<int, int>? ended = null)
    {
        var (own, other, limit, cap) = (Own, Other, Limit, Cap);
        var (level, since) = (0L, default(int?));
        for (var i = 0; i < theirs.Length; i++)
        {
            level = Math.Max(0, level + (theirs[i] ? own : -other));
            if (level >= limit)
            {
                level = Math.Min(level, cap);
                since ??= fromHeight + i;
            }
            else if (since is { } from && level == 0)
            {
                ended?.Invoke(from, fromHeight + i);
                since = null;
            }
        }

        return new CusumState((double)level / limit, since);
    }
}

/// <summary>How far a test is.</summary>
/// <param name="Level">The evidence collected, over what is needed for an alarm: 0 (none) to 1.25. Below 1 an alarm that has begun goes on until 0.</param>
/// <param name="Since">Height of the block that began the alarm; null where there is none.</param>
public readonly record struct CusumState(double Level, int? Since)
{
    /// <summary>Whether the alarm is on.</summary>
    public bool IsOn => Since is not null;
}

/// <summary>The level of one entity. It is brought up to date only when asked or when the entity has a block: in between it only falls.</summary>
internal struct CusumLevel
{
    private long _level;
    private int _height;

    /// <summary>Height of the block that began the alarm; null where there is none.</summary>
    public int? Since { get; private set; }

    /// <summary>Adds a block of the entity's. Heights must rise.</summary>
    /// <param name="test">The test.</param>
    /// <param name="height">The block's height.</param>
    /// <returns>The alarm that ended since the last call, if one did.</returns>
    public (int From, int To)? Mined(Cusum test, int height)
    {
        var ended = FallTo(test, height - 1);
        _level = Math.Min(_level + test.Own, test.Cap);
        _height = height;
        if (_level >= test.Limit)
        {
            Since ??= height;
        }

        return ended;
    }

    /// <summary>Brings the level up to date where the blocks up to a height are all somebody else's.</summary>
    /// <returns>The alarm that ended meanwhile, if one did: from its first block to that which took the last of the level away.</returns>
    public (int From, int To)? FallTo(Cusum test, int height)
    {
        if (_level == 0)
        {
            return null;
        }

        var lost = (height - _height) * test.Other;
        if (_level > lost)
        {
            _level -= lost;
            _height = height;
            return null;
        }

        var end = _height + (int)((_level + test.Other - 1) / test.Other);
        (int, int)? ended = Since is { } from ? (from, end) : null;
        (_level, _height, Since) = (0, height, null);
        return ended;
    }

    /// <summary>The level over the limit, 0 to 1.25; that of the height to which it was last brought.</summary>
    public readonly double Ratio(Cusum test) => (double)_level / test.Limit;
}
