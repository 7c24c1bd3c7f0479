namespace PoolWatch.Core.Concentration;

public sealed partial class ChainView
{
    /// <summary>The last blocks up to the tip.</summary>
    /// <param name="blocks">Length of the window, at least 1.</param>
    /// <returns>The window, or why there is none: the length is below 1, or above <see cref="Count"/>.</returns>
    public WindowLookup Last(int blocks)
    {
        if (blocks < 1)
        {
            return WindowLookup.Absent(WindowAbsence.InvalidBounds, $"A window has at least 1 block, not {blocks}.");
        }

        return blocks <= Count
            ? WindowLookup.Of(new BlockWindow(TipHeight - blocks + 1, TipHeight))
            : WindowLookup.Absent(
                WindowAbsence.LongerThanChain, $"A window of {blocks} blocks is longer than the stored chain: {Stored()}.");
    }

    /// <summary>The last blocks up to the tip; false where <see cref="Last"/> says why there is no such window.</summary>
    public bool TryLast(int blocks, out BlockWindow window) => Last(blocks).TryGet(out window);

    /// <summary>The blocks of the given heights, both included.</summary>
    /// <returns>The window, or why there is none: the bounds are negative or crossed, or not every height is stored.</returns>
    public WindowLookup Heights(int fromHeight, int toHeight)
    {
        if (fromHeight < 0 || toHeight < fromHeight)
        {
            return WindowLookup.Absent(
                WindowAbsence.InvalidBounds, $"Heights {fromHeight} to {toHeight} are no window: 0 ≤ from ≤ to is needed.");
        }

        return fromHeight >= FirstHeight && toHeight <= TipHeight
            ? WindowLookup.Of(new BlockWindow(fromHeight, toHeight))
            : WindowLookup.Absent(WindowAbsence.HeightsNotStored, $"Heights {fromHeight} to {toHeight} are not all stored: {Stored()}.");
    }

    /// <summary>The blocks whose median time past lies after one moment and not after another: <c>from &lt; MTP ≤ to</c>.</summary>
    /// <param name="fromExclusive">Unix seconds; −1 for everything since the genesis block.</param>
    /// <param name="toInclusive">Unix seconds. A moment after the tip's median time past means up to the tip.</param>
    /// <returns>
    /// The window, or why there is none: the bounds are crossed; no block falls between them; or the span reaches back before the first
    /// stored block, where that is not the genesis block, so that blocks could be missing.
    /// </returns>
    /// <remarks>
    /// Median time past (BIP 113) never decreases, unlike header time, so adjoining spans <c>(a, b]</c> and <c>(b, c]</c> neither share
    /// a block nor lose one, and the answer depends on the chain alone, never on a clock.
    /// </remarks>
    public WindowLookup Times(long fromExclusive, long toInclusive)
    {
        if (toInclusive <= fromExclusive)
        {
            return WindowLookup.Absent(
                WindowAbsence.InvalidBounds, $"Times {fromExclusive} to {toInclusive} are no window: from < to is needed.");
        }

        if (FirstHeight > 0 && (Count == 0 || fromExclusive < MedianTimePast(FirstHeight)))
        {
            return WindowLookup.Absent(
                WindowAbsence.TimesNotStored, $"Blocks since {fromExclusive} (Unix seconds) are not all stored: {StoredTimes()}.");
        }

        var from = CountUpTo(fromExclusive);
        var to = CountUpTo(toInclusive);
        return from < to
            ? WindowLookup.Of(new BlockWindow(FirstHeight + from, FirstHeight + to - 1))
            : WindowLookup.Absent(
                WindowAbsence.NoBlocks, $"No block has a median time past after {fromExclusive} and up to {toInclusive}: {StoredTimes()}.");
    }

    /// <summary>How many blocks have a median time past of at most <paramref name="time"/>.</summary>
    private int CountUpTo(long time)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _columns.MedianTimes[middle] <= time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private string Stored() => Count == 0 ? "no block is stored yet" : $"{Count} blocks are stored, heights {FirstHeight} to {TipHeight}";

    private string StoredTimes() =>
        Count == 0
            ? Stored()
            : $"{Stored()}, median time past {MedianTimePast(FirstHeight)} to {MedianTimePast(TipHeight)}";
}
