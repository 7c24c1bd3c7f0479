using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PoolWatch.Storage;

namespace PoolWatch.Sync;

/// <summary>Reads a branch block by block, proves each header, and says who mined it.</summary>
internal sealed class BranchReader(IBlockSource source, Network network, PoolAttributor attributor)
{
    /// <summary>
    /// Blocks in order, each checked: its bytes hash to the hash that was asked for, it builds on the block before, its proof of work holds, and
    /// where the coinbase is the only transaction, the Merkle root proves it. Ends early where the branch stops linking: the node switched meanwhile.
    /// </summary>
    /// <param name="context">What lies below the first block.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidBlockException">The node sent a block that can't be part of any chain of this network.</exception>
    public async IAsyncEnumerable<AttributedBlock> ReadAsync(BranchContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var times = new List<uint>(context.Times);
        var (parent, median, height) = (context.Parent, context.MedianTime, context.ForkHeight);
        await foreach (var (hash, head) in HeadsAsync(context.ForkHeight + 1, cancellationToken))
        {
            Check(head, hash, ++height);
            if (parent is { } expected && head.Header.PreviousHash != expected)
            {
                yield break;
            }

            times.Add(head.Header.Time);
            if (times.Count > MedianTimePast.Span)
            {
                times.RemoveAt(0);
            }

            // It never falls, but where nothing is known below the first stored height the median of fewer times could.
            median = Math.Max(median, MedianTimePast.Of(CollectionsMarshal.AsSpan(times)));
            yield return new AttributedBlock(head, height, median, attributor.Attribute(head.Coinbase, height));
            parent = head.Header.Hash;
        }
    }

    private async IAsyncEnumerable<(BlockHash Asked, BlockHead Head)> HeadsAsync(int fromHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var hashes in BranchHashes.ReadAsync(source, fromHeight, cancellationToken))
        {
            await using var heads = source.ReadAsync(hashes, cancellationToken).GetAsyncEnumerator(cancellationToken);
            foreach (var hash in hashes)
            {
                if (!await MoveNextAsync(heads, hash, fromHeight++))
                {
                    yield break;
                }

                yield return (hash, heads.Current);
            }
        }
    }

    private static async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<BlockHead> heads, BlockHash asked, int height)
    {
        try
        {
            return await heads.MoveNextAsync();
        }
        catch (BlockFormatException e)
        {
            throw new InvalidBlockException($"The node sent block {asked} for height {height}, but it can't be read: {e.Message}. "
                + "Nothing of it is stored. Check the node's disk and version.", e);
        }
    }

    private void Check(BlockHead head, BlockHash asked, int height)
    {
        var header = head.Header;
        var fault = header.Hash != asked ? $"its bytes hash to {header.Hash}"
            : !ProofOfWork.IsMet(header, network) ? $"its proof of work does not meet the rules of {network.Name}"
            : head.TransactionCount == 1 && head.Coinbase.Txid != header.MerkleRoot ? "its Merkle root is not that of its only transaction"
            : null;
        if (fault is not null)
        {
            throw new InvalidBlockException($"The node sent block {asked} for height {height}, but {fault}. Nothing of it is stored. Check the node's disk and version, and that only one node has this address.");
        }
    }
}

/// <summary>What a new branch grows out of.</summary>
/// <param name="ForkHeight">Height of the block that it builds on.</param>
/// <param name="Parent">Hash of that block; null where it is not known.</param>
/// <param name="Times">Header times of up to ten blocks up to the fork, oldest first.</param>
/// <param name="MedianTime">Median time past of the block at the fork; 0 where it is not stored.</param>
internal sealed record BranchContext(int ForkHeight, BlockHash? Parent, IReadOnlyList<uint> Times, uint MedianTime);

/// <summary>The node sent bytes that can't be a block of this network's chain: it is broken, or not the node it should be.</summary>
internal sealed class InvalidBlockException(string message, Exception? cause = null) : Exception(message, cause);
