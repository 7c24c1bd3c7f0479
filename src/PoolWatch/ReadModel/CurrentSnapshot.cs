using PoolWatch.Telemetry;

namespace PoolWatch.ReadModel;

/// <summary>The newest snapshot and its metrics page, swapped together; what readers use, whether the database is up or not.</summary>
internal sealed class CurrentSnapshot
{
    private volatile Published? _published;

    public Snapshot? Value => _published?.Snapshot;

    /// <summary>The concentration part of /metrics, written once for each snapshot.</summary>
    public ReadOnlyMemory<byte> MetricsPage => _published?.MetricsPage ?? ReadOnlyMemory<byte>.Empty;

    /// <summary>Whether the database answered when it was last asked.</summary>
    public bool DatabaseUp { get; set; }

    public async Task PublishAsync(Snapshot snapshot, string source, CancellationToken cancellationToken) =>
        _published = new Published(snapshot, await ConcentrationPage.WriteAsync(snapshot, source, cancellationToken));

    private sealed record Published(Snapshot Snapshot, ReadOnlyMemory<byte> MetricsPage);
}
