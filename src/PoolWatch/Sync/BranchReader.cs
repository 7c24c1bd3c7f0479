using System.Runtime.CompilerServices;
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
    /// <param name="hashes">The branch as the node listed it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="InvalidBlockException">The node sent a block that can't be part of any chain of this network.</exception>
    public async IAsyncEnumerable<AttributedBlock> ReadAsync(
        BranchContext context, IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var times = new List<uint>(context.Times);
        var (parent, median, read) = (context.Parent, context.MedianTime, 0);
        await foreach (var head in source.ReadAsync(hashes, cancellationToken))
        {
            var height = context.ForkHeight + 1 + read;
            Check(head, hashes[read], height);
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
            median = Math.Max(median, MedianTimePast.Of([.. times]));
            yield return new AttributedBlock(head, height, median, attributor.Attribute(head.Coinbase, height));
            parent = head.Header.Hash;
            read++;
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
            throw new InvalidBlockException($"The node sent block {asked} for height {height}, but {fault}.");
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
internal sealed class InvalidBlockException(string message) : Exception(message);
