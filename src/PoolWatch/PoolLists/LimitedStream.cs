namespace PoolWatch.PoolLists;

/// <summary>Reads streams of which nobody knows how long they are.</summary>
internal static class LimitedStream
{
    /// <summary>Reads a stream to its end, or until there is more than wanted.</summary>
    /// <returns>All of it; null where it has more than <paramref name="most"/> bytes.</returns>
    public static async Task<byte[]?> ReadAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > most)
            {
                return null;
            }
        }

        return content.ToArray();
    }
}
