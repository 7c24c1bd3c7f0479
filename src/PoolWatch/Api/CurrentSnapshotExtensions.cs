using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>What every endpoint that serves numbers needs first.</summary>
internal static class CurrentSnapshotExtensions
{
    /// <exception cref="DatabaseUnavailableException">It did not answer when it was last asked, and nobody should wait for that again.</exception>
    public static void RequireDatabase(this CurrentSnapshot current)
    {
        if (!current.DatabaseUp)
        {
            throw new DatabaseUnavailableException("The database did not answer when last asked.");
        }
    }

    /// <exception cref="ProblemException">Nothing was loaded yet (503).</exception>
    public static Snapshot Required(this CurrentSnapshot current) =>
        current.Value ?? throw ProblemException.NotYet("The service is starting: nothing is stored or loaded yet. /v1/status says more.");
}
