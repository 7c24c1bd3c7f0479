using System.ComponentModel;
using System.Globalization;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>Blocks and why they are attributed as they are, down to the bytes of the coinbase; read from the database.</summary>
internal static class BlockEndpoints
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;

    public static void MapBlocks(this RouteGroupBuilder routes)
    {
        routes.MapGet("/blocks", GetBlocksAsync).WithName("GetBlocks").WithSummary("Blocks of the active chain, newest first")
            .Produces<BlocksAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
        routes.MapGet("/blocks/{block}", GetBlockAsync).WithName("GetBlock").WithSummary("One block with its evidence; by hash also a stale one")
            .Produces<BlockAnswer>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<BlocksAnswer> GetBlocksAsync(
        [Description("How many, 1 to 1000; default 100.")] string? limit,
        [Description("Only blocks below this height; next of the answer before.")] string? before,
        [AsParameters] PointParameters asOf, CurrentSnapshot current, BlockQueries blocks, PointInTime point, HttpContext http, CancellationToken cancellationToken)
    {
        var chain = current.Required().Chain;
        var count = QueryRules.ReadInteger("limit", limit, DefaultLimit, 1, HighestLimit);
        var below = QueryRules.ReadInteger("before", before, int.MaxValue, 0, int.MaxValue);
        if (chain.Count == 0 || below <= chain.FirstHeight)
        {
            throw chain.Count == 0
                ? ProblemException.NotYet("No block is stored yet.")
                : ProblemException.BadParameter("before", $"before must be above the first stored height, {chain.FirstHeight}.");
        }

        var view = await point.FindViewAsync(asOf, cancellationToken);
        var (page, revision) = await blocks.GetPageAsync(below, count, view, cancellationToken);
        http.AnswerFrom(revision);
        var lowest = page.Count > 0 ? page[^1].Height : throw ProblemException.NotYet("The stored chain is being replaced.");
        return new BlocksAnswer(page, lowest > chain.FirstHeight ? lowest : null);
    }

    private static async Task<BlockAnswer> GetBlockAsync(
        [Description("A height, or a block hash of 64 hexadecimal digits.")] string block,
        [AsParameters] PointParameters asOf, CurrentSnapshot current, Installation installation, BlockQueries blocks, PointInTime point, HttpContext http, CancellationToken cancellationToken)
    {
        var found = await FindAsync(block, current.Required().Chain, installation.Chain.Network, blocks, PointInTime.IsThen(asOf), cancellationToken);
        http.AnswerFrom(found.Revision);
        return await point.FindViewAsync(asOf, cancellationToken) is { } view ? view.Of(found) : found.Answer;
    }

    private static async Task<StoredBlock> FindAsync(string block, ChainView chain, Network network, BlockQueries blocks, bool namesThen, CancellationToken cancellationToken)
    {
        if (BlockHash.TryParse(block, out var hash))
        {
            return await blocks.FindAsync(hash, network, namesThen, cancellationToken)
                ?? throw ProblemException.NotFound("No such block", "No block with this hash is stored, active or stale.");
        }

        if (!QueryRules.TryInteger(block, out var height))
        {
            throw ProblemException.BadParameter("block", "A block is named by its height or by its hash of 64 hexadecimal digits.");
        }

        return await blocks.FindAsync(height, network, namesThen, cancellationToken)
            ?? throw ProblemException.NotFound("No such block", chain.Count == 0
                ? "No block is stored yet."
                : $"No block is stored at this height; stored are {chain.FirstHeight} to {chain.TipHeight}.");
    }
}
