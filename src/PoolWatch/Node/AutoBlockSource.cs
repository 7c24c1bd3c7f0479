using System.Runtime.CompilerServices;

namespace PoolWatch.Node;

/// <summary>Reads by the cheapest way that the node offers: REST with parts of blocks, REST, JSON-RPC. It asks when the node first answers, and again after a fault.</summary>
internal sealed partial class AutoBlockSource(RestBlockSource rest, RpcBlockSource rpc, ILogger<AutoBlockSource> logger) : IBlockSource
{
    private volatile IBlockSource? _chosen;
    private bool _faulted;
    private string? _found;

    /// <summary>That of the source in use; <c>auto</c> before the node first answers.</summary>
    public string Name => _chosen?.Name ?? "auto";

    public async Task<SourceChain> GetChainAsync(CancellationToken cancellationToken)
    {
        if (_chosen is { } chosen && !_faulted)
        {
            try
            {
                return await chosen.GetChainAsync(cancellationToken);
            }
            catch (BlockSourceException e)
            {
                Log.ChoosingAgain(logger, chosen.Name, e.Message);
                _faulted = true;
            }
        }

        return await ChooseAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken) =>
        await (await ChosenAsync(cancellationToken)).GetHashesAsync(fromHeight, count, cancellationToken);

    public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var source = await ChosenAsync(cancellationToken);
        await foreach (var head in source.ReadAsync(hashes, cancellationToken))
        {
            yield return head;
        }
    }

    private async ValueTask<IBlockSource> ChosenAsync(CancellationToken cancellationToken)
    {
        if (_chosen is null)
        {
            await ChooseAsync(cancellationToken);
        }

        return _chosen!;
    }

    private async Task<SourceChain> ChooseAsync(CancellationToken cancellationToken)
    {
        SourceChain chain;
        try
        {
            chain = await rest.GetChainAsync(cancellationToken);
            // Whether there are parts shows with the first block.
            await foreach (var _ in rest.ReadAsync([chain.Hash], cancellationToken))
            {
            }

            Choose(rest, rest.ServesParts == true ? "REST with parts of blocks" : "REST without parts of blocks (Bitcoin Core 31 has them)");
        }
        catch (BlockSourceException e) when (e.Fault == SourceFault.BadAnswer)
        {
            chain = await rpc.GetChainAsync(cancellationToken);
            Choose(rpc, "JSON-RPC and no REST (-rest=1 would save it and PoolWatch work)");
        }

        return chain;
    }

    private void Choose(IBlockSource source, string found)
    {
        (_chosen, _faulted) = (source, false);
        if (found != _found)
        {
            _found = found;
            Log.Found(logger, found, source.Name);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The node offers {Found}: reading by {Source}")]
        public static partial void Found(ILogger logger, string found, string source);

        [LoggerMessage(Level = LogLevel.Debug, Message = "The node no longer answers by {Source}: {Reason}")]
        public static partial void ChoosingAgain(ILogger logger, string source, string reason);
    }
}
