using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>A request to a <see cref="FakeNode"/>.</summary>
/// <param name="description">The methods of a JSON-RPC batch, or path and query.</param>
public sealed class FakeRequest(string description)
{
    public string Description { get; } = description;

    public int Status { get; internal set; }

    /// <summary>Of the body, as far as it was sent until now.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Whether the answer was sent, or whoever asked has hung up.</summary>
    public bool Ended { get; internal set; }
}

/// <summary>
/// A node at the wire for what a real one will not do on demand: a chain in memory, spoken of by JSON-RPC with a cookie and by REST without, on
/// one port as Bitcoin Core does. A test switches its faults on and off; each request sees those of its own moment.
/// </summary>
public sealed class FakeNode : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<string, byte[]> _blocks = new();
    private readonly ConcurrentQueue<FakeRequest> _requests = new();
    private readonly LoopbackServer _server;
    private volatile FakeChain _chain;
    private volatile FakeChain? _otherChain;
    private volatile string _accepted = "";
    private int _turn;
    private int _flaps;

    private FakeNode(FakeChain chain)
    {
        _chain = chain;
        Remember(chain);
        RotateCookie();
        _server = new LoopbackServer(AnswerAsync);
    }

    public Uri Url => _server.Url;

    public string CookieFile => Path.Combine(_directory.Path, ".cookie");

    /// <summary>Its active chain. Blocks of the chains before stay readable.</summary>
    public FakeChain Chain
    {
        get => _chain;
        set
        {
            Remember(value);
            _chain = value;
        }
    }

    /// <summary>How many requests were answered from the other chain.</summary>
    public int Flaps => _flaps;

    /// <summary>Where not null, the active chain is this one at every second request.</summary>
    public FakeChain? FlapsTo
    {
        get => _otherChain;
        set
        {
            Remember(value ?? _chain);
            _otherChain = value;
        }
    }

    /// <summary>What it still does before it answers; null for nothing.</summary>
    public string? WarmingUp { get; set; }

    /// <summary>What it says its tip is; null for the truth.</summary>
    public (int Height, string Hash)? ClaimedTip { get; set; }

    /// <summary>Whether it was started with <c>-rest</c>.</summary>
    public bool Rest { get; set; } = true;

    /// <summary>Whether it has <c>/rest/blockpart</c>.</summary>
    public bool Parts { get; set; }

    public WireFaults Wire { get; } = new();

    /// <summary>All requests so far.</summary>
    public IReadOnlyCollection<FakeRequest> Requests => _requests;

    /// <summary>The settings that make a service read it by a source.</summary>
    public IEnumerable<string> Settings(string source) => RunningService.ReadingNode(Url, CookieFile, source);

    public static async Task<FakeNode> StartAsync(FakeChain chain)
    {
        var node = new FakeNode(chain);
        node._server.Start();
        return node;
    }

    /// <summary>As at a restart: only the new cookie is good.</summary>
    /// <param name="written">False: the file is not written yet.</param>
    public void RotateCookie(bool written = true)
    {
        _accepted = $"__cookie__:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        if (written)
        {
            WriteCookie();
        }
    }

    public void WriteCookie() => File.WriteAllText(CookieFile, _accepted);

    /// <summary>Gives out other bytes for a block than its hash and header say.</summary>
    public void Tamper(MinedBlock block, Func<byte[], byte[]> change) => _blocks[block.Hash] = change(block.Bytes);

    /// <summary>Ends all its faults; it gives out the true bytes of all its blocks.</summary>
    public void Recover()
    {
        (WarmingUp, ClaimedTip, FlapsTo, Rest) = (null, null, null, true);
        WriteCookie();
        _blocks.Clear();
        Remember(_chain);
        Wire.Mend();
    }

    public void ForgetRequests() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    private void Remember(FakeChain chain)
    {
        foreach (var block in chain.Blocks)
        {
            _blocks.TryAdd(block.Hash, block.Bytes);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        FakeRequest? request = null;
        // Before the request is noted: whoever forgets the requests and then sets a fault finds each one that met it.
        var wire = Wire.Now();
        try
        {
            var (answer, methods) = await FindAnswerAsync(context);
            request = new FakeRequest(methods ?? context.Request.Path.Value + context.Request.QueryString.Value);
            _requests.Enqueue(request);
            await wire.SendAsync(context, request, answer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked has hung up.
            context.Abort();
        }
        finally
        {
            request?.Ended = true;
        }
    }

    private async Task<(NodeAnswer Answer, string? Methods)> FindAnswerAsync(HttpContext context)
    {
        var view = new FakeNodeView(NextChain(), _blocks.GetValueOrDefault, WarmingUp, ClaimedTip);
        if (context.Request.Path.StartsWithSegments("/rest"))
        {
            return (await FakeNodeRest.AnswerAsync(view, context.Request, Rest, Parts), null);
        }

        if (context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(_accepted)))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"jsonrpc\"";
            return (new NodeAnswer(StatusCodes.Status401Unauthorized, null, []), null);
        }

        using var request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        return (FakeNodeRpc.Answer(view, request.RootElement), FakeNodeRpc.Describe(request.RootElement));
    }

    private FakeChain NextChain()
    {
        if (_otherChain is not { } other || Interlocked.Increment(ref _turn) % 2 != 0)
        {
            return _chain;
        }

        Interlocked.Increment(ref _flaps);
        return other;
    }
}
