using PoolWatch.Core.Concentration;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Tests.Layers;

namespace PoolWatch.Core.Tests.Concentration.Alarms;

/// <summary>Chains of pools a, b, c … as numbers, all of one moment.</summary>
internal static class AlarmFixtures
{
    public static LayerMap ByPool { get; } = LayerMap.Create(LayerSet.Parse("""{ "format": "poolwatch-layers/1", "layers": [] }"""u8).Layers[0], LayerFixtures.Pools(6));

    public static ushort[] Run(int pool, int blocks) => [.. Enumerable.Repeat((ushort)pool, blocks)];

    public static ChainView Chain(ushort[] pools, int firstHeight = 0)
    {
        var time = LayerFixtures.Day("2026-01-01");
        return ChainView.StartingAt(firstHeight, pools.Length).Append([.. pools.Select(pool => new ChainEntry(time, time, pool))]);
    }

    /// <summary>A pool, each as likely as its share says; unknown for what is missing to one.</summary>
    public static ushort Draw(Random random, double[] shares)
    {
        var at = random.NextDouble();
        for (var i = 0; i < shares.Length; i++)
        {
            if ((at -= shares[i]) < 0)
            {
                return (ushort)i;
            }
        }

        return ChainView.UnknownPool;
    }

    public static ushort[] Draw(int seed, int blocks, params double[] shares)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, blocks).Select(_ => Draw(random, shares))];
    }
}
