using PoolWatch.Core.Inspection;
using PoolWatch.Core.Unknown;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>Unknown miners and shared payees of any window: out of memory where it is among the last blocks, else out of the database.</summary>
internal sealed class WindowInspection(Database database) : IDisposable
{
    /// <summary>A year.</summary>
    public const int LongestWindow = 52_560;

    private const int TimeoutSeconds = 15;

    /// <summary>What is read takes memory and a connection, so there is one at a time.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    /// <exception cref="ProblemException">The database holds other blocks than the snapshot, or is kept busy by others (503).</exception>
    public async Task<UnknownReport> FindUnknownAsync(Snapshot snapshot, BlockWindow window, CancellationToken cancellationToken)
    {
        if (window.Blocks == snapshot.Inspection.Blocks.Count && snapshot.Inspection.Covers(window))
        {
            var known = snapshot.Inspection;
            return new UnknownReport(known.Blocks.Count(BlockInspection.IsUnknown), known.Clusters, known.Suggestions);
        }

        List<UnknownBlock> unknown = [];
        await ForEachAsync(snapshot, window, b =>
        {
            if (BlockInspection.IsUnknown(b))
            {
                unknown.Add(new UnknownBlock(b.Height, b.Hash, b.Traces));
            }
        }, cancellationToken);
        var clusters = UnknownClusters.Find(unknown);
        var suggestions = new RuleSuggestions(clusters);
        if (clusters.Count > 0)
        {
            await ForEachAsync(snapshot, window, b =>
            {
                if (!BlockInspection.IsUnknown(b))
                {
                    suggestions.Check(b.Traces);
                }
            }, cancellationToken);
        }

        return new UnknownReport(unknown.Count, clusters, suggestions);
    }

    /// <exception cref="ProblemException">The database holds other blocks than the snapshot, or is kept busy by others (503).</exception>
    public async Task<IReadOnlyList<CustodyOverlap>> FindOverlapsAsync(Snapshot snapshot, BlockWindow window, CancellationToken cancellationToken)
    {
        var custody = new CustodyTally();
        await ForEachAsync(snapshot, window, b =>
        {
            if (!BlockInspection.IsUnknown(b))
            {
                custody.Add(b.Pool, b.Height, b.Traces);
            }
        }, cancellationToken);
        return custody.Find();
    }

    public void Dispose() => _reading.Dispose();

    private async Task ForEachAsync(Snapshot snapshot, BlockWindow window, Action<InspectedBlock> visit, CancellationToken cancellationToken)
    {
        if (snapshot.Inspection.Covers(window))
        {
            foreach (var block in snapshot.Inspection.Blocks.Where(b => b.Height >= window.FromHeight && b.Height <= window.ToHeight))
            {
                visit(block);
            }

            return;
        }

        if (!await _reading.WaitAsync(TimeSpan.FromSeconds(TimeoutSeconds), cancellationToken))
        {
            throw ProblemException.NotYet("Other requests read long windows at the moment.");
        }

        try
        {
            await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
            await BlockInspector.ReadAsync(connection, snapshot.Chain, (window.FromHeight, window.ToHeight), null, visit, TimeoutSeconds, cancellationToken);
        }
        catch (ChainReplacedException)
        {
            throw ProblemException.NotYet("The stored chain is being replaced.");
        }
        finally
        {
            _reading.Release();
        }
    }
}

/// <summary>The unknown blocks of a window.</summary>
/// <param name="Blocks">How many there are.</param>
/// <param name="Clusters">Those that seem to have one maker, two blocks or more each.</param>
/// <param name="Suggestions">Rules for the clusters.</param>
internal sealed record UnknownReport(int Blocks, IReadOnlyList<UnknownCluster> Clusters, RuleSuggestions Suggestions)
{
    /// <summary>Blocks that stand alone.</summary>
    public int SingleBlocks => Blocks - Clusters.Sum(c => c.Blocks.Count);
}
