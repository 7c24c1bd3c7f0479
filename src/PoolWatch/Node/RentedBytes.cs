using System.Buffers;

namespace PoolWatch.Node;

/// <summary>Bytes of an answer in a buffer that is rented and grows, so that a long catch-up leaves no garbage behind.</summary>
/// <remarks>A reader that fails need not dispose of it: what is not given back is collected.</remarks>
internal sealed class RentedBytes(int capacity) : IDisposable
{
    private const int ReadAtOnce = 64 << 10;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Reads at least so many bytes more, and up to as many as may come with them.</summary>
    /// <returns>How many were read; fewer than <paramref name="atLeast"/> at the end of the stream.</returns>
    public async ValueTask<int> AddAsync(Stream stream, int atLeast, int most, CancellationToken cancellationToken)
    {
        most = Math.Max(atLeast, most);
        MakeRoom(most);
        var read = await stream.ReadAtLeastAsync(_buffer.AsMemory(Length, most), atLeast, throwOnEndOfStream: false, cancellationToken);
        Length += read;
        return read;
    }

    /// <summary>Reads to the end of the stream, or until there are more bytes than there may be.</summary>
    /// <returns>Whether the end was reached.</returns>
    public async Task<bool> AddAllAsync(Stream stream, long most, CancellationToken cancellationToken)
    {
        while (Length <= most)
        {
            // As long as there is room nothing is copied.
            var room = _buffer.Length - Length;
            if (await AddAsync(stream, 1, room > 0 ? room : ReadAtOnce, cancellationToken) == 0)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, Length) = ([], 0);
        }
    }

    private void MakeRoom(int more)
    {
        if (_buffer.Length - Length < more)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + more, 2 * Length));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
