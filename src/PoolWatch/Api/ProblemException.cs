using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>A request that can't be answered, for a reason that the caller should read: it becomes problem details (RFC 9457).</summary>
internal sealed class ProblemException(int status, string title, string detail, string? parameter = null) : Exception(detail)
{
    public int Status { get; } = status;

    public string Title { get; } = title;

    /// <summary>The query or path parameter to change; null where none is to blame.</summary>
    public string? Parameter { get; } = parameter;

    public static ProblemException BadParameter(string parameter, string detail) =>
        new(StatusCodes.Status400BadRequest, "Invalid parameter", detail, parameter);

    public static ProblemException NotFound(string what, string detail) => new(StatusCodes.Status404NotFound, what, detail);

    public static ProblemException NotYet(string detail) => new(StatusCodes.Status503ServiceUnavailable, "Not available yet", detail);
}

/// <summary>Turns exceptions into problem details; only what nobody foresaw is a 500, and is logged.</summary>
internal sealed class ProblemExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            ProblemException e => e,
            BadHttpRequestException e => new ProblemException(e.StatusCode, "Bad request", e.Message),
            DatabaseBusyException e => ProblemException.NotYet(e.Message),
            _ when Database.IsOutage(exception) => ProblemException.NotYet("The database does not answer. Shares, concentration, pools "
                + "and status are served from memory; blocks are not."),
            _ => null,
        };
        if (problem is null)
        {
            return false;
        }

        var details = new ProblemDetails { Status = problem.Status, Title = problem.Title, Detail = problem.Message };
        if (problem.Parameter is not null)
        {
            details.Extensions["parameter"] = problem.Parameter;
        }

        httpContext.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "5";
        }

        // Who accepts no JSON is answered all the same (RFC 9110, 12.4.1): the writer would refuse, and a 500 come of it.
        httpContext.Request.Headers.Accept = default;
        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = details });
    }
}
