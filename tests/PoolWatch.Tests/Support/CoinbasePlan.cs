namespace PoolWatch.Tests.Support;

/// <summary>An output of a coinbase, in satoshi.</summary>
public sealed record CoinbaseOutput(long Value, byte[] ScriptPubKey);

/// <summary>What a block to mine shall say.</summary>
/// <param name="Time">The header's time; must be above the median of the eleven blocks before.</param>
/// <param name="ScriptSigTail">What follows the height in the coinbase's script, at most 96 bytes.</param>
/// <param name="Outputs">None: the whole subsidy to a script that everybody can spend.</param>
public sealed record CoinbasePlan(uint Time, byte[] ScriptSigTail, IReadOnlyList<CoinbaseOutput>? Outputs = null);

/// <summary>A block that was mined.</summary>
/// <param name="Hash">In display order.</param>
/// <param name="Height">Its height in its own branch.</param>
/// <param name="Header">The 80 bytes.</param>
/// <param name="Coinbase">The coinbase transaction, the only one of the block.</param>
public sealed record MinedBlock(string Hash, int Height, byte[] Header, byte[] Coinbase)
{
    /// <summary>The block as a node sends it.</summary>
    public byte[] Bytes => [.. Header, 1, .. Coinbase];
}
