namespace PoolWatch.PoolLists;

/// <summary>A list in a file, read again when its time or length changed.</summary>
internal sealed class FileListSource(string path) : ListSource
{
    private (DateTime Time, long Length)? _given;

    public override void Forget() => _given = null;

    public override async Task<byte[]?> FetchAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stamp = Stamp();
            if (stamp == _given)
            {
                return null;
            }

            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
            var content = await LimitedStream.ReadAsync(file, PoolList.MaxBytes, cancellationToken) ?? throw TooLarge();
            if (Stamp() != stamp || content.Length != stamp.Length)
            {
                throw new ListSourceException("it changed while it was read");
            }

            _given = stamp;
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ListSourceException(e.Message, e);
        }
    }

    private (DateTime Time, long Length) Stamp()
    {
        var file = new FileInfo(path);
        return (file.LastWriteTimeUtc, file.Length);
    }
}
