using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>A request that went through, and how many bytes of its answer.</summary>
/// <param name="Path">Without the query: <c>/</c> is JSON-RPC.</param>
public sealed record ProxiedRequest(string Path, string Query, int Status, long Bytes);

/// <summary>
/// In front of a real node that does not have <c>/rest/blockpart</c>: serves the parts of that node's blocks as Bitcoin Core 31 does, passes
/// everything else through, and counts. Where the node is away, the connection breaks.
/// </summary>
public sealed class BlockPartProxy : IAsyncDisposable
{
    private readonly LoopbackServer _server;
    private readonly HttpClient _node;
    private readonly ConcurrentQueue<ProxiedRequest> _requests = new();

    private readonly bool _withParts;
    private readonly ConcurrentDictionary<string, byte[]>? _kept;

    private BlockPartProxy(Uri node, bool withParts, bool keepsBlocks)
    {
        _withParts = withParts;
        _kept = keepsBlocks ? [] : null;
        _node = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = node };
        _server = new LoopbackServer(AnswerAsync);
    }

    public Uri Url => _server.Url;

    /// <summary>The status of a part that reaches past the block's end: 404 in Core 31; some of its descendants say 400.</summary>
    public int PastTheEnd { get; set; } = StatusCodes.Status404NotFound;

    /// <summary>All requests so far, in the order in which their answers ended.</summary>
    public IReadOnlyCollection<ProxiedRequest> Requests => _requests;

    /// <summary>How many requests there were below this path.</summary>
    public int CountOf(string path) => _requests.Count(request => request.Path.StartsWith(path, StringComparison.Ordinal));

    /// <summary>How many bytes the answers below this path had.</summary>
    public long BytesOf(string path) => _requests.Where(request => request.Path.StartsWith(path, StringComparison.Ordinal)).Sum(request => request.Bytes);

    public void ForgetRequests() => _requests.Clear();

    /// <param name="node">The address of the real node's RPC and REST.</param>
    /// <param name="withParts">False to pass requests for parts through as well, and only count.</param>
    /// <param name="keepsBlocks">Whether to ask the node for each block only once, as a node reads only the part from its disk.</param>
    public static BlockPartProxy Start(Uri node, bool withParts = true, bool keepsBlocks = false)
    {
        var proxy = new BlockPartProxy(node, withParts, keepsBlocks);
        proxy._server.Start();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _node.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        var bytes = 0L;
        try
        {
            bytes = _withParts && request.Path.StartsWithSegments(BlockPart.Path.TrimEnd('/')) ? await SendPartAsync(context) : await PassAsync(context);
        }
        catch (HttpRequestException)
        {
            context.Abort();
        }
        finally
        {
            _requests.Enqueue(new ProxiedRequest(request.Path.Value!, request.QueryString.Value!, context.Response.StatusCode, bytes));
        }
    }

    private async Task<long> SendPartAsync(HttpContext context)
    {
        var answer = await BlockPart.AnswerAsync(context.Request, hash => FindBlockAsync(hash, context.RequestAborted), PastTheEnd);
        await answer.SendAsync(context);
        return answer.Body.Length;
    }

    private async Task<byte[]?> FindBlockAsync(string hash, CancellationToken cancellationToken)
    {
        if (_kept is null)
        {
            return await FetchBlockAsync(hash, cancellationToken);
        }

        if (!_kept.TryGetValue(hash, out var kept) && await FetchBlockAsync(hash, cancellationToken) is { } fetched)
        {
            kept = _kept[hash] = fetched;
        }

        return kept;
    }

    private async Task<byte[]?> FetchBlockAsync(string hash, CancellationToken cancellationToken)
    {
        using var block = await _node.GetAsync($"/rest/block/{hash}.bin", cancellationToken);
        return block.StatusCode == HttpStatusCode.NotFound ? null : await block.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(cancellationToken);
    }

    private async Task<long> PassAsync(HttpContext context)
    {
        var (request, response, ended) = (context.Request, context.Response, context.RequestAborted);
        using var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), request.Path.Value + request.QueryString.Value);
        if (request.ContentLength > 0)
        {
            forwarded.Content = new StreamContent(request.Body) { Headers = { ContentLength = request.ContentLength } };
        }

        if (request.Headers.Authorization is [{ } authorization])
        {
            forwarded.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await _node.SendAsync(forwarded, HttpCompletionOption.ResponseHeadersRead, ended);
        response.StatusCode = (int)answer.StatusCode;
        response.ContentType = answer.Content.Headers.ContentType?.ToString();
        response.ContentLength = answer.Content.Headers.ContentLength;
        await using var body = await answer.Content.ReadAsStreamAsync(ended);
        return await CopyAsync(body, response.Body, ended);
    }

    /// <summary>Whoever reads only the beginning hangs up; what was sent until then is what was moved.</summary>
    private static async Task<long> CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var (buffer, copied) = (new byte[64 << 10], 0L);
        try
        {
            for (int read; (read = await from.ReadAsync(buffer, cancellationToken)) > 0; copied += read)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return copied;
        }

        return copied;
    }
}
