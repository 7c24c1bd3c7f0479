using System.Data;
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

    /// <summary>What is read takes memory and a connection, so one question has its answer before the next begins to read.</summary>
    private readonly SemaphoreSlim _turn = new(1);

    /// <exception cref="ProblemException">The database holds other blocks than the snapshot, or is kept busy by others (503).</exception>
    public async Task<UnknownReport> FindUnknownAsync(Snapshot snapshot, BlockWindow window, CancellationToken cancellationToken)
    {
        if (IsKnown(snapshot, window))
        {
            var known = snapshot.Inspection;
            return new UnknownReport(known.Blocks.Count(BlockInspection.IsUnknown), known.Clusters, known.Suggestions);
        }

        return await AskAsync(snapshot, window, FindUnknownAsync, cancellationToken);
    }

    /// <exception cref="ProblemException">The database holds other blocks than the snapshot, or is kept busy by others (503).</exception>
    public async Task<IReadOnlyList<CustodyOverlap>> FindOverlapsAsync(Snapshot snapshot, BlockWindow window, CancellationToken cancellationToken) =>
        IsKnown(snapshot, window) ? snapshot.Inspection.Overlaps : await AskAsync(snapshot, window, FindOverlapsAsync, cancellationToken);

    public void Dispose() => _turn.Dispose();

    /// <summary>Whether the snapshot has the answers already.</summary>
    private static bool IsKnown(Snapshot snapshot, BlockWindow window) =>
        window.Blocks == snapshot.Inspection.Blocks.Count && snapshot.Inspection.Covers(window);

    private static async Task<UnknownReport> FindUnknownAsync(ForEachBlock forEach)
    {
        List<UnknownBlock> unknown = [];
        await forEach(b =>
        {
            if (BlockInspection.IsUnknown(b))
            {
                unknown.Add(new UnknownBlock(b.Height, b.Hash, b.Traces));
            }
        });
        var clusters = UnknownClusters.Find(unknown);
        var suggestions = new RuleSuggestions(clusters);
        if (clusters.Count > 0)
        {
            await forEach(b =>
            {
                if (!BlockInspection.IsUnknown(b))
                {
                    suggestions.Check(b.Traces);
                }
            });
        }

        return new UnknownReport(unknown.Count, clusters, suggestions);
    }

    private static async Task<IReadOnlyList<CustodyOverlap>> FindOverlapsAsync(ForEachBlock forEach)
    {
        var custody = new CustodyTally();
        await forEach(b =>
        {
            if (!BlockInspection.IsUnknown(b))
            {
                custody.Add(b.Pool, b.Height, b.Traces);
            }
        });
        return custody.Find();
    }

    private async Task<T> AskAsync<T>(Snapshot snapshot, BlockWindow window, Func<ForEachBlock, Task<T>> question, CancellationToken cancellationToken)
    {
        if (snapshot.Inspection.Covers(window))
        {
            var blocks = snapshot.Inspection.Blocks.Where(b => b.Height >= window.FromHeight && b.Height <= window.ToHeight).ToList();
            return await question(visit =>
            {
                blocks.ForEach(visit);
                return Task.CompletedTask;
            });
        }

        if (!await _turn.WaitAsync(TimeSpan.FromSeconds(TimeoutSeconds), cancellationToken))
        {
            throw ProblemException.NotYet("Other requests read long windows at the moment.");
        }

        try
        {
            return await ReadAsync(snapshot, window, question, cancellationToken);
        }
        catch (ChainReplacedException)
        {
            throw ProblemException.NotYet("The stored chain is being replaced.");
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<T> ReadAsync<T>(Snapshot snapshot, BlockWindow window, Func<ForEachBlock, Task<T>> question, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // The pools come from the snapshot, the coinbases from the database: both must be of one chain, each time the question reads it.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        if (await BlockStore.ReadChainAsync(connection, cancellationToken) != snapshot.Stored)
        {
            throw new ChainReplacedException();
        }

        return await question(visit => BlockInspector.ReadAsync(
            connection, snapshot.Chain, (window.FromHeight, window.ToHeight), null, visit, TimeoutSeconds, cancellationToken));
    }

    /// <summary>Shows each block of the window to a question, lowest first.</summary>
    private delegate Task ForEachBlock(Action<InspectedBlock> visit);
}

/// <summary>The unknown blocks of a window.</summary>
/// <param name="Blocks">How many there are.</param>
/// <param name="Clusters">Those that seem to have one maker, two blocks or more each.</param>
/// <param name="Suggestions">Rules for the clusters.</param>
internal sealed record UnknownReport(int Blocks, IReadOnlyList<UnknownCluster> Clusters, RuleSuggestions Suggestions)
{
    /// <summary>Blocks that stand alone.</summary>
    public int SingleBlocks => Blocks - Clusters.Sum(c => c.Blocks.Count);

    /// <summary>For each cluster its rank among the pools and the other clusters of the window.</summary>
    public IReadOnlyList<int> Rank(ChainView chain, BlockWindow window) =>
        UnknownRanking.Rank(Clusters, ShareDistribution.Of(chain, window).Entities.Select(e => e.Blocks));
}
