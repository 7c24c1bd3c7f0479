using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>The service as a process of its own, as a user starts it: to be killed, interrupted and started again.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ChildProcess _child;
    private readonly HttpClient _http;

    private ServiceProcess(ChildProcess child, int port)
    {
        _child = child;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(5) };
    }

    public int Id => _child.Id;

    public Uri Url => _http.BaseAddress!;

    public string Output => _child.Output;

    public bool HasExited => _child.HasExited;

    public static Task<ServiceProcess> StartAsync(params IEnumerable<string> settings) => StartInAsync([], settings);

    /// <param name="environment">Variables, written <c>NAME=value</c>, that only this process gets.</param>
    /// <param name="settings">Without their leading dashes.</param>
    /// <param name="installed">Folder of the program; null for the one that was built with the tests.</param>
    public static async Task<ServiceProcess> StartInAsync(IEnumerable<string> environment, IEnumerable<string> settings, string? installed = null)
    {
        var port = Ports.Free(1)[0];
        string[] all = [$"PoolWatch:Listen=http://127.0.0.1:{port}", "PoolWatch:Schedule=1s", .. settings];
        var program = Path.Combine(installed ?? AppContext.BaseDirectory, "PoolWatch.dll");
        // A shell that runs the tests in the background has made them, and so every child of theirs, ignore Ctrl-C.
        var child = await ChildProcess.StartAsync("env", ["--default-signal=INT", .. environment, "dotnet", program, .. all.Select(s => $"--{s}")]);
        return new ServiceProcess(child, port);
    }

    /// <summary>Starts with these environment variables and no argument, as a container does; the address in one of them is replaced by a free one on loopback.</summary>
    public static async Task<ServiceProcess> StartWithEnvironmentAsync(IReadOnlyDictionary<string, string> environment, string addressVariable, string address)
    {
        var port = Ports.Free(1)[0];
        var free = environment[addressVariable].Replace(address, $"127.0.0.1:{port}", StringComparison.Ordinal);
        var variables = environment.Where(e => e.Key != addressVariable).Select(e => $"{e.Key}={e.Value}").Append($"{addressVariable}={free}");
        var child = await ChildProcess.StartAsync("env", ["--default-signal=INT", .. variables, "dotnet", Path.Combine(AppContext.BaseDirectory, "PoolWatch.dll")]);
        return new ServiceProcess(child, port);
    }

    public Task<string> GetTextAsync(string path) => _http.GetStringAsync(path, TestContext.Current.CancellationToken);

    /// <summary>The status; null while nothing answers.</summary>
    public async Task<JsonElement?> TryGetStatusAsync()
    {
        try
        {
            return await _http.GetFromJsonAsync<JsonElement>("/v1/status", TestContext.Current.CancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException && !_child.HasExited)
        {
            return null;
        }
    }

    public async Task<JsonElement> WaitAsync(Func<JsonElement, bool> wanted, int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (true)
        {
            if (await TryGetStatusAsync() is { } status && wanted(status))
            {
                return status;
            }

            Assert.False(limit.IsCancellationRequested || _child.HasExited, $"Not reached; the service wrote:\n{_child.Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public Task<JsonElement> WaitForTipAsync(string hash, int seconds = 60) => WaitAsync(s => ServiceStatus.Follows(s, hash), seconds);

    public Task KillAsync() => _child.KillAsync();

    /// <summary>What Ctrl-C does; it ends without complaint.</summary>
    /// <returns>How long it took to end.</returns>
    public Task<TimeSpan> InterruptAsync() => EndAsync("INT");

    /// <summary>What systemd, Docker and Kubernetes do; it ends without complaint.</summary>
    /// <returns>How long it took to end.</returns>
    public Task<TimeSpan> TerminateAsync() => EndAsync("TERM");

    /// <summary>A signal at a moment when the program may not listen to signals yet.</summary>
    /// <returns>The exit code, and how long it took to end.</returns>
    public async Task<(int ExitCode, TimeSpan Duration)> SignalAsync(string signal)
    {
        var start = TimeProvider.System.GetTimestamp();
        await SendAsync(signal);
        await _child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_child.ExitCode, TimeProvider.System.GetElapsedTime(start));
    }

    private async Task<TimeSpan> EndAsync(string signal)
    {
        var (exitCode, duration) = await SignalAsync(signal);
        Assert.True(exitCode == 0, $"Ended with code {exitCode} after:\n{_child.Output}");
        return duration;
    }

    /// <summary>Sends a signal and waits for nothing.</summary>
    /// <param name="signal">Its name without SIG: STOP, CONT.</param>
    public Task SendAsync(string signal) => ProcessTree.SignalAsync(signal, [Id]);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _child.DisposeAsync();
    }
}
