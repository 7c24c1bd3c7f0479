using System.Runtime.CompilerServices;

namespace PoolWatch.Node;

/// <summary>The bundled sample chain, for a first look without a node.</summary>
internal sealed class SampleBlockSource : IBlockSource
{
    private readonly int _firstHeight;
    private readonly BlockHead[] _heads;
    private readonly Dictionary<BlockHash, BlockHead> _byHash;

    public SampleBlockSource()
    {
        (_firstHeight, var blocks) = SampleChain.Build();
        _heads = [.. blocks.Select(b => BlockDecoder.Decode(b))];
        _byHash = _heads.ToDictionary(h => h.Header.Hash);
    }

    public string Name => "sample";

    public Task<SourceChain> GetChainAsync(CancellationToken cancellationToken)
    {
        var height = _firstHeight + _heads.Length - 1;
        return Task.FromResult(new SourceChain(
            Network.Sample.Name, _heads[0].Header.Hash, _firstHeight, height, _heads[^1].Header.Hash, height, InitialDownload: false));
    }

    public Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<BlockHash>>(fromHeight < _firstHeight
            ? []
            : [.. _heads.Skip(fromHeight - _firstHeight).Take(count).Select(h => h.Header.Hash)]);

    public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        foreach (var hash in hashes)
        {
            yield return _byHash.TryGetValue(hash, out var head)
                ? head
                : throw new BlockSourceException(SourceFault.BlockMissing, $"The sample chain has no block {hash}.");
        }
    }
}
