using System.Buffers.Binary;

namespace PoolWatch.Core.Bitcoin;

/// <summary>Whether a header's hash shows the work that the header claims.</summary>
public static class ProofOfWork
{
    private const int Size = BlockHash.Size;

    /// <summary>True when the hash, as a little-endian number, is at most the header's target.</summary>
    /// <param name="header">The header; that its hash is that of its bytes is for who decoded it.</param>
    /// <param name="network">Its <see cref="Network.ProofOfWorkLimit"/> is the easiest target.</param>
    /// <returns>
    /// False when the hash is above the target, and when the target is zero, negative, longer than 256 bits or easier than the limit.
    /// Whether it is the target that the retarget rules give at this height is not checked.
    /// </returns>
    public static bool IsMet(BlockHeader header, Network network)
    {
        Span<byte> target = stackalloc byte[Size];
        Span<byte> limit = stackalloc byte[Size];
        if (!TryExpand(header.Bits, target) || !TryExpand(network.ProofOfWorkLimit, limit) || target.SequenceCompareTo(limit) > 0)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[Size];
        header.Hash.CopyTo(hash);
        hash.Reverse();
        return hash.SequenceCompareTo(target) <= 0;
    }

    // Compact form: the first byte is the number's length in bytes, the other three are its leading ones, the highest bit a sign.
    private static bool TryExpand(uint compact, Span<byte> bigEndian)
    {
        const uint sign = 0x80_0000;
        bigEndian.Clear();
        Span<byte> leading = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(leading, compact & (sign - 1));
        var length = (int)(compact >> 24);
        var zero = true;
        for (var i = 0; i < 3; i++)
        {
            // Where the length is below 3 the last bytes fall away; where it is above 32, only zeros may stand before the number.
            var place = Size - length + i;
            var value = leading[i + 1];
            if (value == 0 || place >= Size)
            {
                continue;
            }

            if (place < 0)
            {
                return false;
            }

            bigEndian[place] = value;
            zero = false;
        }

        return !zero && (compact & sign) == 0;
    }
}
