using System.ComponentModel;
using System.Text.Json;
using PoolWatch.Core.Inspection;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>What coinbases say that no pool list knows: unknown miners, shared payees, lists that disagree.</summary>
internal static class InspectionEndpoints
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;

    public static void MapInspection(this RouteGroupBuilder routes)
    {
        routes.MapGet("/unknown", GetUnknownAsync).WithName("GetUnknown").WithSummary("Unknown blocks that seem to have one maker, with a rule to suggest")
            .Produces<UnknownMinersAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/custody-overlaps", GetOverlapsAsync).WithName("GetCustodyOverlaps").WithSummary("Payees that blocks of several pools share")
            .Produces<CustodyOverlapsAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/list-check", GetListCheck).WithName("GetListCheck").WithSummary("Blocks about which three pool lists disagree, and why")
            .Produces<ListCheckAnswer>().ProducesProblem(400).ProducesProblem(503);
    }

    private static async Task<UnknownMinersAnswer> GetUnknownAsync(
        [AsParameters] WindowParameters window, CurrentSnapshot current, Installation installation, WindowInspection inspection, CancellationToken cancellationToken)
    {
        var snapshot = current.Required();
        var blocks = ReadWindow(current, snapshot, window);
        var report = await inspection.FindUnknownAsync(snapshot, blocks, cancellationToken);
        return InspectionAnswers.Describe(snapshot, blocks, report, installation.Chain.Network);
    }

    private static async Task<CustodyOverlapsAnswer> GetOverlapsAsync(
        [AsParameters] WindowParameters window, CurrentSnapshot current, Installation installation, WindowInspection inspection, CancellationToken cancellationToken)
    {
        var snapshot = current.Required();
        var blocks = ReadWindow(current, snapshot, window);
        var overlaps = await inspection.FindOverlapsAsync(snapshot, blocks, cancellationToken);
        return InspectionAnswers.Describe(snapshot, blocks, overlaps, installation.Chain.Network);
    }

    private static ListCheckAnswer GetListCheck(
        [Description("How many, 1 to 1000; default 100.")] string? limit,
        [Description("Only blocks below this height; next of the answer before.")] string? before,
        CurrentSnapshot current)
    {
        var snapshot = current.Required();
        var count = QueryRules.ReadInteger("limit", limit, DefaultLimit, 1, HighestLimit);
        var below = QueryRules.ReadInteger("before", before, int.MaxValue, 0, int.MaxValue);
        var inspection = snapshot.Inspection;
        if (inspection.Blocks.Count == 0)
        {
            throw ProblemException.NotYet("No block is stored yet.");
        }

        var differing = inspection.Differing.Where(b => b.Height < below).Reverse().ToList();
        var page = differing.Take(count).ToList();
        return new ListCheckAnswer(
            WindowQuery.Describe(snapshot.Chain, new BlockWindow(inspection.Blocks[0].Height, inspection.Blocks[^1].Height)),
            inspection.Differing.Count,
            (double)inspection.Differing.Count / inspection.Blocks.Count,
            [.. page.Select(b => Describe(b, b.Difference!))],
            differing.Count > count ? page[^1].Height : null);
    }

    private static ListDifferenceAnswer Describe(InspectedBlock block, ListDifference found) => new(
        block.Height, block.Hash.ToString(), found.Ours, found.Mempool, found.BitcoinData,
        [.. found.Reasons.Select(r => new ListReasonAnswer(Snake(r.Kind), Snake(r.List), Snake(r.Rule.Kind), r.Rule.Text, r.Owner))]);

    private static string Snake<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static BlockWindow ReadWindow(CurrentSnapshot current, Snapshot snapshot, WindowParameters parameters)
    {
        if (parameters.From is null && parameters.To is null)
        {
            QueryRules.ReadInteger("window", parameters.Window, WindowQuery.DefaultWindow, 1, WindowInspection.LongestWindow);
        }

        var blocks = WindowQuery.Read(snapshot, parameters);
        if (blocks.Blocks > WindowInspection.LongestWindow)
        {
            throw ProblemException.BadParameter("from", $"The window has {blocks.Blocks} blocks; at most {WindowInspection.LongestWindow} can be looked at at once.");
        }

        return current.DatabaseUp || snapshot.Inspection.Covers(blocks)
            ? blocks
            : throw new DatabaseUnavailableException("The database did not answer when last asked.");
    }
}
