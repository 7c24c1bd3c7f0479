using System.Globalization;
using Npgsql;
using PoolWatch.Storage;

namespace PoolWatch.PoolLists;

/// <summary>Makes a followed list the active one, as somebody at the command line would who accepts nothing doubtful.</summary>
internal sealed class FollowedListTakeover(Database database, PoolListChanges changes)
{
    /// <returns>Null where there is no chain yet.</returns>
    public async Task<FollowVerdict?> TakeOverAsync(PoolList list, CancellationToken cancellationToken)
    {
        switch (await FindAsync(list.Version, cancellationToken))
        {
            case null:
                return null;
            case (Active: true, _, _):
                return new FollowVerdict(FollowOutcome.Unchanged, []);
            case (_, WasStored: true, ByHand: true):
                return new FollowVerdict(FollowOutcome.Refused, ["Somebody went from it to another list since it was there. Another new one is taken over again."]);
        }

        try
        {
            var outcome = await changes.ApplyAsync(list, null, ChangeKind.Follow, accept: false, cancellationToken);
            return outcome.Applied ? new FollowVerdict(FollowOutcome.Applied, [Describe(outcome.Report)])
                : outcome.Unchanged ? new FollowVerdict(FollowOutcome.Unchanged, [])
                : new FollowVerdict(FollowOutcome.Refused, outcome.Refusals);
        }
        catch (PoolListException e)
        {
            return new FollowVerdict(FollowOutcome.Refused, e.Errors);
        }
    }

    private static string Describe(ChangeReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Difference.Added.Count} pools came, {report.Difference.Removed.Count} went, {report.Difference.Renames.Count} are renamed, "
        + $"{report.Difference.RuleChanges.Count} rules differ; {report.Moved} of {report.Blocks} blocks get another pool.");

    /// <summary>What the database knows of a version; whoever chose another list by hand is not overruled with one that was there before.</summary>
    private async Task<(bool Active, bool WasStored, bool ByHand)?> FindAsync(string version, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT active.version = $1,
                   EXISTS (SELECT FROM pool_list_version WHERE version = $1),
                   coalesce((SELECT kind IN ('apply', 'rollback') FROM pool_list_change ORDER BY id DESC LIMIT 1), false)
            FROM chain JOIN pool_list_version active ON active.id = chain.pool_list_id
            """, connection)
        {
            Parameters = { new() { Value = version } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetBoolean(0), reader.GetBoolean(1), reader.GetBoolean(2)) : null;
    }
}
