using System.Buffers;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Benchmarks.Scale;

/// <summary>The yardstick, in blocks a second: downloads the bytes of every block and does nothing with them.</summary>
internal sealed class BareClient : IDisposable
{
    private const int HashesPerBatch = 2_000;
    private readonly HttpClient _http;

    public BareClient(BitcoinNode node)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = node.Url, Timeout = TimeSpan.FromMinutes(1) };
        var cookie = File.ReadAllBytes(node.CookieFile);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(cookie));
    }

    /// <summary>By JSON-RPC, in batches; hashes are asked for on the way.</summary>
    public Task<double> ReadByRpcAsync(int height, int perBatch, int concurrency) => MeasureAsync(async () =>
        await ForEachAsync(PagesAsync(height), concurrency, async page =>
        {
            foreach (var chunk in page.Chunk(perBatch))
            {
                await PostAsync(chunk.Select(h => ("getblock", new object[] { h, 0 })), null);
            }
        }), height);

    /// <summary>By REST, block by block.</summary>
    public Task<double> ReadByRestAsync(int height, int concurrency) => MeasureAsync(
        () => ForEachAsync(HashesAsync(height), concurrency, hash => GetAsync($"/rest/block/{hash}.bin")), height);

    public void Dispose() => _http.Dispose();

    private static async Task<double> MeasureAsync(Func<Task> read, int height)
    {
        var start = Stopwatch.GetTimestamp();
        await read();
        return height / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static Task ForEachAsync<T>(IAsyncEnumerable<T> items, int concurrency, Func<T, Task> read) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = concurrency }, async (item, _) => await read(item));

    private async IAsyncEnumerable<string> HashesAsync(int height)
    {
        await foreach (var page in PagesAsync(height))
        {
            foreach (var hash in page)
            {
                yield return hash;
            }
        }
    }

    private async IAsyncEnumerable<string[]> PagesAsync(int height)
    {
        for (var from = 1; from <= height; from += HashesPerBatch)
        {
            var hashes = Array.Empty<string>();
            await PostAsync(
                Enumerable.Range(from, Math.Min(HashesPerBatch, height - from + 1)).Select(h => ("getblockhash", new object[] { h })),
                body => hashes = [.. JsonDocument.Parse(body).RootElement.EnumerateArray().Select(a => a.GetProperty("result").GetString()!)]);
            yield return hashes;
        }
    }

    private async Task PostAsync(IEnumerable<(string Method, object[] Parameters)> calls, Action<byte[]>? use)
    {
        var request = JsonSerializer.Serialize(calls.Select((c, i) => new { jsonrpc = "1.0", id = i, method = c.Method, @params = c.Parameters }));
        using var content = new StringContent(request, Encoding.UTF8, "application/json");
        using var message = new HttpRequestMessage(HttpMethod.Post, "/") { Content = content };
        using var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        if (use is not null)
        {
            use(await response.Content.ReadAsByteArrayAsync());
            return;
        }

        await DrainAsync(response);
    }

    private async Task GetAsync(string path)
    {
        using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await DrainAsync(response);
    }

    private static async Task DrainAsync(HttpResponseMessage response)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            while (await stream.ReadAsync(buffer) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
