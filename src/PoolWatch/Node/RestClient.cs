using System.Net;
using System.Net.Sockets;
using System.Text;
using PoolWatch.Settings;

namespace PoolWatch.Node;

/// <summary>Talks to the REST interface of Bitcoin Core and its relatives (<c>-rest=1</c>): bytes instead of text, and nobody signs in.</summary>
internal sealed class RestClient : IDisposable
{
    private const int LongestRefusal = 300;

    /// <summary>What is left of an answer that is no longer wanted: less than this is read away, more ends the connection.</summary>
    private const int DrainedBytes = 128 << 10;

    private readonly HttpClient _http;
    private readonly NodeSettings _settings;
    private readonly TimeSpan _answerTimeout;

    /// <param name="settings">Where the node listens.</param>
    /// <param name="answerTimeout">How long an answer may take to its last byte; null for 60 seconds.</param>
    public RestClient(NodeSettings settings, TimeSpan? answerTimeout = null)
    {
        (_settings, _answerTimeout) = (settings, answerTimeout ?? TimeSpan.FromSeconds(60));
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseDrainSize = DrainedBytes,
        };
        _http = new HttpClient(handler) { BaseAddress = settings.Url, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Asks for a path and hands the answer to a reader, who takes as much of it as it needs.</summary>
    /// <exception cref="BlockSourceException">The node can't be used, or is busy (<see cref="IsBusy"/>).</exception>
    public async Task<T> GetAsync<T>(string path, Func<RestAnswer, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_answerTimeout);
        try
        {
            using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                throw Unavailable(await ReadTextAsync(response, limit.Token));
            }

            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            var found = response.StatusCode == HttpStatusCode.OK;
            var text = found ? "" : await ReadTextAsync(response, limit.Token);
            return await read(new RestAnswer(response.StatusCode, text, body), limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            throw new BlockSourceException(SourceFault.Unreachable, $"No node answers at {_settings}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BlockSourceException(SourceFault.Unreachable, $"The node at {_settings} gave no answer within {_answerTimeout.TotalSeconds} s.", e);
        }
    }

    /// <summary>Whether the node turned a request away because too many are waiting: fewer at a time may pass.</summary>
    public static bool IsBusy(BlockSourceException exception) => exception.InnerException is BusyException;

    public BlockSourceException Bad(string what, Exception? cause = null) =>
        new(SourceFault.BadAnswer, $"The node at {_settings} {what}", cause);

    public void Dispose() => _http.Dispose();

    /// <summary>Both answers are HTTP 503: the node is starting, or its queue of requests is full.</summary>
    private BlockSourceException Unavailable(string text) => text.Contains("temporarily unavailable", StringComparison.OrdinalIgnoreCase)
        ? new BlockSourceException(SourceFault.WarmingUp, $"The node at {_settings} is still starting: {text}")
        : new BlockSourceException(SourceFault.Unreachable, $"The node at {_settings} has too much to do to answer (HTTP 503): see rpcworkqueue.", new BusyException());

    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[LongestRefusal];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }

    private sealed class BusyException : Exception;
}

/// <summary>An answer of the REST interface whose body is still to be read.</summary>
/// <param name="Status">200, or why not.</param>
/// <param name="Refusal">What the node says instead of an answer; empty with one, and where the node knows no such path.</param>
/// <param name="Body">The answer.</param>
internal readonly record struct RestAnswer(HttpStatusCode Status, string Refusal, Stream Body)
{
    public bool IsFound => Status == HttpStatusCode.OK;
}
