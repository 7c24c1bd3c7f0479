namespace PoolWatch.PoolLists;

/// <summary>A list in a file, read again when its time or length changed.</summary>
/// <param name="path">Full path.</param>
/// <param name="timeout">How long the file may take.</param>
internal sealed class FileListSource(string path, TimeSpan timeout) : ListSource
{
    private (DateTime Time, long Length)? _given;
    private Task<(byte[] Content, (DateTime Time, long Length) Stamp)?>? _reading;

    public override void Forget() => _given = null;

    public override async Task<byte[]?> FetchAsync(CancellationToken cancellationToken)
    {
        // Whoever waits for a mount that hangs can't be called back, so the same one is waited for again.
        var reading = _reading ??= Task.Run(() => ReadAsync(_given), CancellationToken.None);
        try
        {
            if (await reading.WaitAsync(timeout, cancellationToken) is not { } read)
            {
                return null;
            }

            _given = read.Stamp;
            return read.Content;
        }
        catch (TimeoutException e)
        {
            throw new ListSourceException($"it could not be read within {timeout.TotalSeconds} s", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ListSourceException(e.Message, e);
        }
        finally
        {
            _reading = reading.IsCompleted ? null : reading;
        }
    }

    private async Task<(byte[] Content, (DateTime Time, long Length) Stamp)?> ReadAsync((DateTime Time, long Length)? given)
    {
        var stamp = Stamp();
        if (stamp == given)
        {
            return null;
        }

        // A pipe has no length; to open it would wait for somebody who writes.
        if (stamp.Length == 0)
        {
            throw new ListSourceException("it is empty, or no file but a pipe or device");
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.Asynchronous);
        var content = await LimitedStream.ReadAsync(file, PoolList.MaxBytes, CancellationToken.None) ?? throw TooLarge();
        return Stamp() == stamp && content.Length == stamp.Length ? (content, stamp) : throw new ListSourceException("it changed while it was read");
    }

    private (DateTime Time, long Length) Stamp()
    {
        var file = new FileInfo(path);
        // What .NET tells of a link is about the link itself.
        file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        return (file.LastWriteTimeUtc, file.Length);
    }
}
