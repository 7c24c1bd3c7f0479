using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PoolWatch.Storage;

namespace PoolWatch.Sync;

/// <summary>
/// Gathers blocks into batches, one for each transaction, and reads on while the last batch is stored. Never more than a few batches are in
/// memory, however long the chain: a reader that is faster than the database waits.
/// </summary>
internal sealed class BlockBatches(TimeProvider time)
{
    private const int BlocksPerBatch = 1_000;
    private const int BatchesAhead = 2;

    /// <summary>The longest branch that replaces another in one transaction.</summary>
    private const int MostReplaced = 10_000;

    /// <summary>Of a slow node, what is read is stored, seen and safe after this time.</summary>
    private static readonly TimeSpan OldestBlock = TimeSpan.FromSeconds(1);

    /// <param name="blocks">A branch in height order.</param>
    /// <param name="replacedHeight">The tip that the branch replaces; the first batch goes beyond it, so that the switch is one transaction. 0 for none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <remarks>
    /// Where <paramref name="blocks"/> fails, what was read before comes first, unless that would be half of a switch; then the failure comes.
    /// </remarks>
    public async IAsyncEnumerable<IReadOnlyList<AttributedBlock>> ReadAheadAsync(
        IAsyncEnumerable<AttributedBlock> blocks, int replacedHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = Channel.CreateBounded<IReadOnlyList<AttributedBlock>>(BatchesAhead);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = FillAsync(batches.Writer, blocks, replacedHeight, abandoned.Token);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            await reading;
        }
    }

    /// <summary>Every failure goes through the channel to whoever reads it.</summary>
    private async Task FillAsync(
        ChannelWriter<IReadOnlyList<AttributedBlock>> batches, IAsyncEnumerable<AttributedBlock> blocks, int replacedHeight, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(batches, blocks, replacedHeight, cancellationToken);
            batches.Complete();
        }
        catch (Exception e)
        {
            batches.Complete(e);
        }
    }

    private async Task WriteAsync(
        ChannelWriter<IReadOnlyList<AttributedBlock>> batches, IAsyncEnumerable<AttributedBlock> blocks, int replacedHeight, CancellationToken cancellationToken)
    {
        var (batch, begun) = (new List<AttributedBlock>(BlocksPerBatch), time.GetTimestamp());
        try
        {
            await foreach (var block in blocks.WithCancellation(cancellationToken))
            {
                begun = batch.Count == 0 ? time.GetTimestamp() : begun;
                batch.Add(block);
                if (IsComplete(batch, replacedHeight, begun))
                {
                    await batches.WriteAsync(batch, cancellationToken);
                    batch = new List<AttributedBlock>(BlocksPerBatch);
                }
            }
        }
        catch (Exception) when (batch.Count > 0 && batch[^1].Height > replacedHeight)
        {
            await batches.WriteAsync(batch, cancellationToken);
            throw;
        }

        if (batch.Count > 0)
        {
            await batches.WriteAsync(batch, cancellationToken);
        }
    }

    private bool IsComplete(List<AttributedBlock> batch, int replacedHeight, long begun) =>
        batch[^1].Height <= replacedHeight ? batch.Count == MostReplaced
        : batch.Count >= BlocksPerBatch || time.GetElapsedTime(begun) >= OldestBlock;
}
