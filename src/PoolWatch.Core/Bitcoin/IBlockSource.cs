namespace PoolWatch.Core.Bitcoin;

/// <summary>Where blocks are read from: the user's own node, or the bundled sample chain.</summary>
/// <remarks>
/// A source answers about the <b>active</b> chain of its node at the time of the call; it checks nothing and keeps nothing.
/// Whoever reads checks hashes, linkage and proof of work, because two calls may see two different tips.
/// Calls may overlap: hashes are asked for while heads are read.
/// </remarks>
public interface IBlockSource
{
    /// <summary>The name used in settings, metrics and status: <c>rest</c>, <c>rpc</c>, <c>nbitcoin</c>, <c>sample</c>.</summary>
    string Name { get; }

    /// <summary>The node's view of its chain now.</summary>
    /// <exception cref="BlockSourceException">The node can't be used at the moment; <see cref="BlockSourceException.Fault"/> says why.</exception>
    Task<SourceChain> GetChainAsync(CancellationToken cancellationToken);

    /// <summary>Hashes of the active chain at <paramref name="fromHeight"/> and above, in height order.</summary>
    /// <returns>At most <paramref name="count"/> hashes; fewer, or none, where the chain ends before.</returns>
    /// <exception cref="BlockSourceException">As for <see cref="GetChainAsync"/>.</exception>
    Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken);

    /// <summary>Heads of the named blocks, one for each hash and in that order; stale blocks included where the node still has them.</summary>
    /// <exception cref="BlockSourceException">As for <see cref="GetChainAsync"/>, or the node does not have one of the blocks.</exception>
    /// <exception cref="BlockFormatException">The node sent bytes that are no block.</exception>
    IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, CancellationToken cancellationToken);
}

/// <summary>A node's view of its chain at one moment.</summary>
/// <param name="Network">The name the node gives its network, in PoolWatch's spelling (<see cref="Network.Name"/>).</param>
/// <param name="GenesisHash">Hash of the block at height 0 (of <paramref name="LowestHeight"/> for the sample chain, which has no genesis).</param>
/// <param name="LowestHeight">The lowest height whose whole block can be read: above 0 on a pruned node and on the sample chain.</param>
/// <param name="Height">Height of the tip of the active chain.</param>
/// <param name="Hash">Hash of that tip.</param>
/// <param name="HeadersHeight">Height of the best header known; above <paramref name="Height"/> while the node itself catches up.</param>
/// <param name="InitialDownload">The node says that it is still in its initial block download.</param>
public sealed record SourceChain(
    string Network, BlockHash GenesisHash, int LowestHeight, int Height, BlockHash Hash, int HeadersHeight, bool InitialDownload);

/// <summary>Why a source can't be used at the moment.</summary>
public enum SourceFault
{
    /// <summary>Nothing answers at the address, the connection broke, or no answer came in time.</summary>
    Unreachable,

    /// <summary>The node is still starting (RPC error -28).</summary>
    WarmingUp,

    /// <summary>The node refuses the user and password or the cookie (HTTP 401 or 403), or the cookie can't be read.</summary>
    Unauthorized,

    /// <summary>The node does not have a block that was asked for: pruned, or replaced meanwhile.</summary>
    BlockMissing,

    /// <summary>The node answered with something that is not the protocol: no JSON, another error, missing fields.</summary>
    BadAnswer,
}

/// <summary>The source can't be used at the moment; the message says what to do and holds no secret.</summary>
public sealed class BlockSourceException(SourceFault fault, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The node does not have a block: <see cref="SourceFault.BlockMissing"/>.</summary>
    /// <param name="block">Hash of the block, in display order.</param>
    /// <param name="why">The node's own words.</param>
    public static BlockSourceException Missing(string block, string? why) => new(
        SourceFault.BlockMissing, $"The node does not have block {block}: {why}. It was replaced meanwhile, or is pruned, or its file is damaged. If this stays, "
            + "let the node download it again, or begin a new PoolWatch:Schema above it with PoolWatch:FromHeight.");

    /// <summary>What kind of trouble it is.</summary>
    public SourceFault Fault { get; } = fault;
}
