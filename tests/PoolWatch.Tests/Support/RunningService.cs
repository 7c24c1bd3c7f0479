using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PoolWatch.Commands;

namespace PoolWatch.Tests.Support;

/// <summary>The whole service in this process, on a port of its own, with a real database.</summary>
public sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningService(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<WebAddress>().Url) };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts with these settings, written without their leading dashes: <c>PoolWatch:Source=sample</c>.</summary>
    public static async Task<RunningService> StartAsync(string connectionString, params IEnumerable<string> settings)
    {
        string[] all = ["PoolWatch:Listen=http://127.0.0.1:0", "PoolWatch:Schedule=1s", $"ConnectionStrings:PoolWatch={connectionString}", .. settings];
        var (app, errors) = ServeCommand.Build([.. all.Select(s => $"--{s}")], withConsole: false);
        Assert.Empty(errors);
        await app!.StartAsync(TestContext.Current.CancellationToken);
        return new RunningService(app);
    }

    /// <summary>The settings that make a service read a regtest node by a source.</summary>
    public static IEnumerable<string> ReadingNode(BitcoinNode node, string source = "rpc") => ReadingNode(node.Url, node.CookieFile, source);

    public static IEnumerable<string> ReadingNode(Uri url, string cookieFile, string source) =>
        ["PoolWatch:Network=regtest", $"PoolWatch:Source={source}", $"PoolWatch:Node:Url={url}", $"PoolWatch:Node:CookieFile={cookieFile}"];

    public async Task<JsonElement> GetAsync(string path) =>
        await Http.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

    public async Task<string> GetTextAsync(string path) => await Http.GetStringAsync(path, TestContext.Current.CancellationToken);

    public Task<JsonElement> StatusAsync() => GetAsync("/v1/status");

    /// <summary>Waits until the status is as wanted; fails with the last one after a while.</summary>
    public async Task<JsonElement> WaitAsync(Func<JsonElement, bool> wanted, int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            var status = await StatusAsync();
            if (wanted(status))
            {
                return status;
            }

            Assert.False(limit.IsCancellationRequested, $"Not reached within {seconds} s; the status is {status}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits until the chain that is served ends in this block, and the service follows it.</summary>
    public Task<JsonElement> WaitForTipAsync(string hash, int seconds = 60) => WaitAsync(s => ServiceStatus.Follows(s, hash), seconds);

    public Task WaitForSampleAsync() => WaitAsync(ServiceStatus.FollowsSample);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
