using System.ComponentModel;
using System.Text;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>Which pool lists were active when, and each of them as it was.</summary>
internal static class PoolListEndpoints
{
    public static void MapPoolLists(this RouteGroupBuilder routes)
    {
        routes.MapGet("/pool-lists", GetPoolListsAsync).WithName("GetPoolLists").WithSummary("Every change of the active pool list, newest first")
            .Produces<PoolListsAnswer>().ProducesProblem(400).ProducesProblem(503);
        routes.MapGet("/pool-lists/{version}", GetPoolListAsync).WithName("GetPoolList").WithSummary("A pool list that is or was active, as a file of our format")
            .Produces(StatusCodes.Status200OK, null, "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<PoolListsAnswer> GetPoolListsAsync(CurrentSnapshot current, PoolListQueries lists, HttpContext http, CancellationToken cancellationToken)
    {
        current.Required();
        var (answer, revision) = await lists.GetChangesAsync(cancellationToken);
        http.AnswerFrom(revision);
        return answer;
    }

    private static async Task<IResult> GetPoolListAsync(
        [Description("Version of the list, 16 hexadecimal digits.")] string version, CurrentSnapshot current, PoolListQueries lists, CancellationToken cancellationToken)
    {
        current.Required();
        QueryRules.RefuseNoVersion("version", version);
        return await lists.FindContentAsync(version, cancellationToken) is { } content
            ? TypedResults.Text(content, "application/json", Encoding.UTF8)
            : throw ProblemException.NotFound("No such pool list", "No list of this version was ever active here; /v1/pool-lists has those that were.");
    }
}
