namespace PoolWatch.Tests.Support;

/// <summary>A folder of its own for one test, deleted at the end.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Path { get; } = Directory.CreateTempSubdirectory("poolwatch-").FullName;

    /// <summary>Programs that a test has killed may write there until the kernel has taken them away.</summary>
    public void Dispose()
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!TryDelete(mayFail: TimeProvider.System.GetElapsedTime(start) < Patience))
        {
            Thread.Yield();
        }
    }

    private bool TryDelete(bool mayFail)
    {
        try
        {
            Directory.Delete(Path, recursive: true);
            return true;
        }
        catch (IOException) when (mayFail)
        {
            return false;
        }
    }
}
