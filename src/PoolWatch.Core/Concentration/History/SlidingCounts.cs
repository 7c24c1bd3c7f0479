namespace PoolWatch.Core.Concentration.History;

/// <summary>
/// Blocks by entity in a window that one block enters and another leaves, with all that measures need, each kept in a few steps whatever the
/// window's length and the number of entities.
/// </summary>
/// <remarks>
/// A count changes by one only. Among counts sorted from the largest down it then has to move nowhere if of its equals the first is taken
/// for the one that grows, the last for the one that shrinks; <c>_atLeast</c> says where they are. Which entity stands where matters to no measure.
/// </remarks>
internal sealed class SlidingCounts
{
    private readonly int _blocks;
    private readonly EntropyTerms _terms;
    private readonly int[] _counts;
    private readonly int[] _sorted;

    /// <summary>How many entities have so many blocks or more.</summary>
    private readonly int[] _atLeast;

    private readonly (long Third, long Half, long TwoThirds) _needed;
    private int _unknown;
    private int _singles;
    private long _squares;
    private long _termSum;

    /// <summary>Σ rank × count over the sorted counts, the first rank being 0.</summary>
    private long _rankSum;

    private Quorum _third;
    private Quorum _half;
    private Quorum _twoThirds;
    private Quorum _halfLargest;
    private Quorum _thirdLargest;
    private Quorum _twoThirdsLargest;

    public SlidingCounts(int blocks, int entities)
    {
        _blocks = blocks;
        _terms = new EntropyTerms(blocks);
        _counts = new int[entities];
        _sorted = new int[Math.Max(entities, WindowMeasures.MaxTop)];
        _atLeast = new int[blocks + 2];
        _needed = (Needed(Threshold.Third), Needed(Threshold.Half), Needed(Threshold.TwoThirds));
    }

    /// <summary>Blocks by the number of their entity.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    public void Add(int entity)
    {
        if (entity < 0)
        {
            (entity == EntityColumn.Unknown ? ref _unknown : ref _singles)++;
            return;
        }

        var count = ++_counts[entity];
        var rank = _atLeast[count]++;
        _sorted[rank] = count;
        _squares += (2L * count) - 1;
        _termSum += _terms[count] - _terms[count - 1];
        Changed(rank, 1);
    }

    public void Remove(int entity)
    {
        if (entity < 0)
        {
            (entity == EntityColumn.Unknown ? ref _unknown : ref _singles)--;
            return;
        }

        var count = _counts[entity]--;
        var rank = --_atLeast[count];
        _sorted[rank] = count - 1;
        _squares -= (2L * count) - 1;
        _termSum -= _terms[count] - _terms[count - 1];
        Changed(rank, -1);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_sorted);
        Array.Clear(_atLeast);
        (_unknown, _singles, _squares, _termSum, _rankSum) = (0, 0, 0, 0, 0);
        (_third, _half, _twoThirds) = (default, default, default);
        (_thirdLargest, _halfLargest, _twoThirdsLargest) = (default, default, default);
    }

    /// <summary>What is measured of the window, which must be full.</summary>
    public HistoryRow Measure(int height)
    {
        var known = _atLeast[1];
        var separate = _unknown + _singles;
        var entities = known + separate;
        ReadOnlySpan<int> sorted = _sorted;
        return new HistoryRow
        {
            Height = height,
            Blocks = _blocks,
            Unknown = _unknown,
            Singles = _singles,
            Entities = entities,
            Top = HistoryTop.Of(sorted, known, separate),
            Nakamoto = new NakamotoFigures(
                _half.Count(sorted, known, _needed.Half),
                _third.Count(sorted, known, _needed.Third),
                _twoThirds.Count(sorted, known, _needed.TwoThirds),
                CountLargest(ref _halfLargest, _needed.Half),
                CountLargest(ref _thirdLargest, _needed.Third),
                CountLargest(ref _twoThirdsLargest, _needed.TwoThirds)),
            Squares = _squares,
            Largest = known > 0 ? sorted[0] : Math.Min(1, _singles),
            // Singletons have the lowest ranks in ascending order: Σ (2i − n − 1) over them.
            Spread = ((entities - 1L) * (_blocks - separate)) - (2 * _rankSum) - ((long)separate * known),
            EntropyBits = _terms.BitsOf(_termSum),
        };
    }

    /// <summary>All unknown blocks go to the largest: they are held before any entity is asked, and one always is.</summary>
    private int CountLargest(ref Quorum quorum, long needed) => Math.Max(1, quorum.Count(_sorted, _atLeast[1], Math.Max(0, needed - _unknown)));

    private void Changed(int rank, int difference)
    {
        _rankSum += difference * (long)rank;
        _third.Changed(rank, difference);
        _half.Changed(rank, difference);
        _twoThirds.Changed(rank, difference);
        _halfLargest.Changed(rank, difference);
        _thirdLargest.Changed(rank, difference);
        _twoThirdsLargest.Changed(rank, difference);
    }

    /// <summary>The fewest blocks that are strictly more than the threshold.</summary>
    private long Needed(Threshold threshold) => ((long)_blocks * threshold.Numerator / threshold.Denominator) + 1;
}
