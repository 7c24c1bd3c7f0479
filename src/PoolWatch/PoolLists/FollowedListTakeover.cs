using System.Globalization;
using Npgsql;
using PoolWatch.Storage;

namespace PoolWatch.PoolLists;

/// <summary>Makes a followed list the active one, as somebody at the command line would who accepts nothing doubtful.</summary>
internal sealed class FollowedListTakeover(Database database, PoolListChanges changes, TimeProvider time)
{
    /// <summary>A whole chain takes seconds; a list that is made to take hours must not keep new blocks out for as long.</summary>
    private static readonly TimeSpan LongestJudgement = TimeSpan.FromMinutes(10);

    private (string List, string Active, FollowVerdict Verdict)? _refused;

    /// <returns>Null where there is no chain yet; the same verdict as before while the list that was refused and the active one stay.</returns>
    public async Task<FollowVerdict?> TakeOverAsync(PoolList list, CancellationToken cancellationToken)
    {
        if (await FindAsync(list.Version, cancellationToken) is not { } known)
        {
            return null;
        }

        if (known.Active == list.Version)
        {
            return new FollowVerdict(FollowOutcome.Unchanged, []);
        }

        if (known.Undone || (known.WasStored && known.ByHand))
        {
            return new FollowVerdict(FollowOutcome.Refused, ["It was active before, and somebody has changed to another list by hand since. pools apply makes it active again; other new lists are taken over as before."]);
        }

        // To judge a list takes every block and keeps others from the chain: not at each look for one that nobody mends.
        if (_refused is { } refused && (refused.List, refused.Active) == (list.Version, known.Active))
        {
            return refused.Verdict;
        }

        var verdict = await JudgeAsync(list, cancellationToken);
        _refused = verdict.Outcome == FollowOutcome.Refused ? (list.Version, known.Active, verdict) : null;
        return verdict;
    }

    private async Task<FollowVerdict> JudgeAsync(PoolList list, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(LongestJudgement, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var outcome = await changes.ApplyAsync(list, null, ChangeKind.Follow, accept: false, limit.Token);
            return outcome.Applied ? new FollowVerdict(FollowOutcome.Applied, [Describe(outcome.Report)])
                : outcome.Unchanged ? new FollowVerdict(FollowOutcome.Unchanged, [])
                : new FollowVerdict(FollowOutcome.Refused, outcome.Refusals);
        }
        catch (PoolListException e)
        {
            return new FollowVerdict(FollowOutcome.Refused, e.Errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new FollowVerdict(FollowOutcome.Refused, [$"To attribute the stored blocks by it takes longer than {LongestJudgement.TotalMinutes} minutes. pools apply has no such limit."]);
        }
    }

    private static string Describe(ChangeReport report) => string.Create(CultureInfo.InvariantCulture,
        $"{report.Difference.Added.Count} pools came, {report.Difference.Removed.Count} went, {report.Difference.Renames.Count} are renamed, "
        + $"{report.Difference.RuleChanges.Count} rules and {report.Difference.Details.Count} other fields differ; {report.Moved} of {report.Blocks} blocks get another pool.");

    /// <summary>
    /// What the database knows of a version: whoever chose another list by hand is not overruled with one that was there before, nor with one that somebody has rolled
    /// back and not chosen again, whatever came since.
    /// </summary>
    private async Task<(string Active, bool WasStored, bool ByHand, bool Undone)?> FindAsync(string version, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            SELECT active.version,
                   EXISTS (SELECT FROM pool_list_version WHERE version = $1),
                   coalesce((SELECT kind IN ('apply', 'rollback') FROM pool_list_change ORDER BY id DESC LIMIT 1), false),
                   EXISTS (SELECT FROM pool_list_change undone JOIN pool_list_version v ON v.id = undone.former_id
                           WHERE v.version = $1 AND undone.kind = 'rollback' AND NOT EXISTS (
                               SELECT FROM pool_list_change again WHERE again.pool_list_id = v.id AND again.kind IN ('apply', 'rollback') AND again.id > undone.id))
            FROM chain JOIN pool_list_version active ON active.id = chain.pool_list_id
            """, connection)
        {
            Parameters = { new() { Value = version } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? (reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3)) : null;
    }
}
