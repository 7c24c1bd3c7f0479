using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Benchmarks;

/// <summary>What does one REST answer or one window of /metrics cost, on a chain as long as mainnet's?</summary>
[MemoryDiagnoser]
public class WindowBenchmarks
{
    private const int ChainLength = 950_000;
    private ChainView _chain = ChainView.Empty;

    [Params(144, 2_016, 52_560, ChainLength)]
    public int Blocks { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _chain = ChainView.StartingAt(0, ChainLength).Append([.. Enumerable.Range(0, ChainLength).Select(h => Entry((uint)h, random))]);
    }

    [Benchmark]
    public WindowMeasures AllMeasures()
    {
        _chain.TryLast(Blocks, out var window);
        return WindowMeasures.Of(ShareDistribution.Of(_chain, window));
    }

    /// <summary>Sixty pools of very different size, and one block in a hundred unknown.</summary>
    private static ChainEntry Entry(uint height, Random random)
    {
        var pool = random.Next(100) == 0 ? ChainView.UnknownPool : (ushort)(1 + (60 * Math.Pow(random.NextDouble(), 3)));
        return new ChainEntry(600 * height, 600 * height, pool);
    }
}
