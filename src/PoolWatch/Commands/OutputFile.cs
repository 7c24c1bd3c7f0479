namespace PoolWatch.Commands;

/// <summary>
/// Where a command writes what it makes: a file that is there whole or not at all, whatever ends the program meanwhile; a device or pipe, or
/// standard output without a path.
/// </summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string? _temporary;
    private readonly string? _target;

    private OutputFile(Stream stream, string? temporary, string? target) => (Stream, _temporary, _target) = (stream, temporary, target);

    public Stream Stream { get; }

    /// <exception cref="IOException">It can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It can't be written.</exception>
    public static OutputFile Open(string? path)
    {
        if (path is null)
        {
            return new OutputFile(Console.OpenStandardOutput(), null, null);
        }

        // A link stays a link. Devices and pipes, which have no length or are links to nothing that has a path, are written into and not replaced.
        var link = new FileInfo(path) is { LinkTarget: not null } given ? given.ResolveLinkTarget(returnFinalTarget: true) as FileInfo : null;
        if (link is { Exists: false } || (link ?? new FileInfo(path)) is { Exists: true, Length: 0 })
        {
            return new OutputFile(new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write), null, null);
        }

        var target = link?.FullName ?? path;
        var temporary = $"{target}.{Guid.NewGuid():n}.tmp";
        return new OutputFile(new FileStream(temporary, FileMode.CreateNew), temporary, target);
    }

    /// <summary>All is written: the file takes its place.</summary>
    public void Complete()
    {
        Stream.Flush();
        if (_temporary is null)
        {
            return;
        }

        ((FileStream)Stream).Flush(flushToDisk: true);
        Stream.Dispose();
        if (File.Exists(_target) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_temporary, File.GetUnixFileMode(_target));
        }

        File.Move(_temporary, _target!, overwrite: true);
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
        }
    }
}
