namespace PoolWatch.Core.Concentration;

/// <summary>What the read model keeps of one block of the active chain.</summary>
/// <param name="Time">The header's time, Unix seconds; not monotonic from block to block.</param>
/// <param name="MedianTimePast">
/// Median of the times of the block and the ten before it, Unix seconds; never decreases along a chain (BIP 113).
/// </param>
/// <param name="Pool">Index of the pool that the block is attributed to, or <see cref="ChainView.UnknownPool"/>.</param>
public readonly record struct ChainEntry(uint Time, uint MedianTimePast, ushort Pool);
