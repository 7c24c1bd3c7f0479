namespace PoolWatch.Core.Concentration.History;

/// <summary>Blocks of the n largest entities of a window together, n = 1..6.</summary>
public readonly record struct HistoryTop
{
    private readonly (int One, int Two, int Three, int Four, int Five, int Six) _blocks;

    private HistoryTop((int, int, int, int, int, int) blocks) => _blocks = blocks;

    /// <summary>Blocks of the <paramref name="n"/> largest.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1..<see cref="WindowMeasures.MaxTop"/>.</exception>
    public int this[int n] => n switch
    {
        1 => _blocks.One,
        2 => _blocks.Two,
        3 => _blocks.Three,
        4 => _blocks.Four,
        5 => _blocks.Five,
        6 => _blocks.Six,
        _ => throw new ArgumentOutOfRangeException(nameof(n), n, $"Kept for 1 to {WindowMeasures.MaxTop}."),
    };

    /// <param name="sorted">Blocks of the known entities, most first, with zeros behind them.</param>
    /// <param name="known">How many of them have a block.</param>
    /// <param name="separate">Further entities with one block each.</param>
    internal static HistoryTop Of(ReadOnlySpan<int> sorted, int known, int separate)
    {
        var one = sorted[0];
        var two = one + sorted[1];
        var three = two + sorted[2];
        var four = three + sorted[3];
        var five = four + sorted[4];
        var six = five + sorted[5];
        return known >= WindowMeasures.MaxTop
            ? new HistoryTop((one, two, three, four, five, six))
            : new HistoryTop((one + Filled(1), two + Filled(2), three + Filled(3), four + Filled(4), five + Filled(5), six + Filled(6)));

        int Filled(int n) => Math.Clamp(n - known, 0, separate);
    }
}
