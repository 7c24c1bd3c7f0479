using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>
/// Entity tags: an answer stays the same as long as what it is made of does, so a client that has it is told so instead of being sent it again.
/// </summary>
internal static class EntityTags
{
    /// <summary>Marks answers with the snapshot that they are from, and answers 304 to whoever has them.</summary>
    public static TBuilder TagBySnapshot<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(async (context, next) =>
        {
            var (http, current) = (context.HttpContext, context.HttpContext.RequestServices.GetRequiredService<CurrentSnapshot>());
            var snapshot = current.Value;
            if (snapshot is null)
            {
                return await next(context);
            }

            var tag = new EntityTagHeaderValue(TagOf(snapshot, http.Request));
            if (Knows(http.Request, tag))
            {
                Mark(http.Response, tag);
                return TypedResults.StatusCode(StatusCodes.Status304NotModified);
            }

            var answer = await next(context);
            if (!IsGood(answer))
            {
                return answer;
            }

            // Of an answer that a change came between nobody can say what it is from.
            if (current.Value == snapshot && (http.Items[typeof(EntityTags)] as long? ?? snapshot.Stored.Revision) == snapshot.Stored.Revision)
            {
                Mark(http.Response, tag);
            }

            return http.Request.GetTypedHeaders().IfNoneMatch.Contains(EntityTagHeaderValue.Any) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : answer;
        });

    /// <summary>Says that an answer is not made of the snapshot but was read from the database at this revision.</summary>
    public static void AnswerFrom(this HttpContext http, long revision) => http.Items[typeof(EntityTags)] = revision;

    /// <summary>
    /// Everything that answers depend on: the question, chain, tip, list, rule and the program that wrote them. With the question in it nobody has a tag of what was
    /// refused, so who has one need not be asked whether the question is right.
    /// </summary>
    private static string TagOf(Snapshot snapshot, HttpRequest request)
    {
        var text = string.Join(
            '|', request.Path, request.QueryString, snapshot.Stored, snapshot.List.Version, snapshot.Algorithm, snapshot.Layers.Set.Version, typeof(EntityTags).Assembly.ManifestModule.ModuleVersionId,
            typeof(PoolAttributor).Assembly.ManifestModule.ModuleVersionId);
        return $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24]}\"";
    }

    private static bool Knows(HttpRequest request, EntityTagHeaderValue tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));

    /// <summary>An error is thrown; another address is not the answer.</summary>
    private static bool IsGood(object? answer) => answer is not RedirectHttpResult && answer is not INestedHttpResult { Result: RedirectHttpResult };

    private static void Mark(HttpResponse response, EntityTagHeaderValue tag)
    {
        response.GetTypedHeaders().ETag = tag;
        response.Headers.CacheControl = "no-cache";
    }
}
