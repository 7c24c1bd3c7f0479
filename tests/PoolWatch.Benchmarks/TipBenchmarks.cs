using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;
using PoolWatch.ReadModel;
using PoolWatch.Storage;
using PoolWatch.Telemetry;

namespace PoolWatch.Benchmarks;

/// <summary>What has to be counted and written before a new tip is served: measures and streaks of every layer, and the page of /metrics.</summary>
[MemoryDiagnoser]
public class TipBenchmarks
{
    private const int ChainLength = 60_000;
    private const int Mining = 50;
    private static readonly LayerSet Set = LayerSet.LoadBundled();
    private static readonly PoolList List = PoolList.LoadBundled();
    private readonly Dictionary<ushort, PoolName> _pools = List.Pools.Select((p, i) => new PoolName((ushort)(i + 1), p.Slug, p.Name, "")).ToDictionary(p => p.Id);
    private ChainView _chain = ChainView.Empty;
    private Snapshot _snapshot = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        // Ten minutes a block up to spring 2026, so that a year reaches over dates at which members come.
        const uint End = 1_776_894_603;
        ushort[] mining = [.. _pools.Values.Where(p => Set.Find("template")!.Memberships.Any(m => m.Membership.Pool == p.Slug)).Concat(_pools.Values).Distinct().Take(Mining).Select(p => p.Id)];
        _chain = ChainView.StartingAt(0, ChainLength).Append([.. Enumerable.Range(0, ChainLength).Select(h =>
        {
            var time = End - (600u * (uint)(ChainLength - h));
            return new ChainEntry(time, time, mining[(int)(mining.Length * Math.Pow(random.NextDouble(), 3))]);
        })]);
        var attributor = PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, List);
        var measures = Measured();
        _snapshot = new Snapshot
        {
            Stored = new StoredChain("main", default, 0, 1, 1, 1, new ChainTip(_chain.TipHeight, default)),
            Algorithm = "poolwatch/1",
            List = List,
            ListSince = default,
            Chain = _chain,
            Pools = _pools,
            FormerNames = [],
            StaleBlocks = new Dictionary<ushort, int>(),
            Windows = measures.All[0].Windows,
            Layers = measures,
            Inspection = new BlockInspection(new ListComparison(attributor, attributor, attributor), []),
        };
    }

    [Benchmark]
    public int Measures() => Measured().All.Count;

    [Benchmark]
    public int Page() => ConcentrationPage.WriteAsync(_snapshot, "rpc", CancellationToken.None).GetAwaiter().GetResult().Length;

    private LayeredMeasures Measured() => LayeredMeasures.Of(Set, _pools, [], _chain);
}
