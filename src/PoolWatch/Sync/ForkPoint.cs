using PoolWatch.Storage;

namespace PoolWatch.Sync;

/// <summary>Finds where the stored chain and the node's chain part.</summary>
internal sealed class ForkPoint(IBlockSource source, BlockStore store)
{
    /// <returns>The highest height at which both chains have the same block; <c>FromHeight − 1</c> where there is none.</returns>
    public async Task<int> FindAsync(StoredChain stored, int nodeHeight, CancellationToken cancellationToken)
    {
        var highest = Math.Min(stored.Tip?.Height ?? stored.FromHeight - 1, nodeHeight);
        var (shared, parted) = (highest, highest + 1);
        for (var step = 1; shared >= stored.FromHeight && !await IsSharedAsync(shared, cancellationToken); step *= 2)
        {
            parted = shared;
            shared = Math.Max(shared - step, stored.FromHeight - 1);
        }

        while (parted - shared > 1)
        {
            var middle = shared + ((parted - shared) / 2);
            if (await IsSharedAsync(middle, cancellationToken))
            {
                shared = middle;
            }
            else
            {
                parted = middle;
            }
        }

        return shared;
    }

    private async Task<bool> IsSharedAsync(int height, CancellationToken cancellationToken)
    {
        var theirs = await source.GetHashesAsync(height, 1, cancellationToken);
        return theirs.Count == 1 && theirs[0] == await store.GetActiveHashAsync(height, cancellationToken);
    }
}
