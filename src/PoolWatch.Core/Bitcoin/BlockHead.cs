namespace PoolWatch.Core.Bitcoin;

/// <summary>What PoolWatch reads of a block: its header, the number of its transactions and its coinbase transaction.</summary>
/// <param name="Header">The 80-byte header.</param>
/// <param name="TransactionCount">Number of transactions, coinbase included; at least 1. A block of 1 is an empty block.</param>
/// <param name="Coinbase">The first transaction.</param>
public sealed record BlockHead(BlockHeader Header, long TransactionCount, Coinbase Coinbase);

/// <summary>A block header (Bitcoin developer reference, "Block Headers").</summary>
/// <param name="Hash">Double SHA-256 of the 80 bytes.</param>
/// <param name="Version">Version, whose bits signal deployments (BIP 9); negative values occur.</param>
/// <param name="PreviousHash">Hash of the block before; <see cref="BlockHash.Zero"/> in a genesis block.</param>
/// <param name="MerkleRoot">Root over the txids of all transactions.</param>
/// <param name="Time">The miner's clock, Unix seconds; not monotonic from block to block.</param>
/// <param name="Bits">The claimed target in compact form.</param>
/// <param name="Nonce">What the miner varied last.</param>
public sealed record BlockHeader(
    BlockHash Hash, int Version, BlockHash PreviousHash, BlockHash MerkleRoot, uint Time, uint Bits, uint Nonce)
{
    /// <summary>Length of a serialized header: 80 bytes.</summary>
    public const int Size = 80;

    /// <summary>Decodes a serialized header.</summary>
    /// <exception cref="BlockFormatException">Not 80 bytes; of 80 bytes each value is possible.</exception>
    public static BlockHeader Decode(ReadOnlySpan<byte> header) => BlockDecoder.DecodeHeader(header);
}

/// <summary>A coinbase transaction without its witness.</summary>
/// <remarks>
/// The witness of a coinbase is a single reserved value (BIP 141) that no txid and no pool identification covers, so it is not kept.
/// What is kept is exactly what the txid hashes: <c>Txid == BlockHash.Of(Transaction)</c>.
/// </remarks>
public sealed class Coinbase
{
    internal Coinbase(byte[] transaction, BlockHash txid, Range scriptSig, IReadOnlyList<TxOut> outputs)
    {
        Transaction = transaction;
        Txid = txid;
        ScriptSig = Transaction[scriptSig];
        Outputs = outputs;
    }

    /// <summary>The transaction in serialized form, without marker, flag and witness; the bytes behind every evidence offset.</summary>
    public ReadOnlyMemory<byte> Transaction { get; }

    /// <summary>Transaction id. Not unique in the chain: 91722/91880 and 91812/91842 repeat a coinbase (BIP 30).</summary>
    public BlockHash Txid { get; }

    /// <summary>The 2 to 100 bytes that a miner may fill freely after the height (BIP 34): where pools leave their tags.</summary>
    public ReadOnlyMemory<byte> ScriptSig { get; }

    /// <summary>Outputs in their order; at least one. Their values add up to 21,000,000 × 10^8 satoshi at most.</summary>
    public IReadOnlyList<TxOut> Outputs { get; }

    /// <summary>Decodes a coinbase transaction that stands alone, as <see cref="Transaction"/> has it or in segwit form (BIP 144).</summary>
    /// <exception cref="BlockFormatException">The bytes are no coinbase, end too early, or go on after its end.</exception>
    public static Coinbase Decode(ReadOnlySpan<byte> transaction) => BlockDecoder.DecodeCoinbase(transaction);
}

/// <summary>A transaction output.</summary>
/// <param name="Value">Satoshi, 0 to 21,000,000 × 10^8.</param>
/// <param name="Script">The scriptPubKey.</param>
public readonly record struct TxOut(long Value, ReadOnlyMemory<byte> Script);
