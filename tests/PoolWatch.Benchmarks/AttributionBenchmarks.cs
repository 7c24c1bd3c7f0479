using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Benchmarks;

/// <summary>How many coinbases does one core attribute with a whole list, by either rule, and how many with the loops that <c>mempool/1</c> stands for?</summary>
[MemoryDiagnoser]
public class AttributionBenchmarks
{
    private const int Operations = 1_000;
    private readonly IReadOnlyList<(int Height, Coinbase Coinbase)> _coinbases = Fixtures.RecentCoinbases();
    private PoolAttributor? _attributor;
    private NaiveMempool? _naive;

    [Params("bundled", "mempool")]
    public string List { get; set; } = "";

    [GlobalSetup(Targets = [nameof(PoolWatchRule)])]
    public void SetUpPoolWatch() => _attributor = PoolAttributor.Create("poolwatch/1", ReadList());

    [GlobalSetup(Targets = [nameof(MempoolRule)])]
    public void SetUpMempool() => _attributor = PoolAttributor.Create("mempool/1", ReadList());

    [GlobalSetup(Targets = [nameof(NaiveMempoolRule)])]
    public void SetUpNaive() => _naive = new NaiveMempool(ReadList());

    [Benchmark(OperationsPerInvoke = Operations)]
    public int PoolWatchRule() => AttributeAll();

    [Benchmark(OperationsPerInvoke = Operations)]
    public int MempoolRule() => AttributeAll();

    [Benchmark(OperationsPerInvoke = Operations, Baseline = true)]
    public int NaiveMempoolRule()
    {
        var attributed = 0;
        for (var i = 0; i < Operations; i++)
        {
            attributed += _naive!.Find(_coinbases[i % _coinbases.Count].Coinbase) is null ? 0 : 1;
        }

        return attributed;
    }

    private int AttributeAll()
    {
        var attributed = 0;
        for (var i = 0; i < Operations; i++)
        {
            var (height, coinbase) = _coinbases[i % _coinbases.Count];
            attributed += _attributor!.Attribute(coinbase, height).Winner is null ? 0 : 1;
        }

        return attributed;
    }

    private PoolList ReadList() =>
        List == "bundled" ? PoolList.LoadBundled() : PublicPoolList.LoadBundled(PublicListKind.Mempool).ToPoolList().List;
}
