using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>
/// A small file system in memory, in a mount namespace of its own that a sleeping process holds: the kernel unmounts it when that process
/// ends, and that one ends with the test process, however it ends.
/// </summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int Megabytes = 256;
    private const int Chunk = 1 << 20;
    private const int SmallestChunk = 1 << 12;
    private static readonly bool Root = Environment.UserName == "root";
    private readonly OpenDirectory _directory;
    private readonly ChildProcess _holder;

    private SmallDisk(OpenDirectory directory, ChildProcess holder) => (_directory, _holder) = (directory, holder);

    /// <summary>Where it is for a process that has entered it.</summary>
    public string Mount => _directory.Path;

    /// <summary>The words that make a command run where this disk is mounted.</summary>
    public string[] Enter =>
        ["nsenter", .. Root ? Array.Empty<string>() : ["--user", "--preserve-credentials"], "--mount", "--target", _holder.Id.ToString(CultureInfo.InvariantCulture), "--"];

    private string Ballast => Path("ballast");

    public static async Task<SmallDisk> MountAsync()
    {
        var directory = new OpenDirectory();
        var script = string.Create(CultureInfo.InvariantCulture,
            $"mount -t tmpfs -o size={Megabytes}m,mode=0711 tmpfs \"$0\" && echo mounted && exec sleep infinity");
        var holder = await ChildProcess.StartAsync("unshare", [Root ? "-m" : "-Urm", "sh", "-c", script, directory.Path]);
        while (!holder.Output.Contains("mounted", StringComparison.Ordinal))
        {
            if (holder.HasExited)
            {
                await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
                directory.Dispose();
                throw new InvalidOperationException("The fault campaign fills a small disk, which has to be mounted: run it as root with the right to mount "
                    + $"(in a container: --cap-add SYS_ADMIN), or allow user namespaces (kernel.unprivileged_userns_clone=1). unshare says: {holder.Output}");
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return new SmallDisk(directory, holder);
    }

    /// <summary>A path on the disk, as this process sees it.</summary>
    public string Path(string name) => $"/proc/{_holder.Id}/root{Mount}/{name}";

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        var zeros = new byte[Chunk];
        for (var size = Chunk; size >= SmallestChunk;)
        {
            try
            {
                ballast.Write(zeros, 0, size);
            }
            catch (IOException)
            {
                size /= 4;
            }
        }
    }

    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await _holder.DisposeAsync();
        _directory.Dispose();
    }
}
