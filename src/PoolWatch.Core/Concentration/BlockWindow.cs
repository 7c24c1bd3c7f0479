using System.Collections.Immutable;

namespace PoolWatch.Core.Concentration;

/// <summary>A run of blocks of the active chain, both ends included; never empty.</summary>
public readonly record struct BlockWindow
{
    /// <summary>The blocks from one height to another.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative height, or an end below the start.</exception>
    public BlockWindow(int fromHeight, int toHeight)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromHeight);
        ArgumentOutOfRangeException.ThrowIfLessThan(toHeight, fromHeight);
        FromHeight = fromHeight;
        ToHeight = toHeight;
    }

    /// <summary>
    /// The lengths that are always measured, in blocks: about a day, three days, a week, two weeks (a difficulty period), a month, a year.
    /// </summary>
    public static ImmutableArray<int> StandardLengths { get; } = [144, 432, 1008, 2016, 4320, 52560];

    /// <summary>Height of the first block.</summary>
    public int FromHeight { get; }

    /// <summary>Height of the last block.</summary>
    public int ToHeight { get; }

    /// <summary>Number of blocks; at least 1.</summary>
    public int Blocks => ToHeight - FromHeight + 1;
}
