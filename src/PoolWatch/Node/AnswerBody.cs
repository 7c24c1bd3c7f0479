using System.Buffers;

namespace PoolWatch.Node;

/// <summary>The bytes of an answer in a buffer that is rented, so that a long catch-up leaves no garbage behind.</summary>
internal sealed class AnswerBody : IDisposable
{
    private const int FirstBytes = 64 << 10;
    private byte[] _buffer;
    private int _length;

    private AnswerBody(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <returns>Null where the answer has more than <paramref name="mostBytes"/>, or says so.</returns>
    public static async Task<AnswerBody?> ReadAsync(HttpContent content, long mostBytes, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > mostBytes)
        {
            return null;
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        // One byte more than there should be shows the end of the answer without another buffer.
        var body = new AnswerBody((int)(content.Headers.ContentLength ?? FirstBytes) + 1);
        try
        {
            while (await stream.ReadAsync(body._buffer.AsMemory(body._length), cancellationToken) is > 0 and var read)
            {
                body._length += read;
                if (body._length > mostBytes)
                {
                    body.Dispose();
                    return null;
                }

                body.MakeRoom();
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            (_buffer, _length) = ([], 0);
        }
    }

    private void MakeRoom()
    {
        if (_length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * _length);
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
    }
}
