using PoolWatch.PoolLists;
using PoolWatch.Storage;
using PoolWatch.Telemetry;

namespace PoolWatch.Sync;

/// <summary>Makes the stored chain equal to the node's, however they differ, and stops; the schedule calls it again.</summary>
internal sealed partial class ChainSync(
    IBlockSource source,
    Network network,
    int configuredFromHeight,
    string configuredAlgorithm,
    PoolList configuredList,
    BlockStore store,
    PoolListStore poolLists,
    PoolListChanges listChanges,
    SyncStatus status,
    OperationalMetrics metrics,
    TimeProvider time,
    ILogger<ChainSync> logger)
{
    /// <summary>New blocks up to this many are following, more is catching up.</summary>
    private const int FollowedBlocks = 6;

    /// <summary>A node may switch branches while it is read; one that never tells a consistent story is broken.</summary>
    private const int PassesWithoutProgress = 5;

    /// <summary>Fewer new rows are left to the database's own housekeeping.</summary>
    private const int BlocksWorthAnalyzing = 10_000;

    /// <summary>In a long catch-up the node's tip moves on meanwhile.</summary>
    private static readonly TimeSpan NodeAskedEvery = TimeSpan.FromSeconds(10);

    private readonly ForkPoint _forkPoint = new(source, store);
    private readonly BlockBatches _batches = new(time);
    private StoredPoolList? _list;
    private PoolAttributor? _attributor;

    /// <exception cref="SyncException">The chain can't be followed at the moment; the message says why.</exception>
    /// <exception cref="BlockSourceException">The node can't be used at the moment.</exception>
    /// <exception cref="InvalidBlockException">The node sent a block that can't be one.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CatchUp? catchUp = null;
        for (var idle = 0; idle < PassesWithoutProgress; idle++)
        {
            var node = await source.GetChainAsync(cancellationToken);
            status.NodeAnswered(node.Height);
            var stored = await OpenChainAsync(node, cancellationToken);
            var fork = await _forkPoint.FindAsync(stored, node.Height, cancellationToken);
            if (stored.Tip is { } tip && tip.Height == fork && tip.Hash == node.Hash)
            {
                await FinishAsync(catchUp ?? new CatchUp(fork, time), node, cancellationToken);
                return;
            }

            RefuseNodeBehind(stored, node, fork);
            catchUp ??= new CatchUp(fork, time);
            try
            {
                var after = await StoreBranchAsync(stored, fork, node, catchUp, cancellationToken);
                idle = after == stored ? idle : -1;
            }
            catch (ConcurrentWriterException e) when (e.OnlyListChanged && idle < PassesWithoutProgress - 1)
            {
                // These blocks were attributed by the former list; they are read again.
            }
        }

        throw new SyncException(SyncProblem.NodeBadAnswer, $"The node's answers don't fit together: it names a tip that its own blocks "
            + $"don't lead to, {PassesWithoutProgress} times. Check whether two nodes share this address.");
    }

    private async Task<StoredChain> OpenChainAsync(SourceChain node, CancellationToken cancellationToken)
    {
        if (node.Network != network.Name || (network.GenesisHash is not null && node.GenesisHash.ToString() != network.GenesisHash))
        {
            throw new SyncException(SyncProblem.NodeOtherNetwork,
                $"The node is on network '{node.Network}' with genesis {node.GenesisHash}, but PoolWatch:Network is '{network.Name}'. "
                    + "Point PoolWatch:Node:Url at another node, or set PoolWatch:Network.");
        }

        var stored = await store.GetChainAsync(cancellationToken) ?? await BeginAsync(node, cancellationToken);
        if (stored.Network != node.Network || stored.GenesisHash != node.GenesisHash)
        {
            throw new SyncException(SyncProblem.NodeOtherNetwork,
                $"This schema holds the chain of network '{stored.Network}' with genesis {stored.GenesisHash}, but the node's is "
                    + $"'{node.Network}' with genesis {node.GenesisHash}. Nothing is written. Give the other chain its own PoolWatch:Schema.");
        }

        if (stored.Tip is null && stored.FromHeight != FirstHeight(node))
        {
            // Before the first block is stored the beginning may still move: a pruned node goes on pruning, a setting is corrected.
            stored = await BeginAsync(node, cancellationToken);
        }

        if (stored.Evidence < BlockStore.Evidence)
        {
            Log.Refreshing(logger);
            var refreshed = await listChanges.RefreshEvidenceAsync(cancellationToken);
            Log.Refreshed(logger, refreshed);
            stored = (await store.GetChainAsync(cancellationToken))!;
        }

        if (_list?.Id != stored.PoolListId)
        {
            await LoadListAsync(stored, cancellationToken);
            WarnOfOtherBeginning(stored);
        }

        return stored;
    }

    private int FirstHeight(SourceChain node) => Math.Max(configuredFromHeight, node.LowestHeight);

    private async Task<StoredChain> BeginAsync(SourceChain node, CancellationToken cancellationToken)
    {
        var begun = await store.BeginChainAsync(network.Name, node.GenesisHash, FirstHeight(node), configuredAlgorithm, configuredList, cancellationToken);
        Log.Begun(logger, network.Name, begun.FromHeight);
        return begun;
    }

    private async Task LoadListAsync(StoredChain stored, CancellationToken cancellationToken)
    {
        _list = await poolLists.LoadAsync(stored.PoolListId, cancellationToken);
        _attributor = PoolAttributor.Create(_list.Algorithm, _list.List);
        if (_list.List.Version != configuredList.Version || _list.Algorithm != configuredAlgorithm)
        {
            Log.OtherList(logger, _list.List.Version, _list.Algorithm, configuredList.Version, configuredAlgorithm);
        }
    }

    private void WarnOfOtherBeginning(StoredChain stored)
    {
        if (configuredFromHeight > 0 && configuredFromHeight != stored.FromHeight)
        {
            Log.OtherFromHeight(logger, stored.FromHeight, configuredFromHeight);
        }
    }

    /// <summary>A node on our chain but below our tip, or still downloading another branch, says nothing new; what is stored stands.</summary>
    private static void RefuseNodeBehind(StoredChain stored, SourceChain node, int fork)
    {
        var storedHeight = stored.Tip?.Height ?? stored.FromHeight - 1;
        if (node.Height < stored.FromHeight)
        {
            throw new SyncException(SyncProblem.NodeBehind, $"The node is at height {node.Height} (headers: {node.HeadersHeight}); the "
                + $"first height to store is {stored.FromHeight}.");
        }

        if ((node.Height < storedHeight && fork == node.Height) || (node.Height <= storedHeight && IsDownloading(node)))
        {
            throw new SyncException(SyncProblem.NodeBehind,
                $"The node is at height {node.Height} (headers: {node.HeadersHeight}), behind the stored height {storedHeight}. The "
                    + "stored chain stands until the node has more.");
        }
    }

    /// <summary>Reading, proving, attributing and storing overlap: each is at another part of the branch.</summary>
    private async Task<StoredChain> StoreBranchAsync(
        StoredChain stored, int fork, SourceChain node, CatchUp catchUp, CancellationToken cancellationToken)
    {
        var context = await ContextAsync(stored, fork, node.LowestHeight, cancellationToken);
        var blocks = new BranchReader(source, network, _attributor!).ReadAsync(context, cancellationToken);
        var replacedHeight = stored.Tip is { } tip && tip.Height > fork ? tip.Height : 0;
        var asked = time.GetTimestamp();
        await foreach (var batch in _batches.ReadAheadAsync(blocks, replacedHeight, cancellationToken))
        {
            stored = await StoreBatchAsync(stored, batch, node, cancellationToken);
            if (time.GetElapsedTime(asked) >= NodeAskedEvery)
            {
                node = await source.GetChainAsync(cancellationToken);
                status.NodeAnswered(node.Height);
                asked = time.GetTimestamp();
            }

            ReportProgress(stored.Tip!.Height, node, catchUp);
        }

        return stored;
    }

    private async Task<StoredChain> StoreBatchAsync(
        StoredChain stored, IReadOnlyList<AttributedBlock> batch, SourceChain node, CancellationToken cancellationToken)
    {
        var kept = batch[0].Height - 1;
        var after = await store.AppendAsync(stored, kept, batch, _list!, cancellationToken);
        if (stored.Tip is { } tip && tip.Height > kept)
        {
            Log.Reorg(logger, tip.Height - kept, kept, tip.Hash, node.Hash, node.Height);
            metrics.Reorged(tip.Height - kept);
        }

        metrics.Stored(batch.Count);
        return after;
    }

    private async Task FinishAsync(CatchUp catchUp, SourceChain node, CancellationToken cancellationToken)
    {
        var blocks = node.Height - catchUp.FromHeight;
        if (blocks >= BlocksWorthAnalyzing)
        {
            await store.AnalyzeAsync(cancellationToken);
        }

        if (blocks > FollowedBlocks)
        {
            Log.CaughtUp(logger, node.Height, blocks, catchUp.Elapsed.TotalSeconds, blocks / catchUp.Elapsed.TotalSeconds);
        }

        if (IsDownloading(node))
        {
            // Equal to a node that is itself still downloading is not yet equal to the network.
            ReportProgress(node.Height, node, catchUp);
        }
        else
        {
            status.Following();
        }
    }

    private void ReportProgress(int height, SourceChain node, CatchUp catchUp)
    {
        var target = Math.Max(IsDownloading(node) ? node.HeadersHeight : node.Height, height);
        if (target - catchUp.FromHeight <= FollowedBlocks)
        {
            return;
        }

        var detail = IsDownloading(node) ? $"The node itself is still downloading the chain: it has {node.Height} blocks of "
            + $"{node.HeadersHeight}." : null;
        status.CatchingUp(catchUp.At(height, target), detail);
    }

    private static bool IsDownloading(SourceChain node) => node.InitialDownload && node.HeadersHeight > node.Height;

    /// <summary>The median of the next block reaches back over ten blocks; below the first stored height the node has them, if anybody.</summary>
    private async Task<BranchContext> ContextAsync(StoredChain stored, int fork, int lowestHeight, CancellationToken cancellationToken)
    {
        var first = Math.Max(fork - MedianTimePast.Span + 2, lowestHeight);
        var times = new List<uint>(MedianTimePast.Span);
        var unstored = Math.Min(stored.FromHeight, fork + 1) - first;
        if (unstored > 0)
        {
            var hashes = await source.GetHashesAsync(first, unstored, cancellationToken);
            await foreach (var head in source.ReadAsync(hashes, cancellationToken))
            {
                times.Add(head.Header.Time);
            }
        }

        var below = await store.GetTimesAsync(Math.Max(first, stored.FromHeight), fork, cancellationToken);
        times.AddRange(below.Select(t => t.Time));
        var parent = fork < 0 ? BlockHash.Zero : await store.GetActiveHashAsync(fork, cancellationToken);
        return new BranchContext(fork, parent, times, below.Count == 0 ? 0 : below[^1].MedianTime);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Empty schema: beginning the chain of network {Network} at height {FromHeight}")]
        public static partial void Begun(ILogger logger, string network, int fromHeight);

        [LoggerMessage(Level = LogLevel.Information, Message = "Caught up to height {Height}: {Blocks} blocks in {Seconds:0.0} s, {Rate:0} blocks/s")]
        public static partial void CaughtUp(ILogger logger, int height, int blocks, double seconds, double rate);

        [LoggerMessage(Level = LogLevel.Information, Message = "Reorg of depth {Depth} above height {KeptHeight}: {OldTip} is stale, "
            + "the branch of {NewTip} at height {NewHeight} replaces it")]
        public static partial void Reorg(ILogger logger, int depth, int keptHeight, BlockHash oldTip, BlockHash newTip, int newHeight);

        [LoggerMessage(Level = LogLevel.Information, Message = "This version stores more evidence of attributions: reading all stored coinbases again")]
        public static partial void Refreshing(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Evidence of {Blocks} blocks is up to date")]
        public static partial void Refreshed(ILogger logger, int blocks);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The database's pool list {Active} ({ActiveAlgorithm}) stays active; the configured one is {Configured} "
            + "({ConfiguredAlgorithm}). poolwatch pools diff shows what a change would do, pools apply makes it")]
        public static partial void OtherList(ILogger logger, string active, string activeAlgorithm, string configured, string configuredAlgorithm);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The stored chain begins at height {Stored}; PoolWatch:FromHeight "
            + "{Configured} has no effect on it")]
        public static partial void OtherFromHeight(ILogger logger, int stored, int configured);
    }
}

/// <summary>The chain can't be followed at the moment, for a reason that an operator can act on.</summary>
internal sealed class SyncException(SyncProblem problem, string message) : Exception(message)
{
    public SyncProblem Problem { get; } = problem;
}
