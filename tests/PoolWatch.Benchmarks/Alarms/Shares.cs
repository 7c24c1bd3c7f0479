using PoolWatch.Core.Layers;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>Constellations of pools, and their layer.</summary>
internal static class Shares
{
    private static readonly double[] Others = [18.04, 11.13, 9.04, 8.19, 5.24, 4.78, 3.25, 2.2, 1.95, 1.44, 1.35, 0.49, 0.39, 0.3, 0.28, 0.23, 0.19, 0.14, 0.12, 0.09];

    /// <summary>
    /// A first share, and behind it those of the others in the 30 days up to 2026-04-22, in proportion (blocks_post_2021.parquet of sorukumar/bitcoin-mining-pools).
    /// </summary>
    public static double[] WithRealTail(double first, int most) => WithTail([first], most);

    /// <summary>The first shares, and as many of the others as make them up to one.</summary>
    public static double[] WithTail(double[] first, int most)
    {
        var tail = Others.Skip(first.Length - 1).Take(most - first.Length).ToList();
        return [.. first, .. tail.Select(s => s * (1 - first.Sum()) / tail.Sum())];
    }

    public static LayerMap SinglePools(int count) => LayerMap.Create(LayerSet.Parse("""{ "format": "poolwatch-layers/1", "layers": [] }"""u8).Layers[0], Numbered(count));

    public static IEnumerable<LayerPool> Numbered(int count) => Enumerable.Range(0, count).Select(i => new LayerPool((ushort)i, $"p{i}", $"Pool {i}"));
}
