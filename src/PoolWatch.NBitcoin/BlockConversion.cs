using System.Buffers.Binary;
using NBitcoin;
using PoolWatch.Core.Bitcoin;
using BlockHeader = PoolWatch.Core.Bitcoin.BlockHeader;

namespace PoolWatch.NBitcoin;

/// <summary>Parses a whole block with NBitcoin and keeps what PoolWatch reads of it.</summary>
internal static class BlockConversion
{
    private const int BitsOffset = 72;

    /// <summary>Parses a serialized block and checks that its header stands for its transactions.</summary>
    /// <exception cref="BlockFormatException">The bytes are no block, go on after its end, or do not have the header's Merkle root.</exception>
    public static BlockHead Decode(byte[] bytes, ConsensusFactory factory)
    {
        var block = Parse(bytes, factory);
        if (block.Transactions.Count == 0)
        {
            throw new BlockFormatException("A block has at least one transaction", BlockHeader.Size);
        }

        if (!block.CheckMerkleRoot())
        {
            throw new BlockFormatException("The header's Merkle root is not that of the transactions", 4 + BlockHash.Size);
        }

        var coinbase = Coinbase.Decode(block.Transactions[0].WithOptions(TransactionOptions.None).ToBytes());
        return new BlockHead(Convert(block.Header), block.Transactions.Count, coinbase);
    }

    private static Block Parse(byte[] bytes, ConsensusFactory factory)
    {
        var block = factory.CreateBlock();
        using var input = new MemoryStream(bytes);
        try
        {
            block.ReadWrite(new BitcoinStream(input, serializing: false) { ConsensusFactory = factory });
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new BlockFormatException($"NBitcoin can't read the block: {e.Message}", (int)input.Position);
        }

        return input.Position == bytes.Length ? block : throw new BlockFormatException("Bytes follow the block", (int)input.Position);
    }

    private static BlockHeader Convert(global::NBitcoin.BlockHeader header) => new(
        Convert(header.GetHash()),
        header.Version,
        Convert(header.HashPrevBlock),
        Convert(header.HashMerkleRoot),
        checked((uint)header.BlockTime.ToUnixTimeSeconds()),
        // Target writes an unusual compact number in another way than the header has it.
        BinaryPrimitives.ReadUInt32LittleEndian(header.ToBytes().AsSpan(BitsOffset)),
        header.Nonce);

    private static BlockHash Convert(uint256 hash) => BlockHash.FromBytes(hash.ToBytes());
}
