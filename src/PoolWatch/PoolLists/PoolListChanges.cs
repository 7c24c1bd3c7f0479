using Npgsql;
using PoolWatch.Core.Pools.Diff;
using PoolWatch.ReadModel;
using PoolWatch.Settings;
using PoolWatch.Storage;

namespace PoolWatch.PoolLists;

/// <summary>Why a list becomes active; the names are stored.</summary>
internal enum ChangeKind
{
    /// <summary>Somebody asked for it.</summary>
    Apply,

    /// <summary>Somebody asked for an earlier one again.</summary>
    Rollback,

    /// <summary>The list's source has a new one.</summary>
    Follow,
}

/// <summary>How an attempt to change the list ended.</summary>
/// <param name="Applied">Whether it is active now; false where it was refused, or was active already.</param>
/// <param name="Report">What it changed, or would.</param>
/// <param name="Refusals">Why it was not done by itself; empty where nothing speaks against it.</param>
internal sealed record ApplyOutcome(bool Applied, ChangeReport Report, IReadOnlyList<string> Refusals)
{
    /// <summary>The list and the rule are the active ones.</summary>
    public bool Unchanged => Report.From == Report.To;
}

/// <summary>
/// Changes the active pool list: every stored block is attributed anew, in one transaction, with history, days and revision. Readers see all of
/// it or nothing; whoever adds blocks waits.
/// </summary>
internal sealed class PoolListChanges(Database database, PoolListStore lists, PoolWatchSettings settings, TimeProvider time)
{
    /// <summary>Reports what a list would change, and changes nothing.</summary>
    /// <param name="list">The other list.</param>
    /// <param name="algorithm">The other rule; null for the active one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="NoChainException">Nothing is stored yet.</exception>
    /// <exception cref="PoolListException">The rule can't work with this list.</exception>
    public async Task<ApplyOutcome> DiffAsync(PoolList list, string? algorithm, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        var (_, to, _, report) = await CompareAsync(connection, "", list, algorithm, cancellationToken);
        return new ApplyOutcome(false, report, await RefusalsAsync(connection, to, report, cancellationToken));
    }

    /// <summary>Makes a list the active one, unless something speaks against it.</summary>
    /// <param name="list">The new list.</param>
    /// <param name="algorithm">The new rule; null for the active one.</param>
    /// <param name="kind">Why.</param>
    /// <param name="accept">Whether to go on whatever speaks against it.</param>
    /// <param name="cancellationToken">Ends the work; nothing is changed then.</param>
    /// <exception cref="NoChainException">Nothing is stored yet.</exception>
    /// <exception cref="PoolListException">The rule can't work with this list.</exception>
    public async Task<ApplyOutcome> ApplyAsync(PoolList list, string? algorithm, ChangeKind kind, bool accept, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (chain, to, blocks, report) = await CompareAsync(connection, "FOR UPDATE", list, algorithm, cancellationToken);
        var refusals = await RefusalsAsync(connection, to, report, cancellationToken);
        if (report.From == report.To || (refusals.Count > 0 && !accept))
        {
            return new ApplyOutcome(false, report, refusals);
        }

        to = await lists.ActivateAsync(connection, to, cancellationToken);
        await new ListReplacement(connection, time).WriteAsync(kind, chain, to, report, blocks.Changed, accept && refusals.Count > 0, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ApplyOutcome(true, report, refusals);
    }

    /// <summary>Stores again what an older version of this program stored of attributions, where the present one stores more of them.</summary>
    /// <returns>How many blocks that were; 0 where nothing was to do.</returns>
    public async Task<int> RefreshEvidenceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await BlockStore.ReadChainAsync(connection, cancellationToken, "FOR UPDATE") is not { } chain || chain.Evidence >= BlockStore.Evidence)
        {
            return 0;
        }

        var list = await PoolListStore.ReadAsync(connection, chain.PoolListId, cancellationToken);
        var blocks = await new Reattribution(list, list, StoresMoreNow).RunAsync(connection, chain, cancellationToken);
        await new ListReplacement(connection, time).RefreshAsync(chain, list, blocks.Changed, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return blocks.Blocks;
    }

