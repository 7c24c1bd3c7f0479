namespace PoolWatch.Core.Concentration;

/// <summary>A part of the window's blocks as an exact fraction, so that a comparison at the boundary never depends on rounding.</summary>
public readonly record struct Threshold
{
    /// <summary>The fraction <paramref name="numerator"/> / <paramref name="denominator"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not between 0 and 1, both excluded.</exception>
    public Threshold(int numerator, int denominator)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numerator, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(denominator, numerator);
        Numerator = numerator;
        Denominator = denominator;
    }

    /// <summary>1/2: who has more rewrites history at will (Nakamoto 2008).</summary>
    public static Threshold Half { get; } = new(1, 2);

    /// <summary>1/3: above it selfish mining pays whatever the attacker's connectivity (Eyal and Sirer 2014).</summary>
    public static Threshold Third { get; } = new(1, 3);

    /// <summary>2/5: 40 %, where two more of the size that pools have make a majority.</summary>
    public static Threshold TwoFifths { get; } = new(2, 5);

    /// <summary>2/3.</summary>
    public static Threshold TwoThirds { get; } = new(2, 3);

    /// <summary>Part above the line; at least 1.</summary>
    public int Numerator { get; }

    /// <summary>Part below the line; above <see cref="Numerator"/>.</summary>
    public int Denominator { get; }
}

/// <summary>When a group of entities counts as having reached a <see cref="Threshold"/>.</summary>
public enum ThresholdRule
{
    /// <summary>Strictly more than the threshold: PoolWatch's convention, because exactly half is no majority.</summary>
    MoreThan,

    /// <summary>The threshold or more: what the Edinburgh Decentralization Index computes as tau; for comparison with it.</summary>
    AtLeast,
}
