using System.Runtime.CompilerServices;

namespace PoolWatch.Sync;

/// <summary>Lists a branch from a height on, always one page ahead of its reader, so that reading never waits for a list.</summary>
internal static class BranchHashes
{
    private const int PerPage = 10_000;

    /// <returns>Pages of hashes in height order, until the node has no more. A later page may be of another branch: the node can switch between two.</returns>
    public static async IAsyncEnumerable<IReadOnlyList<BlockHash>> ReadAsync(
        IBlockSource source, int fromHeight, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var next = source.GetHashesAsync(fromHeight, PerPage, abandoned.Token);
        try
        {
            while (await next is { Count: > 0 } page)
            {
                fromHeight += page.Count;
                next = page.Count < PerPage
                    ? Task.FromResult<IReadOnlyList<BlockHash>>([])
                    : source.GetHashesAsync(fromHeight, PerPage, abandoned.Token);
                yield return page;
            }
        }
        finally
        {
            // A reader that leaves early has no use for the page that is on its way, nor for what became of it.
            await abandoned.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }
}
