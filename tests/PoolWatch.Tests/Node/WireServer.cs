using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>An HTTP server for the answers that a real node does not give on demand. What a node does give is tested on a real one.</summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly LoopbackServer _server;

    private WireServer(LoopbackServer server) => _server = server;

    public Uri Url => _server.Url;

    public NodeAccess Access => new(Url, null, "user", "password");

    /// <summary>Answers each request, whose calls are given, as the test wants.</summary>
    public static Task<WireServer> StartAsync(Func<HttpContext, IReadOnlyList<JsonElement>, Task> answer)
    {
        var server = new LoopbackServer(async context =>
        {
            using var request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            await answer(context, [.. request.RootElement.EnumerateArray()]);
        });
        server.Start();
        return Task.FromResult(new WireServer(server));
    }

    /// <summary>Answers each request with this status and text.</summary>
    public static Task<WireServer> StartAsync(int status, string body) => StartAsync((context, _) =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>Answers each call with the JSON of its result.</summary>
    public static Task<WireServer> StartAsync(Func<string, string> resultOf) =>
        StartAsync((context, calls) => context.Response.WriteAsync(Batch(calls.Select(call => Result(call, resultOf(Method(call)))))));

    /// <summary>Answers each call with this error.</summary>
    public static Task<WireServer> StartWithErrorAsync(int code, string message) =>
        StartAsync((context, calls) => context.Response.WriteAsync(Batch(calls.Select(call =>
            $$"""{"result":null,"error":{"code":{{code}},"message":"{{message}}"},"id":{{call.GetProperty("id")}}}"""))));

    public static string Batch(IEnumerable<string> answers) => $"[{string.Join(',', answers)}]";

    public static string Result(JsonElement call, string result) => $$"""{"result":{{result}},"error":null,"id":{{call.GetProperty("id")}}}""";

    public static string Method(JsonElement call) => call.GetProperty("method").GetString()!;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
