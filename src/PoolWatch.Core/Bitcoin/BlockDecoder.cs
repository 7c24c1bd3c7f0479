using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace PoolWatch.Core.Bitcoin;

/// <summary>Decodes the beginning of a serialized block: header, number of transactions, coinbase.</summary>
/// <remarks>
/// Of a block of a megabyte only the first few hundred bytes are needed. Those prove the header, not the coinbase: that is bound
/// only by the Merkle root over all transactions, except in a block of one transaction, where the root is the coinbase's txid.
/// Nothing is allocated before all fields have been checked against the bytes that are there, and nothing but the result then.
/// </remarks>
public static class BlockDecoder
{
    // No transaction has fewer than 60 bytes (10 of its own, 41 for an input, 9 for an output) and no block more than 4,000,000.
    private const int MaxTransactionCount = 4_000_000 / 60;

    /// <summary>Decodes a block of which <paramref name="prefix"/> holds at least the header, the transaction count and the coinbase.</summary>
    /// <param name="prefix">The block from its first byte; what follows the coinbase is not looked at.</param>
    /// <exception cref="BlockFormatException">The bytes are no block, or end within the coinbase.</exception>
    public static BlockHead Decode(ReadOnlySpan<byte> prefix) =>
        TryDecode(prefix, out var head, out var missing)
            ? head
            : throw new BlockFormatException($"The block ends too early: {missing} or more bytes are missing", prefix.Length);

    /// <summary>Decodes a block from as much of its beginning as was fetched, or says how much more to fetch.</summary>
    /// <param name="prefix">The block from its first byte; what follows the coinbase is not looked at.</param>
    /// <param name="head">The result; null when <paramref name="prefix"/> is too short.</param>
    /// <param name="missing">
    /// 0 with a result. Else at least 1: no valid block that starts with <paramref name="prefix"/> can be decoded from fewer bytes more.
    /// With that many more, the next call gets further; it may then ask again.
    /// </param>
    /// <returns>False when <paramref name="prefix"/> is right so far and too short.</returns>
    /// <exception cref="BlockFormatException">The bytes are no block.</exception>
    public static bool TryDecode(ReadOnlySpan<byte> prefix, [NotNullWhen(true)] out BlockHead? head, out int missing)
    {
        head = null;
        var reader = new ByteReader(prefix);
        if (!reader.TryTake(BlockHeader.Size, 1 + CoinbaseScan.MinSize, out var header)
            || !reader.TryTakeCompactSize(CoinbaseScan.MinSize, out var count))
        {
            missing = reader.Missing;
            return false;
        }

        if (count is 0 or > MaxTransactionCount)
        {
            throw new BlockFormatException($"A block has 1 to {MaxTransactionCount} transactions, not {count}", BlockHeader.Size);
        }

        var scan = new CoinbaseScan(prefix, reader);
        if (!scan.TryRun())
        {
            missing = scan.Missing;
            return false;
        }

        missing = 0;
        head = new BlockHead(DecodeHeader(header), (long)count, scan.ToCoinbase());
        return true;
    }

    internal static BlockHeader DecodeHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length == BlockHeader.Size
            ? new BlockHeader(
                BlockHash.Of(bytes),
                BinaryPrimitives.ReadInt32LittleEndian(bytes),
                BlockHash.FromBytes(bytes[4..36]),
                BlockHash.FromBytes(bytes[36..68]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[68..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[72..]),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes[76..]))
            : throw new BlockFormatException(
                $"A block header has {BlockHeader.Size} bytes, not {bytes.Length}", Math.Min(bytes.Length, BlockHeader.Size));

    internal static Coinbase DecodeCoinbase(ReadOnlySpan<byte> transaction)
    {
        var scan = new CoinbaseScan(transaction, new ByteReader(transaction));
        if (!scan.TryRun())
        {
            throw new BlockFormatException($"The transaction ends too early: {scan.Missing} or more bytes are missing", transaction.Length);
        }

        return scan.Position == transaction.Length
            ? scan.ToCoinbase()
            : throw new BlockFormatException("Bytes follow the transaction", scan.Position);
    }
}
