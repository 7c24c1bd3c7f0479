using System.Globalization;
using System.Text;

namespace PoolWatch.History;

/// <summary>Text on its way into a stream, a buffer at a time, without a string for each number.</summary>
internal sealed class Utf8Text(Stream stream)
{
    private const int Size = 1 << 16;
    private const int LongestNumber = 64;
    private readonly byte[] _buffer = new byte[Size];
    private int _used;

    public Utf8Text Add(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > Size - _used)
        {
            Flush();
        }

        if (utf8.Length > Size)
        {
            stream.Write(utf8);
            return this;
        }

        utf8.CopyTo(_buffer.AsSpan(_used));
        _used += utf8.Length;
        return this;
    }

    public Utf8Text Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    public Utf8Text Add(long number) => AddNumber(number, "");

    /// <summary>The shortest digits that give the same number back.</summary>
    public Utf8Text Add(double number) => AddNumber(number, "R");

    public void Flush()
    {
        stream.Write(_buffer.AsSpan(0, _used));
        _used = 0;
    }

    private Utf8Text AddNumber<T>(T value, ReadOnlySpan<char> format)
        where T : IUtf8SpanFormattable
    {
        if (Size - _used < LongestNumber)
        {
            Flush();
        }

        value.TryFormat(_buffer.AsSpan(_used), out var written, format, CultureInfo.InvariantCulture);
        _used += written;
        return this;
    }
}
