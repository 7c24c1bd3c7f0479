using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace PoolWatch.PoolLists;

/// <summary>A list on a web server: asked for only if it changed, never larger or slower than the limits.</summary>
internal sealed class HttpListSource : ListSource
{
    private const int MostRedirects = 5;

    private readonly Uri _url;
    private readonly TimeSpan _timeout;
    private readonly HttpClient _http;
    private EntityTagHeaderValue? _tag;
    private DateTimeOffset? _modified;

    /// <param name="url">Without user and password.</param>
    /// <param name="timeout">For everything, from the first connection to the last byte.</param>
    /// <param name="proxy">Null for the one that the environment names, if any.</param>
    public HttpListSource(Uri url, TimeSpan timeout, IWebProxy? proxy = null)
    {
        (_url, _timeout) = (url, timeout);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = proxy,
            ActivityHeadersPropagator = null,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseDrainSize = 0,
        };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    public override void Forget() => (_tag, _modified) = (null, null);

    public override async Task<byte[]?> FetchAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            return await FetchWithinLimitAsync(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ListSourceException($"it did not arrive within {_timeout.TotalSeconds} s", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ListSourceException($"the transfer failed: {Cause(e)}", e);
        }
    }

    /// <summary>In words of our own: .NET's may quote the proxy's address, with the password in it.</summary>
    private static string Cause(Exception e)
    {
        var error = (e as HttpRequestException)?.HttpRequestError ?? (e as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown;
        var answer = e is HttpRequestException { StatusCode: { } status } ? $", HTTP {(int)status}" : "";
        var socket = e.GetBaseException() is SocketException { SocketErrorCode: var code } ? $", {code}" : "";
        return $"{error}{answer}{socket}";
    }

    private async Task<byte[]?> FetchWithinLimitAsync(CancellationToken cancellationToken)
    {
        var url = _url;
        for (var redirects = 0; redirects <= MostRedirects; redirects++)
        {
            using var request = Request(url);
            using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            switch (answer.StatusCode)
            {
                case HttpStatusCode.OK:
                    return await ReadAsync(answer, cancellationToken);
                case HttpStatusCode.NotModified when _tag is not null || _modified is not null:
                    return null;
                case HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect:
                    url = Target(url, answer.Headers.Location);
                    break;
                default:
                    throw new ListSourceException($"the server answered HTTP {(int)answer.StatusCode}");
            }
        }

        throw new ListSourceException($"the server redirected more than {MostRedirects} times");
    }

    private HttpRequestMessage Request(Uri url)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, url);
        // What is packed could unpack to anything, and may end early without notice.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("PoolWatch", Telemetry.OperationalMetrics.Version));
        if (_tag is not null)
        {
            request.Headers.IfNoneMatch.Add(_tag);
        }

        request.Headers.IfModifiedSince = _modified;
        return request;
    }

    /// <summary>From http to https is allowed, back is not, and nothing leaves the web.</summary>
    private static Uri Target(Uri from, Uri? location)
    {
        var to = location is null ? null : new Uri(from, location);
        if (to is null || to.UserInfo.Length > 0 || !(to.Scheme == from.Scheme || to.Scheme == Uri.UriSchemeHttps))
        {
            throw new ListSourceException("the server redirects to where a list is not taken from: another scheme, or an address with a user in it");
        }

        return to;
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentEncoding.Any(e => e != "identity"))
        {
            throw new ListSourceException("the server packed it, which was not asked for");
        }

        var length = answer.Content.Headers.ContentLength;
        if (length > PoolList.MaxBytes)
        {
            throw TooLarge();
        }

        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var content = await LimitedStream.ReadAsync(body, PoolList.MaxBytes, cancellationToken) ?? throw TooLarge();
        if (length is not null && content.Length != length)
        {
            throw new ListSourceException($"only {content.Length} of {length} bytes arrived");
        }

        (_tag, _modified) = (answer.Headers.ETag, answer.Content.Headers.LastModified);
        return content;
    }
}
