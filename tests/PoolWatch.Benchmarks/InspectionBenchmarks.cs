using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.Core.Unknown;
using PoolWatch.ReadModel;

namespace PoolWatch.Benchmarks;

/// <summary>What a new block costs besides its attribution: three lists compared, and the last 2016 blocks looked through.</summary>
[MemoryDiagnoser]
public class InspectionBenchmarks
{
    private readonly IReadOnlyList<(int Height, Coinbase Coinbase)> _coinbases = Fixtures.RecentCoinbases();
    private readonly ListComparison _comparison = new(
        Compile(PoolList.LoadBundled()), Compile(Public(PublicListKind.Mempool)), Compile(Public(PublicListKind.BitcoinData)));

    private InspectedBlock[] _blocks = [];
    private UnknownBlock[] _unknown = [];

    [GlobalSetup]
    public void Repeat()
    {
        _blocks = [.. Enumerable.Range(0, BlockInspection.Length).Select(i => _coinbases[i % _coinbases.Count]).Select((c, i) => new InspectedBlock(
            800_000 + i, c.Coinbase.Txid, i % 40 == 0 ? ushort.MaxValue : (ushort)(i % 20), CoinbaseTraces.Of(c.Coinbase), null))];
        _unknown = [.. _blocks.Select(b => new UnknownBlock(b.Height, b.Hash, b.Traces))];
    }

    /// <summary>The traces of a coinbase, and three attributions.</summary>
    [Benchmark]
    public ListDifference? OneBlock()
    {
        var (height, coinbase) = _coinbases[0];
        _ = CoinbaseTraces.Of(coinbase);
        return _comparison.Compare(coinbase, height);
    }

    /// <summary>A difficulty period of which one block in forty is unknown.</summary>
    [Benchmark]
    public int Period() => new BlockInspection(_comparison, _blocks).Clusters.Count;

    /// <summary>A difficulty period of which every block is unknown.</summary>
    [Benchmark]
    public int UnknownPeriod() => UnknownClusters.Find(_unknown).Count;

    private static PoolAttributor Compile(PoolList list) => PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, list);

    private static PoolList Public(PublicListKind kind) => PublicPoolList.LoadBundled(kind).ToPoolList().List;
}
