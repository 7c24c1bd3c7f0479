using System.Diagnostics.CodeAnalysis;

namespace PoolWatch.Core.Concentration;

/// <summary>The active chain in memory: times and pool of every block from a first height to a tip, without gaps.</summary>
/// <remarks>
/// <para>A view never changes: what it showed once it shows for ever, whatever is appended or truncated later. Views of one chain
/// share their arrays, so that a new tip costs as much as the blocks that it adds, and memory is 10 bytes a block plus some
/// slack.</para>
/// <para>Any number of threads may read any views without locks. One writer at a time derives the next view from the current one
/// and publishes it through a field written with <see cref="Volatile.Write{T}(ref T, T)"/> or under a lock. A second writer that
/// starts from the same view spoils nothing: both get a correct view, one of them at the price of a copy.</para>
/// </remarks>
public sealed partial class ChainView
{
    /// <summary>The pool index of a block that no rule attributes to a pool.</summary>
    public const ushort UnknownPool = ushort.MaxValue;

    private readonly Columns _columns;

    private ChainView(Columns columns, int firstHeight, int count)
    {
        _columns = columns;
        FirstHeight = firstHeight;
        Count = count;
    }

    /// <summary>No block yet; the first to be appended is that of height 0.</summary>
    public static ChainView Empty { get; } = StartingAt(0);

    /// <summary>Number of blocks; 0 or more.</summary>
    public int Count { get; }

    /// <summary>Height of the first block; of the first to be appended where there is none yet.</summary>
    public int FirstHeight { get; }

    /// <summary>Height of the last block; <see cref="FirstHeight"/> − 1 where there is none.</summary>
    public int TipHeight => FirstHeight + Count - 1;

    /// <summary>A view without blocks whose first block will be that of <paramref name="firstHeight"/>.</summary>
    /// <param name="firstHeight">0 on a chain kept whole; above where older blocks are not stored.</param>
    /// <param name="capacity">Blocks to make room for at once; only a matter of speed.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public static ChainView StartingAt(int firstHeight, int capacity = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstHeight);
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        return new ChainView(new Columns(capacity), firstHeight, 0);
    }

    /// <summary>Header time of the block, Unix seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The height is not in this view.</exception>
    public uint Time(int height) => _columns.Times[IndexOf(height)];

    /// <summary>Median time past of the block, Unix seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The height is not in this view.</exception>
    public uint MedianTimePast(int height) => _columns.MedianTimes[IndexOf(height)];

    /// <summary>Pool index of the block, or <see cref="UnknownPool"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The height is not in this view.</exception>
    public ushort Pool(int height) => _columns.Pools[IndexOf(height)];

    /// <summary>Header times of the window's blocks in height order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within this view.</exception>
    public ReadOnlySpan<uint> TimesOf(BlockWindow window) => _columns.Times.AsSpan(IndexOf(window), window.Blocks);

    /// <summary>Median times past of the window's blocks in height order; never decreasing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within this view.</exception>
    public ReadOnlySpan<uint> MedianTimesPastOf(BlockWindow window) =>
        _columns.MedianTimes.AsSpan(IndexOf(window), window.Blocks);

    /// <summary>Pool indexes of the window's blocks in height order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within this view.</exception>
    public ReadOnlySpan<ushort> PoolsOf(BlockWindow window) => _columns.Pools.AsSpan(IndexOf(window), window.Blocks);

    /// <summary>This chain with more blocks on top. Cost: the blocks added, averaged over a chain's growth.</summary>
    /// <exception cref="ArgumentException">
    /// A median time past lies below that of the block before: the entries do not continue this chain.
    /// </exception>
    public ChainView Append(ReadOnlySpan<ChainEntry> entries)
    {
        if (entries.IsEmpty)
        {
            return this;
        }

        RequireMonotonicMedianTime(entries);
        var count = checked(FirstHeight + Count + entries.Length) - FirstHeight;
        var columns = _columns.TryClaim(Count, count) ? _columns : _columns.CopyOf(Count, count);
        columns.Write(entries, Count);
        return new ChainView(columns, FirstHeight, count);
    }

    /// <summary>This chain without the blocks above <paramref name="keptHeight"/>: the first half of a reorganization.</summary>
    /// <param name="keptHeight">The fork point; <see cref="FirstHeight"/> − 1 drops every block.</param>
    /// <remarks>Costs nothing; the next <see cref="Append"/> copies the kept blocks, since older views show the dropped ones.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Above the tip, or more than one below the first height.</exception>
    public ChainView TruncateTo(int keptHeight)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keptHeight, TipHeight);
        ArgumentOutOfRangeException.ThrowIfLessThan(keptHeight, FirstHeight - 1);
        return keptHeight == TipHeight ? this : new ChainView(_columns, FirstHeight, keptHeight - FirstHeight + 1);
    }

    private void RequireMonotonicMedianTime(ReadOnlySpan<ChainEntry> entries)
    {
        var before = Count == 0 ? 0 : MedianTimePast(TipHeight);
        for (var i = 0; i < entries.Length; i++)
        {
            if (entries[i].MedianTimePast < before)
            {
                throw new ArgumentException(
                    $"Median time past falls from {before} to {entries[i].MedianTimePast} at height {TipHeight + 1 + i}.", nameof(entries));
            }

            before = entries[i].MedianTimePast;
        }
    }

    private int IndexOf(int height)
    {
        var index = height - FirstHeight;
        if ((uint)index >= (uint)Count)
        {
            ThrowNotInView(height);
        }

        return index;
    }

    private int IndexOf(BlockWindow window)
    {
        IndexOf(window.ToHeight);
        return IndexOf(window.FromHeight);
    }

    [DoesNotReturn]
    private void ThrowNotInView(int height) =>
        throw new ArgumentOutOfRangeException(
            nameof(height), height, $"The view holds {Count} blocks, heights {FirstHeight} to {TipHeight}.");

    /// <summary>Arrays that views share. Entries below the end are never written again.</summary>
    private sealed class Columns(int capacity)
    {
        // How many entries some view shows. Whoever moves it from his own count owns the entries that follow.
        private int _end;

        public uint[] Times { get; } = new uint[capacity];

        public uint[] MedianTimes { get; } = new uint[capacity];

        public ushort[] Pools { get; } = new ushort[capacity];

        public bool TryClaim(int count, int newCount) =>
            newCount <= Times.Length && Interlocked.CompareExchange(ref _end, newCount, count) == count;

        public Columns CopyOf(int count, int newCount)
        {
            // Growth by a quarter keeps appending linear overall and the slack of a long chain small.
            var copy = new Columns(Math.Max(newCount, (int)Math.Min(Array.MaxLength, count + (count / 4L) + 16))) { _end = newCount };
            Times.AsSpan(0, count).CopyTo(copy.Times);
            MedianTimes.AsSpan(0, count).CopyTo(copy.MedianTimes);
            Pools.AsSpan(0, count).CopyTo(copy.Pools);
            return copy;
        }

        public void Write(ReadOnlySpan<ChainEntry> entries, int at)
        {
            for (var i = 0; i < entries.Length; i++)
            {
                Times[at + i] = entries[i].Time;
                MedianTimes[at + i] = entries[i].MedianTimePast;
                Pools[at + i] = entries[i].Pool;
            }
        }
    }
}