    /// <summary>What <see cref="BlockStore.Evidence"/> 2 has and 1 had not.</summary>
    private static bool StoresMoreNow(Attribution attribution) =>
        attribution.Miners.Count > 0 || attribution.Conflicts.HasFlag(AttributionConflicts.ClaimToDoubt);

    /// <summary>The list that was active before the present one became so.</summary>
    /// <returns>Null where no other ever was.</returns>
    public async Task<StoredPoolList?> FindFormerAsync(CancellationToken cancellationToken) => await FindAsync(
        """
        SELECT former_id FROM pool_list_change
        WHERE pool_list_id = (SELECT pool_list_id FROM chain) AND kind <> 'rollback' AND former_id IS NOT NULL ORDER BY id DESC LIMIT 1
        """, [], cancellationToken);

    /// <summary>A list that was ever active, by its version.</summary>
    /// <param name="version">All of its digits.</param>
    /// <param name="algorithm">Its rule; null for that of the last time.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null where there is none.</returns>
    public Task<StoredPoolList?> FindVersionAsync(string version, string? algorithm, CancellationToken cancellationToken) =>
        FindAsync(PoolListStore.IdOfVersion, PoolListStore.ParametersOf(version, algorithm), cancellationToken);

    private async Task<StoredPoolList?> FindAsync(string sql, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync(cancellationToken) is short id ? await PoolListStore.ReadAsync(connection, id, cancellationToken) : null;
    }

    private async Task<(StoredChain Chain, StoredPoolList To, Reattributed Blocks, ChangeReport Report)> CompareAsync(
        NpgsqlConnection connection, string locking, PoolList list, string? algorithm, CancellationToken cancellationToken)
    {
        var chain = await BlockStore.ReadChainAsync(connection, cancellationToken, locking) ?? throw new NoChainException();
        var from = await PoolListStore.ReadAsync(connection, chain.PoolListId, cancellationToken);
        var difference = PoolListDiff.Between(from.List, list);
        var to = await PoolListStore.PlanAsync(connection, algorithm ?? from.Algorithm, list, from, difference.Renames.ToDictionary(r => r.NewSlug, r => r.OldSlug), cancellationToken);
        var blocks = await new Reattribution(from, to).RunAsync(connection, chain, cancellationToken);
        return (chain, to, blocks, ChangeReport.Of(from, to, blocks, difference, settings.Layers, await ReadNamesAsync(connection, cancellationToken)));
    }

    private static async Task<IReadOnlyList<PoolName>> ReadNamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new List<PoolName>();
        await using var command = new NpgsqlCommand("SELECT DISTINCT pool_id, slug FROM pool_list_pool", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(new PoolName((ushort)reader.GetInt16(0), reader.GetString(1), "", ""));
        }

        return names;
    }

    /// <summary>What looks like a mistake in the list rather than news.</summary>
    private async Task<List<string>> RefusalsAsync(NpgsqlConnection connection, StoredPoolList to, ChangeReport report, CancellationToken cancellationToken)
    {
        List<string> refusals = [.. report.Difference.IdentityProblems.Where(p => p.Severity == IdentitySeverity.Error).Select(p => p.Message)];
        if (to.Id == 0)
        {
            var former = (await ReadNamesAsync(connection, cancellationToken)).ToLookup(n => n.Slug, n => n.Id);
            refusals.AddRange(report.Difference.Added.Where(p => former.Contains(p.Slug) && !former[p.Slug].Contains((ushort)to.IdOf(p)))
                .Select(p => $"The slug {p.Slug} was that of another pool in an earlier list: links, queries and series under it would change their meaning."));
        }

        if (report.Recent.Share > settings.PoolListMaxMoved)
        {
            refusals.Add($"{report.Recent.Moved} of the last {report.Recent.Window} blocks would move, more than PoolWatch:PoolListMaxMoved allows "
                + $"({settings.PoolListMaxMoved.ToString(System.Globalization.CultureInfo.InvariantCulture)} of them).");
        }

        return refusals;
    }
}

/// <summary>There is no chain in the schema whose blocks could be attributed.</summary>
internal sealed class NoChainException() : Exception("No chain is stored yet: start the service first; it begins with the configured pool list.");
