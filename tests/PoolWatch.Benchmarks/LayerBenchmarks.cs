using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;

namespace PoolWatch.Benchmarks;

/// <summary>What do the bundled layers cost: one window in one layer, all windows in all layers at a new tip, a layer made for one request?</summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private const int ChainLength = 60_000;
    private static readonly LayerSet Set = LayerSet.LoadBundled();
    private readonly LayerPool[] _pools = [.. PoolList.LoadBundled().Pools.Select((p, i) => new LayerPool((ushort)i, p.Slug, p.Name))];
    private ChainView _chain = ChainView.Empty;
    private LayerMap[] _maps = [];
    private BlockWindow _year;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        // Ten minutes a block up to spring 2026, so that a year reaches over dates at which members come.
        const uint End = 1_776_894_603;
        ushort[] mining = [.. _pools.Where(p => Set.Find("template")!.Memberships.Any(m => m.Membership.Pool == p.Slug)).Select(p => p.Id), .. Enumerable.Range(0, 45).Select(i => (ushort)(3 * i))];
        _chain = ChainView.StartingAt(0, ChainLength).Append([.. Enumerable.Range(0, ChainLength).Select(h =>
        {
            var time = End - (600u * (uint)(ChainLength - h));
            return new ChainEntry(time, time, mining[(int)(mining.Length * Math.Pow(random.NextDouble(), 3))]);
        })]);
        _maps = [.. Set.Layers.Select(layer => LayerMap.Create(layer, _pools))];
        _chain.TryLast(52_560, out _year);
    }

    [Benchmark(Baseline = true)]
    public ShareDistribution YearByPool() => ShareDistribution.Of(_chain, _year);

    [Benchmark]
    public LayerShares YearByTemplate() => _maps[2].Count(_chain, _year);

    /// <summary>What a new tip costs beside the measures by pool.</summary>
    [Benchmark]
    public int AllWindowsOfThreeLayers()
    {
        var entities = 0;
        foreach (var map in _maps.AsSpan(1))
        {
            foreach (var length in BlockWindow.StandardLengths)
            {
                _chain.TryLast(length, out var window);
                entities += WindowMeasures.Of(map.Count(_chain, window).Distribution).Shares.Count;
            }
        }

        return entities;
    }

    [Benchmark]
    public LayerMap MapForOneRequest() => LayerMap.Create(Set.Layers[2], _pools, new LayerFilter(new DateOnly(2025, 1, 1)));
}
