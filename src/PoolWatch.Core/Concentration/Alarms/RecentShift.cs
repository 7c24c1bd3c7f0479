namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>Whether a pool's share of the last two weeks is another than that of the month before.</summary>
/// <remarks>
/// Looked at again with every block for every pool, a difference counts only if it is large beyond luck <em>and</em> large: shares of hash rate do wander. With the
/// shares of April 2026 held constant, an alarm begins less than once in ten years (docs/adr/0015-alarms.md).
/// </remarks>
public static class RecentShift
{
    /// <summary>Blocks of the later window, up to the tip.</summary>
    public const int Later = 2_016;

    /// <summary>Blocks of the earlier window, which ends where the later one begins.</summary>
    public const int Earlier = 4_320;

    /// <summary>Standard errors of a common share that the difference must have.</summary>
    public const double LeastZ = 4;

    /// <summary>Difference of the shares that is worth an alarm: five points.</summary>
    public const double LeastDifference = 0.05;

    /// <summary>Compares the windows for every pool with a block in either.</summary>
    /// <param name="chain">The chain.</param>
    /// <returns>By pool; none where the chain has fewer blocks than both windows.</returns>
    public static IReadOnlyDictionary<int, ShareShift> Of(ChainView chain)
    {
        ArgumentNullException.ThrowIfNull(chain);
        if (chain.Count < Later + Earlier)
        {
            return new Dictionary<int, ShareShift>();
        }

        var boundary = chain.TipHeight - Later;
        var later = Blocks(chain, new BlockWindow(boundary + 1, chain.TipHeight));
        var earlier = Blocks(chain, new BlockWindow(boundary - Earlier + 1, boundary));
        return later.Keys.Union(earlier.Keys).ToDictionary(
            static pool => pool, pool => ShareShift.Of(earlier.GetValueOrDefault(pool), Earlier, later.GetValueOrDefault(pool), Later));
    }

    /// <summary>Whether the difference is both beyond luck and worth an alarm.</summary>
    public static bool IsAlarm(ShareShift shift) => Math.Abs(shift.Z) >= LeastZ && Math.Abs(shift.Difference) >= LeastDifference;

    private static Dictionary<int, int> Blocks(ChainView chain, BlockWindow window) =>
        ShareDistribution.Of(chain, window).Entities.ToDictionary(static one => one.Entity, static one => one.Blocks);
}
