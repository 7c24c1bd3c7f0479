namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>The share of the hash rate that somebody has at least, looked at again with every block.</summary>
/// <remarks>
/// The lower end of a <see cref="WilsonInterval"/> is right for one look at one window in forty. This one has <see cref="Z"/> standard errors instead of 1.96: with
/// windows of <see cref="Blocks"/> it rises above a true share less than once in a year of blocks while two entities in each of four layers are looked at.
/// docs/adr/0015-alarms.md says how that was measured.
/// </remarks>
public static class ShareFloor
{
    /// <summary>The window's length that the number of standard errors is calibrated for: a difficulty period.</summary>
    public const int Blocks = 2_016;

    /// <summary>Standard errors below the observed share.</summary>
    public const double Z = 3.5;

    /// <summary>The floor for <paramref name="count"/> of <paramref name="total"/> blocks.</summary>
    /// <returns>0..1, never above the observed share; exactly 0 for a count of 0.</returns>
    /// <exception cref="ArgumentOutOfRangeException">No block at all, or a count outside 0..<paramref name="total"/>.</exception>
    public static double Of(int count, int total) => WilsonInterval.Of(count, total, Z).Lower;
}
