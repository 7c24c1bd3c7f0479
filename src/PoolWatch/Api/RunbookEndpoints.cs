using System.Collections.Frozen;
using System.Reflection;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace PoolWatch.Api;

/// <summary>What to do when an alert fires: the pages that alerts and dashboards link to, so that they need no copy of the source. Answered in every state.</summary>
internal static class RunbookEndpoints
{
    private const string Prefix = "runbooks/";
    private static readonly FrozenDictionary<string, string> Runbooks = Load();
    private static readonly string[] Names = [.. Runbooks.Keys.Order(StringComparer.Ordinal)];

    public static void MapRunbooks(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/runbooks", List).ExcludeFromDescription();
        routes.MapGet("/runbooks/{name}", Get).ExcludeFromDescription();
    }

    private static ContentHttpResult List() =>
        TypedResults.Text($"What to do when an alert fires:\n\n{string.Concat(Names.Select(n => $"/runbooks/{n}\n"))}", "text/plain; charset=utf-8");

    private static ContentHttpResult Get(string name, HttpRequest request, HttpResponse response)
    {
        if (!Runbooks.TryGetValue(name, out var text))
        {
            throw ProblemException.NotFound("No such runbook", $"There is no runbook of this name. There are {string.Join(", ", Names)}.");
        }

        // Some browsers save Markdown to a file instead of showing it. A browser is who asks for HTML.
        response.Headers.Vary = HeaderNames.Accept;
        response.Headers.ContentDisposition = "inline";
        var isBrowser = request.GetTypedHeaders().Accept.Any(a => a.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
        return TypedResults.Text(text, isBrowser ? "text/plain; charset=utf-8" : "text/markdown; charset=utf-8");
    }

    private static FrozenDictionary<string, string> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(r => r.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(r => r[Prefix.Length..], Read, StringComparer.Ordinal);

        string Read(string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            return reader.ReadToEnd();
        }
    }
}
