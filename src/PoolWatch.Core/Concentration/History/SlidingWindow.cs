namespace PoolWatch.Core.Concentration.History;

/// <summary>A window of fixed length that moves up a chain and tells every measure at every height on its way.</summary>
/// <remarks>
/// A step costs the same for any length and any number of entities. Holds 16 bytes for each block of its length. Not for several threads at once.
/// </remarks>
public sealed class SlidingWindow
{
    private readonly EntityColumn _column;
    private readonly SlidingCounts _counts;

    /// <summary>A window that stands nowhere yet.</summary>
    /// <param name="column">What it slides over.</param>
    /// <param name="blocks">Its length, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length below 1.</exception>
    public SlidingWindow(EntityColumn column, int blocks)
    {
        ArgumentNullException.ThrowIfNull(column);
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        (_column, Blocks) = (column, blocks);
        _counts = new SlidingCounts(blocks, column.Entities);
        Height = column.FirstHeight - 1;
    }

    /// <summary>Its length.</summary>
    public int Blocks { get; }

    /// <summary>Height of the last block in it; below <see cref="LowestHeight"/> before it was moved anywhere.</summary>
    public int Height { get; private set; }

    /// <summary>The lowest height at which it is full; above <see cref="EntityColumn.TipHeight"/> where the chain is shorter than the window.</summary>
    public int LowestHeight => (int)Math.Min(int.MaxValue, _column.FirstHeight + (long)Blocks - 1);

    /// <summary>Blocks in the window by the number of their entity, zeros included.</summary>
    public ReadOnlySpan<int> BlocksByEntity => _counts.Counts;

    /// <summary>Moves it so that the block of this height is its last.</summary>
    /// <remarks>A step up costs one block; a step down, or one further than its length, as much as its length.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The window does not fit into the chain there.</exception>
    public void MoveTo(int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, LowestHeight);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, _column.TipHeight);
        var full = Height >= LowestHeight;
        if (!full || height < Height || height - Height > Blocks)
        {
            Fill(height);
            return;
        }

        while (Height < height)
        {
            Step();
        }
    }

    /// <summary>What is measured where it stands.</summary>
    /// <exception cref="InvalidOperationException">It was not moved anywhere yet.</exception>
    public HistoryRow Measure() =>
        Height >= LowestHeight ? _counts.Measure(Height) : throw new InvalidOperationException("The window stands nowhere yet: move it first.");

    /// <summary>Measures at consecutive heights and stands at the last of them.</summary>
    /// <param name="fromHeight">The first of them.</param>
    /// <param name="rows">Takes a row for each.</param>
    /// <exception cref="ArgumentOutOfRangeException">The window does not fit into the chain at one of them.</exception>
    public void Measure(int fromHeight, Span<HistoryRow> rows)
    {
        if (rows.IsEmpty)
        {
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)fromHeight + rows.Length - 1, _column.TipHeight, nameof(fromHeight));
        MoveTo(fromHeight);
        rows[0] = _counts.Measure(fromHeight);
        for (var i = 1; i < rows.Length; i++)
        {
            rows[i] = Step() ? _counts.Measure(Height) : rows[i - 1] with { Height = Height };
        }
    }

    /// <returns>Whether it changed anything.</returns>
    private bool Step()
    {
        Height++;
        var (entering, leaving) = (_column[Height], _column[Height - Blocks]);
        if (entering == leaving)
        {
            return false;
        }

        // First out, then in: no count may exceed the window's length.
        _counts.Remove(leaving);
        _counts.Add(entering);
        return true;
    }

    private void Fill(int height)
    {
        _counts.Clear();
        for (var at = height - Blocks + 1; at <= height; at++)
        {
            _counts.Add(_column[at]);
        }

        Height = height;
    }
}
