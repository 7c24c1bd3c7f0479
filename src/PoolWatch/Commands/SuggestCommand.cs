using PoolWatch.Api;
using PoolWatch.Core.Unknown;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Commands;

/// <summary><c>poolwatch pools suggest</c>: unknown blocks that seem to have one maker, each with an entry for the pool list.</summary>
internal static class SuggestCommand
{
    private const string Window = "window";

    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var command = CommandArguments.Parse(args, Window);
        var (settings, errors) = command.ReadSettings();
        if (settings is null || WhyRefused(command) is not null)
        {
            errors.Append(WhyRefused(command)).OfType<string>().ToList().ForEach(Console.Error.WriteLine);
            return Usage.BadUsage;
        }

        await using var session = await DatabaseSession.OpenAsync(settings, CancellationToken.None);
        var snapshot = await new SnapshotLoader(session.Database, new BlockInspector(), settings).LoadAsync(null, CancellationToken.None);
        if (snapshot is not { Chain.Count: > 0 })
        {
            Console.Error.WriteLine("No block is stored yet: start the service first.");
            return PoolsCommand.ErrorsFound;
        }

        using var inspection = new WindowInspection(session.Database);
        var window = snapshot.Chain.TryLast(ReadWindow(command), out var last) ? last : new BlockWindow(snapshot.Chain.FirstHeight, snapshot.Chain.TipHeight);
        await WriteAsync(output, snapshot.Chain, window, await inspection.FindUnknownAsync(snapshot, window, CancellationToken.None));
        return 0;
    }

    private static string? WhyRefused(CommandArguments command) =>
        command.Values.Count > 0 ? $"pools suggest takes no '{command.Values[0]}', only --window=BLOCKS and settings."
        : command.Has(Window) && ReadWindow(command) is < 1 or > WindowInspection.LongestWindow
            ? $"--window must be a whole number, 1 to {WindowInspection.LongestWindow}."
        : null;

    /// <returns>-1 for what is no number.</returns>
    private static int ReadWindow(CommandArguments command) =>
        !command.Has(Window) ? WindowQuery.DefaultWindow : QueryRules.TryInteger(command[Window] ?? "", out var blocks) ? blocks : -1;

    private static async Task WriteAsync(TextWriter output, ChainView chain, BlockWindow window, UnknownReport report)
    {
        var ranks = report.Rank(chain, window);
        await output.WriteLineAsync($"Heights {window.FromHeight} to {window.ToHeight}: {report.Blocks} of {window.Blocks} blocks are unknown. "
            + $"Candidates: {report.Clusters.Count}, with {report.Blocks - report.SingleBlocks} of them; {report.SingleBlocks} stand alone.");
        for (var i = 0; i < report.Clusters.Count; i++)
        {
            var cluster = report.Clusters[i];
            await output.WriteLineAsync();
            await output.WriteLineAsync($"{cluster.Id}: {cluster.Blocks.Count} blocks ({100.0 * cluster.Blocks.Count / window.Blocks:0.##} %, rank {ranks[i]}), "
                + $"heights {cluster.FirstHeight} to {cluster.LastHeight}");
            await output.WriteLineAsync($"  {Traces(cluster)}");
            var last = cluster.Blocks[^1];
            await output.WriteLineAsync($"  last: {last.Height} {last.Hash} {InspectionAnswers.Printable(last.Traces.ScriptSig.Span)}");
            await output.WriteLineAsync(report.Suggestions.For(cluster) is { } pool ? PoolList.EntryToJson(pool) : "  no rule for it would be safe");
        }
    }

    private static string Traces(UnknownCluster cluster)
    {
        List<string> traces = [];
        if (cluster.Shape is { } shape)
        {
            traces.Add($"shape {shape.Text} in {shape.Blocks}");
        }

        if (cluster.Text is { } text)
        {
            traces.Add($"text \"{text.Text}\" in {text.Blocks}");
        }

        traces.Add($"outputs {cluster.Structure.Text} in {cluster.Structure.Blocks}");
        traces.Add($"{cluster.Payouts.Count} payees");
        return string.Join("; ", traces);
    }
}
