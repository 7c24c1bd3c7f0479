namespace PoolWatch.Core.Concentration.History;

/// <summary>
/// How many of the largest entities hold a number of blocks, remembered from height to height: both change by a few at most from one to the next.
/// </summary>
internal struct Quorum
{
    private int _entities;
    private long _held;

    /// <summary>One of the sorted counts changed.</summary>
    public void Changed(int rank, int difference)
    {
        if (rank < _entities)
        {
            _held += difference;
        }
    }

    /// <param name="counts">Blocks of the entities, most first.</param>
    /// <param name="entities">How many of them there are.</param>
    /// <param name="needed">The fewest blocks that are enough; entities with one block each fill up what is missing.</param>
    /// <returns>How many entities it takes; 0 where nothing is needed.</returns>
    public int Count(ReadOnlySpan<int> counts, int entities, long needed)
    {
        while (_held < needed && _entities < entities)
        {
            _held += counts[_entities++];
        }

        while (_entities > 0 && (_entities > entities || _held - counts[_entities - 1] >= needed))
        {
            _held -= counts[--_entities];
        }

        return (int)(_entities + Math.Max(0, needed - _held));
    }
}
