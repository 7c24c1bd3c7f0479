using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.PoolLists;
using PoolWatch.Storage;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools diff | apply | rollback</c>: what another list would change, and the change.</summary>
internal static class ListChangeCommand
{
    private const string Algorithm = "algorithm";
    private const string Accept = "accept";
    private const string Json = "json";

    public static async Task<int> RunAsync(string[] args)
    {
        var command = CommandArguments.Parse(args, ListFile.As, Algorithm, Accept, Json);
        if (WhyRefused(command) is { } reason)
        {
            Console.Error.WriteLine(reason);
            return Usage.BadUsage;
        }

        var (settings, errors) = command.ReadSettings();
        if (settings is null)
        {
            errors.ToList().ForEach(Console.Error.WriteLine);
            return Usage.BadUsage;
        }

        await using var session = await DatabaseSession.OpenAsync(settings, CancellationToken.None);
        var changes = new PoolListChanges(session.Database, session.Lists, settings, TimeProvider.System);
        try
        {
            return Report(command, await RunAsync(command, changes, settings.PoolList));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The list can't be read: {e.Message}");
            return PoolsCommand.ErrorsFound;
        }
    }

    private static string? WhyRefused(CommandArguments command)
    {
        var verb = command.Values[0];
        return command.Values.Contains("") ? $"pools {verb} got an empty text where the name of a {(verb == "rollback" ? "version" : "file")} stands: name one, or leave it out."
            : command.Values.Count > 2 ? $"pools {verb} takes one {(verb == "rollback" ? "version" : "file")}, not {command.Values.Count - 1}."
            : ListFile.KindErrors(command).FirstOrDefault() is { } wrong ? wrong
            : command[Algorithm] is { } name && !PoolAttributor.Algorithms.Contains(name)
                ? $"--algorithm is '{name}'; it must be one of {string.Join(", ", PoolAttributor.Algorithms)}."
            : command[Accept] is not null || command[Json] is not null ? "--accept and --json take no value: leave them out, or write them alone."
            : (command.Has(ListFile.As) && string.IsNullOrEmpty(command[ListFile.As])) || (command.Has(Algorithm) && command[Algorithm] is null) ? "--as and --algorithm need a value, as in --as=mempool."
            : verb == "rollback" && command.Has(ListFile.As) ? "pools rollback goes back to a stored list, so there is nothing that --as could say."
            : verb == "diff" && command.Has(Accept) ? "pools diff changes nothing, so there is nothing to --accept."
            : null;
    }

    private static async Task<ApplyOutcome> RunAsync(CommandArguments command, PoolListChanges changes, PoolList configured)
    {
        if (command.Values[0] == "rollback")
        {
            var former = await FindFormerAsync(command, changes);
            return await changes.ApplyAsync(former.List, former.Algorithm, ChangeKind.Rollback, command.Has(Accept), CancellationToken.None);
        }

        var list = command.Values.Count == 1 ? configured : ReadList(command.Values[1], ListFile.KindOf(command));
        return command.Values[0] == "diff"
            ? await changes.DiffAsync(list, command[Algorithm], CancellationToken.None)
            : await changes.ApplyAsync(list, command[Algorithm], ChangeKind.Apply, command.Has(Accept), CancellationToken.None);
    }

    private static async Task<StoredPoolList> FindFormerAsync(CommandArguments command, PoolListChanges changes)
    {
        if (command.Values.Count == 1)
        {
            return await changes.FindFormerAsync(CancellationToken.None) ?? throw new NoSuchListException("No list was active here before this one. pools rollback VERSION goes to any list that was active since; /v1/pool-lists has them.");
        }

        var version = command.Values[1];
        return await changes.FindVersionAsync(version, command[Algorithm], CancellationToken.None)
            ?? throw new NoSuchListException($"No list '{version}'{(command[Algorithm] is { } a ? $" with {a}" : "")} was ever active here; /v1/pool-lists and the table pool_list_change have those that were.");
    }

    private static PoolList ReadList(string path, PublicListKind kind)
    {
        var (list, notes) = ListFile.Read(path, kind);
        foreach (var note in notes)
        {
            Console.Error.WriteLine(note);
        }

        return list;
    }

    private static int Report(CommandArguments command, ApplyOutcome outcome)
    {
        if (command.Has(Json))
        {
            ChangeReportText.WriteJson(Console.Out, outcome);
        }
        else
        {
            ChangeReportText.Write(Console.Out, outcome, command.Values[0]);
        }

        return outcome.Applied || outcome.Unchanged || outcome.Refusals.Count == 0 ? 0 : PoolsCommand.ErrorsFound;
    }
}

/// <summary>The database never had the list that was asked for.</summary>
internal sealed class NoSuchListException(string message) : Exception(message);
