using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>
/// A real Bitcoin node on regtest, reachable on the loopback interface only. The program is <c>BITCOIND</c> or <c>bitcoind</c> in
/// PATH; without one a test fails, it never skips.
/// </summary>
public sealed class BitcoinNode : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory? _ownDirectory;
    private string[] _extraArguments;
    private readonly BitcoinRpc _rpc;
    private ChildProcess? _process;

    private BitcoinNode(string? dataDirectory, string[] extraArguments)
    {
        _ownDirectory = dataDirectory is null ? new TemporaryDirectory() : null;
        DataDirectory = dataDirectory ?? _ownDirectory!.Path;
        _extraArguments = extraArguments;
        var ports = Ports.Free(2);
        (RpcPort, PeerPort) = (ports[0], ports[1]);
        _rpc = new BitcoinRpc(Url, CookieFile);
    }

    public string DataDirectory { get; }

    public int RpcPort { get; }

    public int PeerPort { get; }

    public Uri Url => new($"http://127.0.0.1:{RpcPort}");

    public string CookieFile => Path.Combine(DataDirectory, "regtest", ".cookie");

    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("The node does not run.");

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Starts a node and waits until it answers.</summary>
    /// <param name="dataDirectory">An existing folder to go on with, which stays; none: a new one, deleted at the end.</param>
    /// <param name="extraArguments">For example <c>-zmqpubhashblock=tcp://127.0.0.1:…</c>; a later argument overrides an earlier one.</param>
    public static async Task<BitcoinNode> StartAsync(string? dataDirectory = null, params string[] extraArguments)
    {
        var node = new BitcoinNode(dataDirectory, extraArguments);
        try
        {
            await node.StartProcessAsync();
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public Task<JsonElement> CallAsync(string method, params object?[] parameters) =>
        _rpc.CallAsync(method, parameters, TestContext.Current.CancellationToken);

    public async Task<T> CallAsync<T>(string method, params object?[] parameters) =>
        (await CallAsync(method, parameters)).Deserialize<T>()!;

    /// <summary>The same method with each of the parameter lists, in one request, answered in order.</summary>
    public Task<IReadOnlyList<JsonElement>> BatchAsync(string method, IEnumerable<object?[]> calls) =>
        _rpc.BatchAsync(method, calls, TestContext.Current.CancellationToken);

    /// <summary>Ends the node as its owner would.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
        {
            return;
        }

        await CallAsync("stop");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await ReleaseProcessAsync();
    }

    /// <summary>kill -9.</summary>
    public Task KillAsync() => ReleaseProcessAsync();

    /// <summary>Starts the node again with the same data and ports, after stopping it if it runs.</summary>
    /// <param name="moreArguments">From now on; a later argument overrides an earlier one.</param>
    public async Task RestartAsync(params string[] moreArguments)
    {
        await StopAsync();
        _extraArguments = [.. _extraArguments, .. moreArguments];
        await StartProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await ReleaseProcessAsync();
        _rpc.Dispose();
        _ownDirectory?.Dispose();
    }

    private async Task ReleaseProcessAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    private async Task StartProcessAsync()
    {
        _process = await ChildProcess.StartAsync(Program(), [.. Arguments(), .. _extraArguments]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(StartLimit);
        while (!await AnswersAsync(limit.Token))
        {
            if (_process.HasExited || limit.IsCancellationRequested)
            {
                throw new InvalidOperationException(
                    $"The Bitcoin node did not start. It wrote:\n{_process.Output}\nThe end of its log:\n{LogTail()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }

    // After kill -9 the old cookie is still there; until the new one replaces it, the node refuses the call, or there is none for a moment.
    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        const int warmingUp = -28;
        if (!File.Exists(CookieFile))
        {
            return false;
        }

        try
        {
            await _rpc.CallAsync("getblockcount", [], cancellationToken);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or FileNotFoundException or BitcoinRpcException { Code: warmingUp })
        {
            return false;
        }
    }

    private string[] Arguments() =>
    [
        "-regtest", $"-datadir={DataDirectory}", "-server=1", "-rest=1", "-printtoconsole=0", "-disablewallet=1",
        $"-rpcport={RpcPort}", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1",
        "-listen=1", $"-port={PeerPort}", $"-bind=127.0.0.1:{PeerPort}", "-listenonion=0",
        "-connect=0", "-dnsseed=0", "-fixedseeds=0", "-natpmp=0",
        "-checkblockindex=0", "-checkmempool=0", "-maxtipage=2000000000", "-dbcache=16",
    ];

    private static string Program()
    {
        if (Environment.GetEnvironmentVariable("BITCOIND") is { Length: > 0 } named)
        {
            return named;
        }

        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return folders.Select(folder => Path.Combine(folder, "bitcoind")).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                "No Bitcoin node: BITCOIND is not set and PATH has no bitcoind. `./build test` fetches one.");
    }

    private string LogTail()
    {
        var log = Path.Combine(DataDirectory, "regtest", "debug.log");
        return File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "(there is no log)";
    }
}
