using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.NBitcoin;

/// <summary>Signs each request to the node and turns every refusal into a fault.</summary>
/// <remarks>
/// It stands below NBitcoin's client because that one repeats a single call for ever while the server answers HTTP 503, signs in ASCII,
/// takes a cookie with its line end, and fails on a cookie that is not there yet.
/// </remarks>
internal sealed class NodeGate(Uri url, string? cookieFile, string? user, string? password) : DelegatingHandler(
    new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // A node in a container comes back at another address of the same name.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
    })
{
    /// <exception cref="BlockSourceException">The node refuses, or the server is none.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The node writes a new cookie at each start, so it is read for each request.
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", ReadCredentials());
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            throw Refusal(response.StatusCode);
        }
    }

    private BlockSourceException Refusal(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized =>
            new(SourceFault.Unauthorized, $"The node at {url} refuses the user and password or cookie (HTTP 401)."),
        HttpStatusCode.Forbidden => new(
            SourceFault.Unauthorized,
            $"The node at {url} does not accept connections from here (HTTP 403): see rpcallowip and rpcwhitelist."),
        HttpStatusCode.ServiceUnavailable =>
            new(SourceFault.Unreachable, $"The node at {url} has too much to do to answer (HTTP 503): see rpcworkqueue."),
        _ => new(SourceFault.BadAnswer, $"The server at {url} answers HTTP {(int)status}: it may not be a Bitcoin node."),
    };

    private string ReadCredentials()
    {
        if (user is not null)
        {
            return Encode($"{user}:{password}");
        }

        try
        {
            return Encode(File.ReadAllText(cookieFile!).Trim());
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            const string absent = "does not exist: the node is not running, or keeps its data elsewhere (PoolWatch:Node:CookieFile)";
            throw NoCookie(SourceFault.Unreachable, absent, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NoCookie(SourceFault.Unauthorized, "can't be read by this user", e);
        }
    }

    private static string Encode(string userAndPassword) => Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword));

    private BlockSourceException NoCookie(SourceFault fault, string what, Exception cause) =>
        new(fault, $"The cookie file '{cookieFile}' {what}.", cause);
}
