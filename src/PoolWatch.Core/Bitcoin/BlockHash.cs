using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PoolWatch.Core.Bitcoin;

/// <summary>A double SHA-256: of a block header (block hash), of a transaction without witness (txid) or of a Merkle node.</summary>
/// <remarks>
/// Bytes are kept in the order in which they are hashed and stored on disk ("internal order"). Text is the other way round,
/// as block explorers and RPC show it ("display order"), 64 lower-case hexadecimal digits.
/// </remarks>
public readonly struct BlockHash : IEquatable<BlockHash>
{
    /// <summary>Number of bytes: 32.</summary>
    public const int Size = 32;

    private readonly ulong _a, _b, _c, _d;

    private BlockHash(ReadOnlySpan<byte> internalOrder)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(internalOrder[..Size]);
        (_a, _b, _c, _d) = (words[0], words[1], words[2], words[3]);
    }

    /// <summary>The hash of which every bit is zero: previous hash of a genesis block, outpoint of a coinbase.</summary>
    public static BlockHash Zero => default;

    /// <summary>Takes 32 bytes in internal order.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static BlockHash FromBytes(ReadOnlySpan<byte> internalOrder) =>
        internalOrder.Length == Size
            ? new BlockHash(internalOrder)
            : throw new ArgumentException($"A block hash has {Size} bytes, not {internalOrder.Length}.", nameof(internalOrder));

    /// <summary>SHA-256 of the SHA-256 of <paramref name="data"/>.</summary>
    public static BlockHash Of(ReadOnlySpan<byte> data)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(data, digest);
        SHA256.HashData(digest, digest);
        return new BlockHash(digest);
    }

    /// <summary>Reads 64 hexadecimal digits in display order, of either case.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static BlockHash Parse(string displayHex) =>
        TryParse(displayHex, out var hash) ? hash : throw new FormatException("A block hash is written as 64 hexadecimal digits.");

    /// <summary>Reads 64 hexadecimal digits in display order, of either case; false for anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? displayHex, out BlockHash hash)
    {
        hash = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (displayHex?.Length != 2 * Size
            || Convert.FromHexString(displayHex, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        bytes.Reverse();
        hash = new BlockHash(bytes);
        return true;
    }

    /// <summary>Writes the 32 bytes in internal order.</summary>
    public void CopyTo(Span<byte> destination)
    {
        Span<ulong> words = [_a, _b, _c, _d];
        MemoryMarshal.AsBytes(words).CopyTo(destination);
    }

    /// <summary>The 32 bytes in internal order.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(BlockHash other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is BlockHash other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b);

    /// <summary>64 lower-case hexadecimal digits in display order.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        bytes.Reverse();
        return Convert.ToHexStringLower(bytes);
    }

    /// <summary>Same 32 bytes.</summary>
    public static bool operator ==(BlockHash left, BlockHash right) => left.Equals(right);

    /// <summary>Not the same 32 bytes.</summary>
    public static bool operator !=(BlockHash left, BlockHash right) => !left.Equals(right);
}
