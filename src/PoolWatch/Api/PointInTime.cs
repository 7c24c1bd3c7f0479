using System.Globalization;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>Blocks of a window, and by which list they are attributed.</summary>
/// <param name="Snapshot">The present.</param>
/// <param name="Chain">The chain, or the window's part of it, with the pools that the list gives.</param>
/// <param name="Window">The window.</param>
/// <param name="By">The list and its rule.</param>
/// <param name="Names">The pools, by their index in the chain, under the names that were asked for.</param>
internal sealed record AttributedWindow(Snapshot Snapshot, ChainView Chain, BlockWindow Window, AttributedBy By, IReadOnlyDictionary<ushort, PoolName> Names);

/// <summary>Questions about what was said, or what another list says: as attributed now, at a moment, or by a list's version; with the names of now or of then.</summary>
internal sealed class PointInTime(PastLists lists, CurrentSnapshot current, TimeProvider clock)
{
    /// <summary>A reader follows the database within half a second; a question that is asked meanwhile waits for it.</summary>
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <exception cref="ProblemException">A parameter is malformed (400), there is no such list or window (404), or no answer now (503).</exception>
    public async Task<AttributedWindow> ReadAsync(WindowParameters window, PointParameters point, CancellationToken cancellationToken)
    {
        var list = await FindAsync(point, cancellationToken);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var snapshot = current.Required();
            var blocks = list is null || point.At is null ? WindowQuery.Read(snapshot, window) : WindowQuery.ReadUpTo(snapshot, window, ReadTime(point.At).ToUnixTimeSeconds());
            if (list is null || IsActive(snapshot, list))
            {
                return new AttributedWindow(snapshot, snapshot.Chain, blocks, new AttributedBy(snapshot.List.Version, snapshot.Algorithm), snapshot.Pools);
            }

            if (await lists.AttributeAsync(snapshot, blocks, list, cancellationToken) is { } chain)
            {
                return new AttributedWindow(
                    snapshot, chain, blocks, new AttributedBy(list.Stored.List.Version, list.Stored.Algorithm), IsThen(point) ? PoolName.Of(list.Stored) : snapshot.Pools);
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw ProblemException.NotYet("The stored chain changes faster than this question about the past is answered.");
    }

    /// <summary>How single blocks are attributed and named as of another list.</summary>
    /// <returns>Null for the active list.</returns>
    /// <exception cref="ProblemException">A parameter is malformed (400), or there is no such list (404).</exception>
    public async Task<PastView?> FindViewAsync(PointParameters point, CancellationToken cancellationToken)
    {
        var list = await FindAsync(point, cancellationToken);
        return list is null ? null : new PastView(list, IsThen(point) ? p => new PoolReference(p.Slug, p.Name) : p => PresentName(list, p));
    }

    private PoolReference PresentName(PastList list, Pool pool)
    {
        var name = current.Required().Pools.GetValueOrDefault((ushort)list.Stored.IdOf(pool));
        return name is null ? new PoolReference(pool.Slug, pool.Name) : new PoolReference(name.Slug, name.Name);
    }

    private static bool IsActive(Snapshot snapshot, PastList list) => list.Stored.Id == snapshot.Stored.PoolListId;

    private async Task<PastList?> FindAsync(PointParameters point, CancellationToken cancellationToken)
    {
        RefuseNames(point.Names);
        if (point.At is not null && point.List is not null)
        {
            throw ProblemException.BadParameter("at", "Give either at or list.");
        }

        if (point.List is not null)
        {
            QueryRules.RefuseNoVersion("list", point.List);
        }

        if (point.Algorithm is not null && (point.List is null || !PoolAttributor.Algorithms.Contains(point.Algorithm)))
        {
            throw ProblemException.BadParameter("algorithm", $"algorithm goes together with list and must be one of {string.Join(", ", PoolAttributor.Algorithms)}.");
        }

        if (point.List is not null || point.At is not null)
        {
            current.RequireDatabase();
        }

        return point.List is { } version
            ? await lists.FindAsync(version, point.Algorithm, cancellationToken)
                ?? throw ProblemException.NotFound("No such pool list", "No list of this version, with this rule if one is given, was ever active here; /v1/pool-lists has those that were.")
            : point.At is { } at
                ? await lists.FindAsync(ReadTime(at), cancellationToken)
                    ?? throw ProblemException.NotFound("Nothing attributed yet", "At that time no list was active here; /v1/pool-lists says when the first became so.")
                : null;
    }

    private DateTimeOffset ReadTime(string at) => WindowQuery.TryTime(at, out var time)
        ? time <= clock.GetUtcNow() ? time : throw ProblemException.BadParameter("at", "at lies in the future.")
        : throw ProblemException.BadParameter("at", "at must be a time such as 2026-04-22T00:00:00Z (RFC 3339, with a zone).");

    public static bool IsThen(PointParameters point) => point.Names == "then";

    private static void RefuseNames(string? names)
    {
        if (names is not (null or "now" or "then"))
        {
            throw ProblemException.BadParameter("names", "names must be now or then.");
        }
    }
}
