using PoolWatch.Core.Inspection;
using PoolWatch.Core.Unknown;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>How findings are told over REST.</summary>
internal static class InspectionAnswers
{
    private const int MostCandidates = RuleSuggestions.MaxClusters;
    private const int MostOverlaps = 1_000;
    private const int MostPayouts = 20;
    private const int MostExamples = 5;

    public static UnknownMinersAnswer Describe(Snapshot snapshot, BlockWindow window, UnknownReport report, Network network)
    {
        var ranks = report.Rank(snapshot.Chain, window);
        return new UnknownMinersAnswer(
            WindowQuery.Describe(snapshot.Chain, window),
            report.Blocks,
            report.SingleBlocks,
            report.Clusters.Count,
            [.. report.Clusters.Take(MostCandidates).Select((c, i) => Describe(c, ranks[i], window, report.Suggestions.For(c), network))]);
    }

    public static CustodyOverlapsAnswer Describe(Snapshot snapshot, BlockWindow window, IReadOnlyList<CustodyOverlap> overlaps, Network network) => new(
        WindowQuery.Describe(snapshot.Chain, window),
        overlaps.Count,
        [.. overlaps.Take(MostOverlaps).Select(o => new CustodyOverlapAnswer(
            Address.FromScript(o.Script.Span, network),
            Convert.ToHexStringLower(o.Script.Span),
            o.Minor,
            o.Uses.Sum(u => u.Blocks),
            o.Uses.Min(u => u.FirstHeight),
            o.Uses.Max(u => u.LastHeight),
            [.. o.Uses.Select(u => Describe(u, snapshot.Pools[(ushort)u.Pool]))]))]);

    /// <summary>Text for people: what is no printable ASCII becomes a dot.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes) =>
        string.Create(bytes.Length, bytes, static (text, source) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = source[i] is >= 0x20 and < 0x7f ? (char)source[i] : '.';
            }
        });

    private static CandidateAnswer Describe(UnknownCluster cluster, int rank, BlockWindow window, Pool? suggestion, Network network) => new(
        cluster.Id,
        cluster.Blocks.Count,
        (double)cluster.Blocks.Count / window.Blocks,
        rank,
        cluster.FirstHeight,
        cluster.LastHeight,
        Describe(cluster.Shape),
        Describe(cluster.Text),
        new TraceAnswer(cluster.Structure.Text, cluster.Structure.Blocks),
        cluster.Payouts.Count,
        [.. cluster.Payouts.Take(MostPayouts).Select(p => new CandidatePayoutAnswer(
            Address.FromScript(p.Script.Span, network), Convert.ToHexStringLower(p.Script.Span), p.Blocks, p.MajorityBlocks))],
        [.. cluster.Blocks.TakeLast(MostExamples).Reverse().Select(b => new ExampleAnswer(
            b.Height, b.Hash.ToString(), Convert.ToHexStringLower(b.Traces.ScriptSig.Span), Printable(b.Traces.ScriptSig.Span)))],
        suggestion is null ? null : new SuggestionAnswer(
            suggestion.Slug, suggestion.Name, [.. suggestion.Tags.Select(Describe)], [.. suggestion.Addresses.Select(Describe)], suggestion.Note));

    private static CustodyPoolAnswer Describe(CustodyUse use, PoolName pool) =>
        new(pool.Slug, pool.Name, use.Blocks, use.MajorityBlocks, use.FirstHeight, use.LastHeight, use.MostOutputs);

    private static TraceAnswer? Describe(SharedTrace? trace) => trace is null ? null : new TraceAnswer(trace.Text, trace.Blocks);

    private static SuggestedRuleAnswer Describe(PoolRule rule) => new(rule.Text);
}
