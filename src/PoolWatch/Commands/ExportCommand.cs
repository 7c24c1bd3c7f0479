using Npgsql;
using PoolWatch.History;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch export …</c>: the stored history in forms that other programs read.</summary>
internal static class ExportCommand
{
    public static IReadOnlyDictionary<string, string[]> Options { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["openmetrics"] = ["from", "to", "step", "window", "layer", "metric", "output"],
        ["measures"] = ["from", "to", "step", "window", "layer", "format", "output"],
        ["shares"] = ["from", "to", "step", "window", "layer", "format", "output"],
        ["blocks"] = ["from", "to", "format", "output"],
    };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var what, .. var rest] || !Options.TryGetValue(what, out var options))
        {
            return Usage.Refuse("export", [$"export needs to know what: {string.Join(", ", Options.Keys)}{(args is [var other, ..] ? $"; '{other}' is none of them" : "")}."]);
        }

        var arguments = CommandArguments.Parse(rest, options);
        var (settings, errors) = arguments.ReadSettings();
        var (request, wrong) = ExportRequest.Read(what, arguments);
        List<string> all = [.. errors, .. wrong, .. arguments.Values.Select(v => $"export {what} takes no '{v}', only {string.Join(", ", options.Select(o => $"--{o}=…"))} and settings.")];
        if (settings is null || request is null || all.Count > 0)
        {
            all.ForEach(Console.Error.WriteLine);
            return Usage.BadUsage;
        }

        try
        {
            await using var session = await DatabaseSession.OpenAsync(settings, CancellationToken.None);
            return await RunAsync(what, request, arguments["output"], session, CancellationToken.None);
        }
        catch (DatabaseSetupException e)
        {
            Console.Error.WriteLine(e.Message);
        }
        catch (Exception e) when (e is NpgsqlException || Database.IsOutage(e) && e is not IOException)
        {
            Console.Error.WriteLine($"The database can't be read: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"The output can't be written: {e.Message}");
        }

        return PoolsCommand.ErrorsFound;
    }

    private static async Task<int> RunAsync(string what, ExportRequest request, string? path, DatabaseSession session, CancellationToken cancellationToken)
    {
        if (await new SnapshotLoader(session.Database, new BlockInspector(), session.Settings).LoadAsync(null, cancellationToken) is not { } snapshot)
        {
            return Refuse("No block is stored yet: start the service first.");
        }

        var (range, error) = HistoryRange.Find(snapshot.Chain, request.From, request.To);
        if (range is null || request.WhyRefused(snapshot) is not null)
        {
            return Refuse(error ?? request.WhyRefused(snapshot)!);
        }

        var moments = default(HistoryMoments);
        if (what != "blocks")
        {
            (moments, error) = request.StepSeconds is { } step ? HistoryMoments.Every(snapshot.Chain, range, step) : (HistoryMoments.Blocks(snapshot.Chain, range), null);
            if (moments is null)
            {
                return Refuse(error!);
            }

            foreach (var window in request.Windows.Where(w => w > moments.Heights[^1] - snapshot.Chain.FirstHeight + 1))
            {
                Console.Error.WriteLine($"There is no window of {window} blocks: the stored chain is shorter then.");
            }
        }

        using var output = OutputFile.Open(path);
        await WriteAsync(what, request, session.Database, snapshot, range, moments, output.Stream, cancellationToken);
        output.Complete();
        return 0;
    }

    private static async Task WriteAsync(
        string what, ExportRequest request, Database database, Snapshot snapshot, HistoryRange range, HistoryMoments? moments, Stream stream, CancellationToken cancellationToken)
    {
        if (what == "openmetrics")
        {
            new OpenMetricsExport(snapshot, request, moments!, stream).Write(cancellationToken);
            return;
        }

        var columns = what switch { "blocks" => BlocksExport.Columns, "shares" => SharesExport.Columns, _ => MeasuresExport.Columns };
        using var table = TableText.Open(request.Format, stream, columns);
        switch (what)
        {
            case "blocks":
                await BlocksExport.WriteAsync(database, range.Blocks, table, cancellationToken);
                break;
            case "shares":
                SharesExport.Write(snapshot, request, moments!, table, cancellationToken);
                break;
            default:
                MeasuresExport.Write(snapshot, request, moments!, table, cancellationToken);
                break;
        }

        table.Flush();
    }

    private static int Refuse(string error)
    {
        Console.Error.WriteLine(error);
        return Usage.BadUsage;
    }
}
