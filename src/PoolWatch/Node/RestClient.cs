using System.Net;
using System.Text;
using PoolWatch.Settings;

namespace PoolWatch.Node;

/// <summary>Talks to the REST interface of Bitcoin Core and its relatives (<c>-rest=1</c>): bytes instead of text, and nobody signs in.</summary>
internal sealed class RestClient : IDisposable
{
    private const int LongestRefusal = 300;

    private readonly NodeHttp _http;
    private readonly NodeSettings _settings;

    /// <param name="settings">Where the node listens.</param>
    /// <param name="answerTimeout">How long an answer may take to its last byte; null for 60 seconds.</param>
    public RestClient(NodeSettings settings, TimeSpan? answerTimeout = null) => (_settings, _http) = (settings, new NodeHttp(settings, answerTimeout));

    /// <summary>Asks for a path and hands the answer to a reader, who takes as much of it as it needs.</summary>
    /// <exception cref="BlockSourceException">The node can't be used, or is busy (<see cref="IsBusy"/>).</exception>
    public Task<T> GetAsync<T>(string path, Func<RestAnswer, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) =>
        _http.ExchangeAsync(async (http, limit) =>
        {
            using var response = await http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, limit);
            await using var body = await response.Content.ReadAsStreamAsync(limit);
            var refusal = response.StatusCode == HttpStatusCode.OK ? "" : await ReadTextAsync(body, limit);
            return response.StatusCode == HttpStatusCode.ServiceUnavailable
                ? throw Unavailable(refusal)
                : await read(new RestAnswer(response.StatusCode, refusal, body), limit);
        }, cancellationToken);

    /// <summary>Whether the node turned a request away because too many are waiting: fewer at a time may pass.</summary>
    public static bool IsBusy(BlockSourceException exception) => exception.InnerException is BusyException;

    public BlockSourceException Bad(string what, Exception? cause = null) =>
        new(SourceFault.BadAnswer, $"The node at {_settings} {what}", cause);

    public void Dispose() => _http.Dispose();

    /// <summary>Both answers are HTTP 503: the node is starting, or its queue of requests is full.</summary>
    private BlockSourceException Unavailable(string text) => text.Contains("temporarily unavailable", StringComparison.OrdinalIgnoreCase)
        ? new BlockSourceException(SourceFault.WarmingUp, $"The node at {_settings} is still starting: {text}")
        : _http.Busy(new BusyException());

    private static async Task<string> ReadTextAsync(Stream body, CancellationToken cancellationToken)
    {
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
