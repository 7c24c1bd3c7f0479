using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>The node answered a call with an error.</summary>
public sealed class BitcoinRpcException(int code, string message) : Exception($"{message} (code {code})")
{
    public int Code { get; } = code;
}

/// <summary>JSON-RPC with the node's cookie, read again for each request because each start of the node writes a new one.</summary>
public sealed class BitcoinRpc(Uri url, string cookieFile) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromMinutes(2) };

    public async Task<JsonElement> CallAsync(string method, object?[] parameters, CancellationToken cancellationToken) =>
        ResultOf(await PostAsync(Request(method, parameters), cancellationToken));

    /// <summary>One request; the results in the order of the calls. The first error is thrown.</summary>
    public async Task<IReadOnlyList<JsonElement>> BatchAsync(
        string method, IEnumerable<object?[]> calls, CancellationToken cancellationToken)
    {
        var requests = calls.Select((parameters, index) => Request(method, parameters, index)).ToList();
        var responses = await PostAsync(requests, cancellationToken);
        return [.. responses.EnumerateArray().OrderBy(response => response.GetProperty("id").GetInt32()).Select(ResultOf)];
    }

    private static object Request(string method, object?[] parameters, int id = 0) =>
        new { jsonrpc = "2.0", id, method, @params = parameters };

    private async Task<JsonElement> PostAsync(object body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/");
        var cookie = await File.ReadAllBytesAsync(cookieFile, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(cookie));
        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"The node answered {(int)response.StatusCode}.", null, response.StatusCode);
        }

        await using var answer = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var document = await JsonDocument.ParseAsync(answer, cancellationToken: cancellationToken);
        return document.RootElement.Clone();
    }

    private static JsonElement ResultOf(JsonElement response) =>
        response.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            ? throw new BitcoinRpcException(error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()!)
            : response.GetProperty("result");

    public void Dispose() => _http.Dispose();
}
