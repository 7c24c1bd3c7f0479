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
                Problems = outcome.Report.Difference.IdentityProblems.Select(p => new { Kind = p.Name, p.Severity, p.Message }),
            },
            Rules = outcome.Report.Difference.RuleChanges.Select(r => new { Change = r.Kind, r.Rule.Kind, r.Rule.Text, From = r.From?.Slug, To = r.To?.Slug }),
            Effects = outcome.Report.Effects.Select(e => new { e.Layer, e.Window, Before = ValuesOf(e.Before), After = ValuesOf(e.After) }),
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

        foreach (var problem in difference.IdentityProblems)
        {
            output.WriteLine($"  {problem.Name}: {problem.Message}");
        }
    }

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

    private static void WriteEffects(TextWriter output, IReadOnlyList<WindowEffect> effects)
    {
        foreach (var effect in effects)
        {
            var changed = ValuesOf(effect.Before).Zip(ValuesOf(effect.After)).Where(pair => pair.First.Value != pair.Second.Value).ToList();
            if (changed.Count > 0)
            {
                output.WriteLine();
                output.WriteLine($"last {effect.Window} blocks{(effect.Layer == Layer.PoolName ? "" : $", layer {effect.Layer}")}");
                changed.ForEach(pair => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {pair.First.Key,-20} {pair.First.Value,9:0.#####} -> {pair.Second.Value:0.#####}")));
            }
        }

        if (effects.All(e => ValuesOf(e.Before).SequenceEqual(ValuesOf(e.After))))
        {
            output.WriteLine("No measure of any window changes.");
        }
    }

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

    /// <summary>Every measure under the name that REST gives it.</summary>
    private static Dictionary<string, double?> ValuesOf(WindowMeasures m)
    {
        var values = new Dictionary<string, double?>
        {
            ["hhi.separate"] = m.Hhi.Separate,
            ["hhi.excluded"] = m.Hhi.Excluded,
            ["hhi.largest"] = m.Hhi.Largest,
            ["hhi.unbiased"] = m.Hhi.Unbiased,
            ["nakamoto.half"] = m.Nakamoto.Half,
            ["nakamoto.third"] = m.Nakamoto.Third,
            ["nakamoto.twoThirds"] = m.Nakamoto.TwoThirds,
            ["nakamoto.halfLargest"] = m.Nakamoto.HalfLargest,
            ["nakamoto.thirdLargest"] = m.Nakamoto.ThirdLargest,
            ["nakamoto.twoThirdsLargest"] = m.Nakamoto.TwoThirdsLargest,
            ["effective.hhi"] = m.Effective.Hhi,
            ["effective.entropy"] = m.Effective.Entropy,
            ["entropyBits"] = m.EntropyBits,
            ["gini"] = m.Gini,
            ["minersShare"] = m.Singles.Share,
            ["unknownShare"] = m.Unknown.Share,
        };
        for (var n = 1; n <= m.TopShares.Count; n++)
        {
            values.Add($"top.{n}", m.TopShares[n - 1]);
        }

        return values;
    }
}
