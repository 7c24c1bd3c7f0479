using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>An HTTP server for the answers that a real node does not give on demand. What a node does give is tested on a real one.</summary>
public sealed class WireServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WireServer(WebApplication app, Uri url) => (_app, Url) = (app, url);

    public Uri Url { get; }

    public NodeAccess Access => new(Url, null, "user", "password");

    /// <summary>Answers each request, whose calls are given, as the test wants.</summary>
    public static async Task<WireServer> StartAsync(Func<HttpContext, IReadOnlyList<JsonElement>, Task> answer)
    {
        var url = new Uri($"http://127.0.0.1:{Ports.Free(1)[0]}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url.ToString());
        var app = builder.Build();
        app.Run(async context =>
        {
            using var request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            await answer(context, [.. request.RootElement.EnumerateArray()]);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WireServer(app, url);
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

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
