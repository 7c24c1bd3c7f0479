using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>What every endpoint that serves numbers needs first.</summary>
internal static class CurrentSnapshotExtensions
{
    /// <exception cref="ProblemException">Nothing was loaded yet (503).</exception>
    public static Snapshot Required(this CurrentSnapshot current) =>
        current.Value ?? throw ProblemException.NotYet("The service is starting: nothing is stored or loaded yet. /v1/status says more.");
}
