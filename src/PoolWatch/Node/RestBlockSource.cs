using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace PoolWatch.Node;

/// <summary>
/// Reads through the node's REST interface: of each block only the beginning, as a part of its own where the node serves parts (Bitcoin Core 31
/// and later), else the whole block up to the end of its coinbase. Several blocks at a time, as many as the node takes.
/// </summary>
internal sealed class RestBlockSource(RestClient node) : IBlockSource
{
    private const int HeadersPerRequest = 2_000;
    private const int LargestDescription = 64 << 10;

    /// <summary>So many may be there before the one that is waited for: one slow answer does not keep the node idle.</summary>
    private const int BlocksAhead = 64;
    private readonly RequestLimit _limit = new();
    private readonly BlockPrefix _prefix = new(node);

    public string Name => "rest";

    /// <summary>Whether the node serves parts of blocks; null where no block was read yet.</summary>
    public bool? ServesParts => _prefix.ServesParts;

    public async Task<SourceChain> GetChainAsync(CancellationToken cancellationToken)
    {
        try
        {
            var genesis = await GetHashAsync(0, cancellationToken) ?? throw node.Bad("has no genesis block.");
            return await node.GetAsync("/rest/chaininfo.json", async (answer, token) => answer.IsFound
                ? Describe(await ReadAllAsync(answer.Body, LargestDescription, token), genesis)
                : throw Refused(answer), cancellationToken);
        }
        catch (BlockSourceException)
        {
            // A node that was away may come back as another version.
            _prefix.ForgetParts();
            throw;
        }
    }

    public async Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken)
    {
        if (count == 0 || await GetHashAsync(fromHeight, cancellationToken) is not { } first)
        {
            return [];
        }

        var hashes = new List<BlockHash>(Math.Min(count, HeadersPerRequest)) { first };
        while (hashes.Count < count)
        {
            // Headers begin with the last hash that is known already.
            var wanted = Math.Min(count - hashes.Count + 1, HeadersPerRequest);
            var page = await GetHeadersAsync(hashes[^1], wanted, cancellationToken);
            hashes.AddRange(page.Skip(1));
            if (page.Count < wanted)
            {
                break;
            }
        }

        return hashes;
    }

    public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = new Queue<Task<BlockHead>>();
        try
        {
            for (var next = 0; next < hashes.Count || reading.Count > 0;)
            {
                while (next < hashes.Count && reading.Count < BlocksAhead)
                {
                    reading.Enqueue(ReadHeadAsync(hashes[next++], abandoned.Token));
                }

                yield return await reading.Dequeue();
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            await ((Task)Task.WhenAll(reading)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A node that turns a request away is asked again, with fewer others beside it.</summary>
    private async Task<BlockHead> ReadHeadAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        await _limit.TakeTurnAsync(cancellationToken);
        try
        {
            for (var refusals = 0; ; refusals++)
            {
                try
                {
                    var head = await _prefix.ReadAsync(hash, cancellationToken);
                    _limit.Answered();
                    return head;
                }
                catch (BlockSourceException e) when (RestClient.IsBusy(e) && refusals < RequestLimit.MostRefusals)
                {
                    await _limit.RefusedAsync(refusals, cancellationToken);
                }
            }
        }
        finally
        {
            _limit.EndTurn();
        }
    }

    private Task<BlockHash?> GetHashAsync(int height, CancellationToken cancellationToken) => node.GetAsync<BlockHash?>(
        string.Create(CultureInfo.InvariantCulture, $"/rest/blockhashbyheight/{height}.bin"),
        async (answer, token) =>
        {
            if (answer.Status == HttpStatusCode.NotFound && answer.Refusal.Length > 0)
            {
                return null;
            }

            if (!answer.IsFound)
            {
                throw Refused(answer);
            }

            var bytes = await ReadAllAsync(answer.Body, BlockHash.Size, token);
            return bytes.Length == BlockHash.Size ? BlockHash.FromBytes(bytes) : throw node.Bad($"answers with a hash of {bytes.Length} bytes.");
        }, cancellationToken);

    /// <returns>Hashes of the active chain beginning with <paramref name="from"/>; none where that block is no longer in it.</returns>
    private Task<List<BlockHash>> GetHeadersAsync(BlockHash from, int count, CancellationToken cancellationToken) => node.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"/rest/headers/{from}.bin?count={count}"),
        async (answer, token) =>
        {
            if (!answer.IsFound)
            {
                throw Refused(answer);
            }

            var bytes = await ReadAllAsync(answer.Body, count * BlockHeader.Size, token);
            if (bytes.Length % BlockHeader.Size != 0)
            {
                throw node.Bad($"answers with headers of {bytes.Length} bytes in all, which is no multiple of {BlockHeader.Size}.");
            }

            return bytes.Chunk(BlockHeader.Size).Select(h => BlockHash.Of(h)).ToList();
        }, cancellationToken);

    private SourceChain Describe(byte[] json, BlockHash genesis)
    {
        try
        {
            using var description = JsonDocument.Parse(json);
            return NodeDescription.Read(description.RootElement, genesis);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw node.Bad("describes its chain in a way that PoolWatch does not know.", e);
        }
    }

    private BlockSourceException Refused(RestAnswer answer) => answer is { Status: HttpStatusCode.NotFound, Refusal: "" }
        ? node.Bad("has its REST interface off, or is too old for it: start it with -rest=1 (bitcoin.conf: rest=1), or leave PoolWatch:Source at auto.")
        : node.Bad($"answers HTTP {(int)answer.Status}: it may not be a Bitcoin node.");

    private async Task<byte[]> ReadAllAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        using var bytes = new RentedBytes(most + 1);
        return await bytes.AddAllAsync(body, most, cancellationToken)
            ? bytes.Span.ToArray()
            : throw node.Bad($"answers with more than the {most} bytes that were asked for.");
    }
}
