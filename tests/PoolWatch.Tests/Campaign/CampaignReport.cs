using System.Globalization;
using System.Text;

namespace PoolWatch.Tests.Campaign;

/// <summary>How a round ended.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Seed">What repeats it.</param>
/// <param name="Kind">What struck.</param>
/// <param name="Backfill">Whether it struck a service that caught up from nothing.</param>
/// <param name="Faults">How often it struck.</param>
/// <param name="InWrites">How many of them while a transaction was seen to write.</param>
/// <param name="Story">When, and at which height.</param>
/// <param name="Settled">How long the services took to follow the node's tip after the last fault was over.</param>
/// <param name="Findings">What was wrong then.</param>
public sealed record RoundResult(int Number, int Seed, string Kind, bool Backfill, int Faults, int InWrites, string Story, TimeSpan Settled, Findings Findings)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"#{Number} seed {Seed} {Kind} ({(Backfill ? "backfill" : "following")}): {Story}; settled in {Settled.TotalSeconds:F2} s: ")
        + (Findings.None ? "same" : $"DIFFERENT: {string.Join(" | ", Findings.Sentences)}");
}

/// <summary>The rounds of a campaign, summed up.</summary>
public sealed class CampaignReport(IReadOnlyList<RoundResult> rounds, TimeSpan duration)
{
    public bool Passed => rounds.All(r => r.Findings.None);

    public IEnumerable<RoundResult> Failed => rounds.Where(r => !r.Findings.None);

    public int Faults => rounds.Sum(r => r.Faults);

    /// <summary>A Markdown table: one row for each kind of fault, and the sum.</summary>
    public string Table()
    {
        var text = new StringBuilder()
            .AppendLine("| fault | rounds | of them in a backfill | faults | of them in a write | median s until settled | slowest | lost | twice | rounds with anything wrong |")
            .AppendLine("|---|---|---|---|---|---|---|---|---|---|");
        foreach (var kind in FaultKind.All.Where(k => rounds.Any(r => r.Kind == k.Name)))
        {
            text.AppendLine(Row(kind.Name, [.. rounds.Where(r => r.Kind == kind.Name)]));
        }

        return text.AppendLine(Row("**all**", rounds)).ToString();
    }

    /// <param name="seed">The campaign's seed.</param>
    /// <param name="source">The block source.</param>
    public string Summary(int seed, string source) => string.Create(CultureInfo.InvariantCulture,
        $"{rounds.Count} rounds, {Faults} faults, source `{source}`, seeds {seed} to {seed + rounds.Count - 1}, {duration.TotalMinutes:F1} minutes: "
        + $"{(Passed ? "nothing lost, nothing twice, nothing else wrong" : $"{Failed.Count()} rounds went wrong")}.");

    private static string Row(string name, IReadOnlyList<RoundResult> rounds)
    {
        var settled = rounds.Select(r => r.Settled.TotalSeconds).Order().ToList();
        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {rounds.Count} | {rounds.Count(r => r.Backfill)} | {rounds.Sum(r => r.Faults)} "
            + $"| {rounds.Sum(r => r.InWrites)} | {settled[settled.Count / 2]:F1} | {settled[^1]:F1} | {rounds.Sum(r => r.Findings.Lost)} | {rounds.Sum(r => r.Findings.Twice)} "
            + $"| {rounds.Count(r => !r.Findings.None)} |");
    }
}
