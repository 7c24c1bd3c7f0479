using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Benchmarks;

/// <summary>How many coinbases does one core attribute with the whole bundled list?</summary>
[MemoryDiagnoser]
public class AttributionBenchmarks
{
    private const int Operations = 1_000;
    private readonly PoolWatchAttributor _attributor = new(PoolList.LoadBundled());
    private readonly IReadOnlyList<(int Height, Coinbase Coinbase)> _coinbases = Fixtures.RecentCoinbases();

    [Benchmark(OperationsPerInvoke = Operations)]
    public int RecentCoinbases()
    {
        var attributed = 0;
        for (var i = 0; i < Operations; i++)
        {
            var (height, coinbase) = _coinbases[i % _coinbases.Count];
            attributed += _attributor.Attribute(coinbase, height).Winner is null ? 0 : 1;
        }

        return attributed;
    }
}
