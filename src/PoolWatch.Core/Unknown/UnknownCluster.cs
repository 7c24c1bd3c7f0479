using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;

namespace PoolWatch.Core.Unknown;

/// <summary>A block that no rule attributes.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Traces">What its coinbase says.</param>
public sealed record UnknownBlock(int Height, BlockHash Hash, CoinbaseTraces Traces);

/// <summary>Blocks without a pool that seem to have one maker. A guess for people to check, not a judgement: it never attributes a block.</summary>
public sealed record UnknownCluster
{
    /// <summary>Pseudonym: <c>unknown-</c> and eight hexadecimal digits.</summary>
    /// <remarks>
    /// Made of the trace that holds the blocks together: of their shape; else of the text that most of them share; else of the payout script with
    /// the smallest hash. So it stays while that trace stays, whatever other blocks come and go. It changes when a stronger kind of trace
    /// appears, when another text overtakes, when the payout script leaves the window or one with a smaller hash joins, and when two clusters
    /// turn out to be one.
    /// </remarks>
    public required string Id { get; init; }

    /// <summary>The blocks, lowest first; two at least.</summary>
    public required IReadOnlyList<UnknownBlock> Blocks { get; init; }

    /// <summary>Height of the first block.</summary>
    public int FirstHeight => Blocks[0].Height;

    /// <summary>Height of the last block.</summary>
    public int LastHeight => Blocks[^1].Height;

    /// <summary>Form of a text that is another in every block, as <c>://&lt;uuid v4&gt;</c>; null for none.</summary>
    public required SharedTrace? Shape { get; init; }

    /// <summary>Longest text in printable ASCII around the six bytes that most blocks share; null for none.</summary>
    public required SharedTrace? Text { get; init; }

    /// <summary>The most frequent layout of the outputs (<see cref="CoinbaseTraces.Structure"/>). It supports, it never joins.</summary>
    public required SharedTrace Structure { get; init; }

    /// <summary>Scripts that are paid, the most frequent first.</summary>
    public required IReadOnlyList<ClusterPayout> Payouts { get; init; }
}

/// <summary>A text and the number of blocks of a cluster that have it.</summary>
public sealed record SharedTrace(string Text, int Blocks);

/// <summary>A script that blocks of a cluster pay at least a hundredth of their value.</summary>
/// <param name="Script">The output script.</param>
/// <param name="Blocks">Blocks that pay it.</param>
/// <param name="MajorityBlocks">Blocks that pay it more than half of their value.</param>
public sealed record ClusterPayout(ReadOnlyMemory<byte> Script, int Blocks, int MajorityBlocks);
