using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PoolWatch.Core.Layers;
using PoolWatch.PoolLists;

namespace PoolWatch.Commands;

/// <summary>A change of list as people read it, or as JSON.</summary>
internal static class ChangeReportText
{
    private const int MostMoves = 40;
    private const int MostRules = 40;
    private const int MostDetails = 40;
    private const int LongestQuote = 80;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void WriteJson(TextWriter output, ApplyOutcome outcome) => output.WriteLine(JsonSerializer.Serialize(
        new
        {
            outcome.Applied,
            outcome.Refusals,
            outcome.Report.From,
            outcome.Report.To,
            outcome.Report.Blocks,
            outcome.Report.Moved,
            outcome.Report.Changed,
            outcome.Report.Recent,
            outcome.Report.Moves,
            Pools = new
            {
                Added = outcome.Report.Difference.Added.Select(p => p.Slug),
                Removed = outcome.Report.Difference.Removed.Select(p => p.Slug),
                outcome.Report.Difference.Renames,
                Details = outcome.Report.Difference.Details.Select(d => new { Pool = d.To.Slug, d.Field, d.Before, d.After }),
                outcome.Report.Difference.OrderChanged,
                Problems = outcome.Report.Difference.IdentityProblems.Select(p => new { Kind = p.Name, p.Severity, p.Message }),
            },
            Rules = outcome.Report.Difference.RuleChanges.Select(r => new { Change = r.Kind, r.Rule.Kind, r.Rule.Text, From = r.From?.Slug, To = r.To?.Slug }),
            Effects = outcome.Report.Effects.Select(e => new { e.Layer, e.Window, e.Before, e.After }),
        }, Json));

    public static void Write(TextWriter output, ApplyOutcome outcome, string verb)
    {
        var report = outcome.Report;
        if (outcome.Unchanged)
        {
            output.WriteLine($"The list {report.From.Version} with {report.From.Algorithm} is active already; nothing to do.");
            return;
        }

        output.WriteLine($"from  {report.From.Version}  {report.From.Algorithm}");
        output.WriteLine($"to    {report.To.Version}  {report.To.Algorithm}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{report.Blocks} blocks: {report.Moved} get another pool, {report.Changed} the same by other evidence; of the last {report.Recent.Window} blocks {report.Recent.Moved} move ({report.Recent.Share:0.00 %})"));
        WriteLists(output, report);
        WriteMoves(output, report.Moves);
        WriteEffects(output, report.Effects);
        WriteVerdict(output, outcome, verb == "diff" ? "apply" : verb);
    }

    private static void WriteLists(TextWriter output, ChangeReport report)
    {
        var difference = report.Difference;
        WriteSlugs(output, "new pools", difference.Added);
        WriteSlugs(output, "pools gone", difference.Removed);
        foreach (var change in difference.RuleChanges.Take(MostRules))
        {
            var pools = change.From is null || change.To is null || change.From.Slug == change.To.Slug ? $"{(change.To ?? change.From)!.Slug}" : $"{change.From.Slug} to {change.To.Slug}";
            output.WriteLine($"  {change.Kind.ToString().ToLowerInvariant(),-8} {change.Rule.Kind.ToString().ToLowerInvariant(),-8} {pools}: {change.Rule.Text}");
        }

        if (difference.RuleChanges.Count > MostRules)
        {
            output.WriteLine($"  … and {difference.RuleChanges.Count - MostRules} more rules; --json lists all.");
        }

        foreach (var detail in difference.Details.Take(MostDetails))
        {
            output.WriteLine($"  {detail.Field} of {detail.To.Slug}: {Quote(detail.Before)} -> {Quote(detail.After)}");
        }

        if (difference.Details.Count > MostDetails)
        {
            output.WriteLine($"  … and {difference.Details.Count - MostDetails} more fields; --json lists all.");
        }

        if (difference.OrderChanged)
        {
            output.WriteLine("  the pools stand in another order, which decides where rules of several are met");
        }

        foreach (var problem in difference.IdentityProblems)
        {
            output.WriteLine($"  {problem.Name}: {problem.Message}");
        }
    }

    private static string Quote(string? text) =>
        text is null ? "none" : text.Length <= LongestQuote ? $"'{text}'" : $"'{text[..LongestQuote]}…'";

    private static void WriteSlugs(TextWriter output, string what, IReadOnlyList<Pool> pools)
    {
        if (pools.Count > 0)
        {
            output.WriteLine($"  {what}: {string.Join(", ", pools.Select(p => p.Slug))}");
        }
    }

    private static void WriteMoves(TextWriter output, IReadOnlyList<BlockMove> moves)
    {
        if (moves.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{"blocks",8}  {"from",-24} {"to",-24} heights");
        foreach (var move in moves.Take(MostMoves))
        {
            output.WriteLine($"{move.Blocks,8}  {move.From,-24} {move.To,-24} {move.FirstHeight} to {move.LastHeight}");
        }

        if (moves.Count > MostMoves)
        {
            output.WriteLine($"          … and {moves.Count - MostMoves} more kinds of moves; --json lists all.");
        }
    }

    /// <summary>The principal measures that change, one with no value on a side being new or gone.</summary>
    private static void WriteEffects(TextWriter output, IReadOnlyList<WindowEffect> effects)
    {
        var any = false;
        foreach (var effect in effects)
        {
            var (before, after) = (MeasureValues.Of(effect.FormerLayer, effect.Window, chances: false), MeasureValues.Of(effect.NewLayer, effect.Window, chances: false));
            var changed = before.Keys.Union(after.Keys).Where(name => before.GetValueOrDefault(name) != after.GetValueOrDefault(name)).ToList();
            any |= changed.Count > 0;
            if (changed.Count > 0)
            {
                output.WriteLine();
                output.WriteLine($"last {effect.Window} blocks{(effect.Layer == Layer.PoolName ? "" : $", layer {effect.Layer}")}");
                changed.Where(MeasureValues.IsPrincipal).ToList().ForEach(name => output.WriteLine(
                    $"  {name,-32} {Number(before.GetValueOrDefault(name)),9} -> {Number(after.GetValueOrDefault(name))}"));
            }
        }

        output.WriteLine();
        output.WriteLine(any ? "--json has the others, too: intervals, streaks, p-values, both bounds of what is unknown." : "No measure of any window changes.");
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.#####", CultureInfo.InvariantCulture) : "none";

    private static void WriteVerdict(TextWriter output, ApplyOutcome outcome, string verb)
    {
        output.WriteLine();
        foreach (var refusal in outcome.Refusals)
        {
            output.WriteLine($"doubtful: {refusal}");
        }

        output.WriteLine(outcome.Applied ? $"Applied. poolwatch pools rollback {outcome.Report.From.Version} goes back to the list before."
            : outcome.Refusals.Count > 0 ? $"Nothing is changed. poolwatch pools {verb} does it only with --accept."
            : "Nothing is changed. poolwatch pools apply does it.");
    }
}
