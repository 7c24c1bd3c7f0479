using BenchmarkDotNet.Attributes;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Benchmarks;

/// <summary>What does reading the head of a block cost, of which the hashing alone is the floor?</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private readonly byte[] _block = Fixtures.Block();
    private byte[] _coinbase = [];

    [GlobalSetup]
    public void Setup() => _coinbase = BlockDecoder.Decode(_block).Coinbase.Transaction.ToArray();

    /// <summary>The two hashes that no decoder can do without.</summary>
    [Benchmark(Baseline = true)]
    public BlockHash Hashes()
    {
        BlockHash.Of(_coinbase);
        return BlockHash.Of(_block.AsSpan(0, BlockHeader.Size));
    }

    [Benchmark]
    public BlockHead Head() => BlockDecoder.Decode(_block);

#if NBITCOIN
    [Benchmark]
    public global::NBitcoin.Block WholeBlockByNBitcoin() => global::NBitcoin.Block.Load(_block, global::NBitcoin.Network.Main);
#endif
}
