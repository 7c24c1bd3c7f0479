namespace PoolWatch.Core.Tests.Concentration.History;

/// <summary>Every measure of a window by its textbook formula from counted blocks, without anything of the code that it checks.</summary>
/// <param name="known">Blocks of each entity with a number.</param>
/// <param name="singles">Blocks with an entity each.</param>
/// <param name="unknown">Blocks that no entity is known for.</param>
internal sealed class PlainMeasures(IEnumerable<int> known, int singles, int unknown)
{
    private readonly double[] _named = [.. known.Concat(Enumerable.Repeat(1, singles)).OrderDescending().Select(x => (double)x)];
    private readonly double[] _all = [.. known.Concat(Enumerable.Repeat(1, singles + unknown)).OrderDescending().Select(x => (double)x)];

    public IReadOnlyDictionary<string, double> ByName()
    {
        var blocks = _all.Sum();

        // All unknown blocks to the largest; without one they are an entity of their own.
        double[] largest = _named.Length == 0 ? [unknown] : [_named[0] + unknown, .. _named[1..]];
        var (n, mean) = (_all.Length, blocks / _all.Length);
        var hhi = Squares(_all, blocks);
        var entropy = -_all.Sum(x => x / blocks * Math.Log2(x / blocks));
        var values = new Dictionary<string, double>
        {
            ["unknown share"] = unknown / blocks,
            ["singles share"] = singles / blocks,
            ["entities"] = n,
            ["HHI"] = hhi,
            ["HHI, excluded"] = Squares(_named, blocks),
            ["HHI, largest"] = Squares(largest, blocks),
            ["HHI, unbiased"] = ((blocks * hhi) - 1) / (blocks - 1),
            ["effective, HHI"] = 1 / hhi,
            ["effective, HHI, largest"] = 1 / Squares(largest, blocks),
            ["entropy"] = entropy,
            ["effective, entropy"] = Math.Pow(2, entropy),
            ["Gini"] = _all.Reverse().Select((x, i) => ((2.0 * (i + 1)) - n - 1) * x).Sum() / (n * blocks),
            ["Theil"] = _all.Sum(x => x / mean * Math.Log(x / mean)) / n,
            ["evenness"] = n == 1 ? 0 : entropy / Math.Log2(n),
            ["Hartley"] = Math.Log2(n),
            ["collision"] = -Math.Log2(hhi),
            ["min-entropy"] = -Math.Log2(_all[0] / blocks),
            ["Nakamoto, 1/3"] = Fewest(_all, blocks, 1, 3),
            ["Nakamoto, 1/2"] = Fewest(_all, blocks, 1, 2),
            ["Nakamoto, 2/3"] = Fewest(_all, blocks, 2, 3),
            ["Nakamoto, 1/3, largest"] = Fewest(largest, blocks, 1, 3),
            ["Nakamoto, 1/2, largest"] = Fewest(largest, blocks, 1, 2),
            ["Nakamoto, 2/3, largest"] = Fewest(largest, blocks, 2, 3),
        };
        for (var k = 1; k <= 6; k++)
        {
            values.Add($"top {k}", _all.Take(k).Sum() / blocks);
        }

        return values;
    }

    private static double Squares(double[] counts, double blocks) => counts.Sum(x => x / blocks * (x / blocks));

    /// <summary>Sums of whole numbers, exact in a double.</summary>
    private static int Fewest(double[] counts, double blocks, int numerator, int denominator)
    {
        var (entities, held) = (0, 0.0);
        while (held * denominator <= blocks * numerator)
        {
            held += counts[entities++];
        }

        return entities;
    }
}
