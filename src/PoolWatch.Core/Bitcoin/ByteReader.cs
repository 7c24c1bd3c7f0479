using System.Buffers.Binary;

namespace PoolWatch.Core.Bitcoin;

/// <summary>Walks over the beginning of a serialized block and says how many bytes lack where the beginning is too short.</summary>
/// <remarks>
/// Each <c>TryTake</c> is given the least number of bytes that the format demands after the element, so that
/// <see cref="Missing"/> asks for as much as is certain and not only for the next field.
/// </remarks>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int Position { get; private set; }

    public int Missing { get; private set; }

    public bool TryTake(int count, int atLeastAfter, out ReadOnlySpan<byte> taken)
    {
        if (_bytes.Length - Position < count)
        {
            Missing = Position + count + atLeastAfter - _bytes.Length;
            taken = default;
            return false;
        }

        taken = _bytes.Slice(Position, count);
        Position += count;
        return true;
    }

    /// <summary>A count or length of 1, 3, 5 or 9 bytes; only the shortest form of a number is right (Bitcoin developer reference, "CompactSize").</summary>
    public bool TryTakeCompactSize(int atLeastAfter, out ulong value)
    {
        value = 0;
        var start = Position;
        if (!TryTake(1, atLeastAfter, out var first))
        {
            return false;
        }

        var width = first[0] switch { 0xfd => 2, 0xfe => 4, 0xff => 8, _ => 0 };
        if (width == 0)
        {
            value = first[0];
            return true;
        }

        if (!TryTake(width, atLeastAfter, out var number))
        {
            return false;
        }

        (value, var least) = width switch
        {
            2 => (BinaryPrimitives.ReadUInt16LittleEndian(number), 0xfdUL),
            4 => (BinaryPrimitives.ReadUInt32LittleEndian(number), 0x1_0000UL),
            _ => (BinaryPrimitives.ReadUInt64LittleEndian(number), 0x1_0000_0000UL),
        };
        return value >= least
            ? true
            : throw new BlockFormatException($"The number {value} is written in {width + 1} bytes, which is not its shortest form", start);
    }
}
