using PoolWatch.Telemetry;

namespace PoolWatch.ReadModel;

/// <summary>The newest snapshot and its metrics page, swapped together; what readers use, whether the database is up or not.</summary>
internal sealed class CurrentSnapshot
{
    private volatile Published? _published;
    private volatile TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Snapshot? Value => _published?.Snapshot;

    /// <summary>The concentration part of /metrics, written once for each snapshot.</summary>
    public ReadOnlyMemory<byte> MetricsPage => _published?.MetricsPage ?? ReadOnlyMemory<byte>.Empty;

    /// <summary>Whether the database answered when it was last asked.</summary>
    public bool DatabaseUp { get; set; }

    /// <summary>Ends when another snapshot is published.</summary>
    public Task Next => _next.Task;

    public async Task PublishAsync(Snapshot snapshot, string source, CancellationToken cancellationToken)
    {
        _published = new Published(snapshot, await ConcentrationPage.WriteAsync(snapshot, source, cancellationToken));
        var published = _next;
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        published.SetResult();
    }

    private sealed record Published(Snapshot Snapshot, ReadOnlyMemory<byte> MetricsPage);
}
