namespace PoolWatch.Tests.Support;

/// <summary>A folder of its own for one test, deleted at the end.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("poolwatch-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
