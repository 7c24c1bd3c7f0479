using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PoolWatch.Settings;

namespace PoolWatch.Node;

/// <summary>Talks JSON-RPC to Bitcoin Core and its relatives, always in batches, so that one call and a thousand are one code path.</summary>
internal sealed class NodeClient : IDisposable
{
    /// <summary>The node is still loading its block index (RPC_IN_WARMUP).</summary>
    private const int WarmUpCode = -28;

    /// <summary>Of a batch of any number of calls; whoever asks for large blocks asks for fewer then.</summary>
    private const long MostBytes = 64L << 20;
    private const long MostBytesOfDescriptions = 64L << 10;
    private const int FirstBytes = 64 << 10;

    private readonly NodeHttp _http;
    private readonly NodeSettings _settings;
    private string? _credentials;

    /// <param name="settings">Where the node listens and how to sign in.</param>
    /// <param name="answerTimeout">How long an answer may take; null for 60 seconds.</param>
    public NodeClient(NodeSettings settings, TimeSpan? answerTimeout = null) => (_settings, _http) = (settings, new NodeHttp(settings, answerTimeout));

    /// <summary>The answers to many calls, in their order; errors of single calls are left to the caller.</summary>
    /// <exception cref="BlockSourceException">
    /// The node can't be used, or the answer as a whole is no batch, or it is too long (<see cref="IsTooLong"/>).
    /// </exception>
    public async Task<RpcBatch> SendAsync(IReadOnlyList<RpcCall> calls, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(calls.Select((c, i) => new { jsonrpc = "1.0", id = i, method = c.Method, @params = c.Parameters }));
        var body = await PostAsync(request, Math.Min(MostBytes, MostBytesOfDescriptions + calls.Sum(c => c.MostBytes)), cancellationToken);
        var batch = RpcBatch.Parse(body, calls.Count);
        for (var i = 0; i < calls.Count; i++)
        {
            if (batch[i].ErrorCode == WarmUpCode)
            {
                var message = batch[i].ErrorMessage;
                batch.Dispose();
                throw new BlockSourceException(SourceFault.WarmingUp, $"The node at {_settings} is still starting: {message}");
            }
        }

        return batch;
    }

    /// <summary>Reads a result, turning the node's own error and unexpected shapes into exceptions that say what was asked.</summary>
    public T Read<T>(RpcCall call, RpcAnswer answer, Func<JsonElement, T> read)
    {
        if (answer.ErrorCode is { } code)
        {
            throw new BlockSourceException(SourceFault.BadAnswer, $"The node at {_settings} answers {call.Method} with error {code}: "
                + $"{answer.ErrorMessage}");
        }

        try
        {
            return read(answer.Result);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new BlockSourceException(SourceFault.BadAnswer, $"The node at {_settings} answers {call.Method} with something unexpected.", e);
        }
    }

    /// <summary>Whether an answer had more bytes than an answer may have; to fewer calls it may be shorter.</summary>
    public static bool IsTooLong(BlockSourceException e) => e.InnerException is TooLongException;

    public void Dispose() => _http.Dispose();

    private Task<RentedBytes> PostAsync(byte[] request, long mostBytes, CancellationToken cancellationToken) => _http.ExchangeAsync(async (http, limit) =>
    {
        var fresh = _credentials is null;
        var (status, body) = await PostOnceAsync(http, request, _credentials ??= ReadCredentials(), mostBytes, limit);
        if (status == HttpStatusCode.Unauthorized && !fresh)
        {
            // The node writes a new cookie at each start.
            (status, body) = await PostOnceAsync(http, request, _credentials = ReadCredentials(), mostBytes, limit);
        }

        if (status is HttpStatusCode.OK or HttpStatusCode.InternalServerError)
        {
            return body ?? throw new BlockSourceException(
                SourceFault.BadAnswer, $"The server at {_settings} answers with more than {mostBytes} bytes: it may not be a Bitcoin node.", new TooLongException());
        }

        body?.Dispose();
        throw status switch
        {
            HttpStatusCode.Unauthorized => Refused("refuses the user and password or cookie (HTTP 401): see PoolWatch:Node:CookieFile, or :User and :Password"),
            HttpStatusCode.Forbidden => Refused("does not accept connections from here (HTTP 403): see rpcallowip and rpcwhitelist"),
            HttpStatusCode.ServiceUnavailable => _http.Busy(),
            _ => new BlockSourceException(SourceFault.BadAnswer, $"The server at {_settings} answers HTTP {(int)status}: it "
                + "may not be a Bitcoin node."),
        };
    }, cancellationToken);

    private BlockSourceException Refused(string what)
    {
        _credentials = null;
        return new BlockSourceException(SourceFault.Unauthorized, $"The node at {_settings} {what}.");
    }

    /// <returns>Status and body; no body where it has more than <paramref name="mostBytes"/>, or says so.</returns>
    private static async Task<(HttpStatusCode Status, RentedBytes? Body)> PostOnceAsync(
        HttpClient http, byte[] request, string credentials, long mostBytes, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/")
        {
            Content = new ByteArrayContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { Authorization = new AuthenticationHeaderValue("Basic", credentials) },
        };
        using var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var length = response.Content.Headers.ContentLength ?? FirstBytes;
        if (length > mostBytes)
        {
            return (response.StatusCode, null);
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        // One byte more than there should be shows the end of the answer without another buffer.
        var body = new RentedBytes((int)length + 1);
        if (await body.AddAllAsync(stream, mostBytes, cancellationToken))
        {
            return (response.StatusCode, body);
        }

        body.Dispose();
        return (response.StatusCode, null);
    }

    private string ReadCredentials()
    {
        if (_settings.User is not null)
        {
            return Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_settings.User}:{_settings.Password}"));
        }

        try
        {
            return Convert.ToBase64String(Encoding.UTF8.GetBytes(File.ReadAllText(_settings.CookieFile!).Trim()));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw NoCookie(SourceFault.Unreachable, "does not exist: the node is not running, or keeps its data elsewhere "
                + "(PoolWatch:Node:CookieFile)", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoCookie(SourceFault.Unauthorized, "can't be read by this user", e);
        }
    }

    private BlockSourceException NoCookie(SourceFault fault, string what, Exception cause) =>
        new(fault, $"The cookie file '{_settings.CookieFile}' {what}.", cause);

    private sealed class TooLongException : Exception;
}
