using System.Net.Sockets;
using PoolWatch.Settings;

namespace PoolWatch.Node;

/// <summary>HTTP to the node, the same for JSON-RPC and REST: how long it is waited for, and what becomes of everything that goes wrong on the way.</summary>
internal sealed class NodeHttp : IDisposable
{
    /// <summary>What is left of an answer that is no longer wanted: less than this is read away, more ends the connection.</summary>
    private const int DrainedBytes = 128 << 10;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;
    private readonly NodeSettings _settings;
    private readonly TimeSpan _answerTimeout;

    /// <param name="settings">Where the node listens.</param>
    /// <param name="answerTimeout">How long an answer may take to its last byte; null for 60 seconds.</param>
    public NodeHttp(NodeSettings settings, TimeSpan? answerTimeout)
    {
        (_settings, _answerTimeout) = (settings, answerTimeout ?? AnswerTimeout);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // A node in a container comes back at another address of the same name.
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseDrainSize = DrainedBytes,
        };
        _http = new HttpClient(handler) { BaseAddress = settings.Url, Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Makes one exchange, request and answer.</summary>
    /// <exception cref="BlockSourceException">The node does not answer, breaks off, or takes too long.</exception>
    public async Task<T> ExchangeAsync<T>(Func<HttpClient, CancellationToken, Task<T>> exchange, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_answerTimeout);
        try
        {
            return await exchange(_http, limit.Token);
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ResponseEnded)
        {
            throw Unreachable($"The node at {_settings} broke off its answer: {e.Message}", e);
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            // A server that goes away while it accepts shows as a bare SocketException; what a wrapped one says is within.
            throw Unreachable($"No node answers at {_settings}: {e.GetBaseException().Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"The node at {_settings} gave no answer within {_answerTimeout.TotalSeconds} s.", e);
        }
    }

    /// <summary>HTTP 503 with a full queue of requests.</summary>
    /// <param name="cause">What tells this fault from others.</param>
    public BlockSourceException Busy(Exception? cause = null) =>
        Unreachable($"The node at {_settings} has too much to do to answer (HTTP 503): see rpcworkqueue.", cause);

    public void Dispose() => _http.Dispose();

    private static BlockSourceException Unreachable(string message, Exception? cause) => new(SourceFault.Unreachable, message, cause);
}
