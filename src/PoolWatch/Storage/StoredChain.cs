namespace PoolWatch.Storage;

/// <summary>The row of table <c>chain</c>: which chain the schema holds and how far.</summary>
/// <param name="Network">Name of the network (<see cref="Network.Name"/>).</param>
/// <param name="GenesisHash">What tells one chain from another, whatever its name.</param>
/// <param name="FromHeight">First stored height.</param>
/// <param name="PoolListId">The active pool list version.</param>
/// <param name="Revision">Grows by one with every change of blocks or attributions.</param>
/// <param name="Evidence">How much is stored of each attribution (<see cref="BlockStore.Evidence"/>).</param>
/// <param name="Tip">The highest active block; null before the first.</param>
internal sealed record StoredChain(string Network, BlockHash GenesisHash, int FromHeight, short PoolListId, long Revision, short Evidence, ChainTip? Tip);

internal sealed record ChainTip(int Height, BlockHash Hash);

/// <summary>A block ready to be stored.</summary>
/// <param name="Head">What was read.</param>
/// <param name="Height">Its height on the active chain.</param>
/// <param name="MedianTime">Median of its own time and the ten before it, Unix seconds.</param>
/// <param name="Attribution">Who mined it, and why we think so.</param>
internal sealed record AttributedBlock(BlockHead Head, int Height, uint MedianTime, Attribution Attribution);
