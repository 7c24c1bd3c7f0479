using System.Globalization;
using System.Net;

namespace PoolWatch.Node;

/// <summary>Fetches over REST as much of the beginning of a block as header and coinbase take.</summary>
internal sealed class BlockPrefix(RestClient node)
{
    /// <summary>Header and coinbase of almost every block.</summary>
    private const int FirstBytes = 1_024;

    /// <summary>No block is longer (BIP 141).</summary>
    private const int LargestBlock = 4_000_000;

    private volatile PartService _parts = PartService.NotAskedYet;

    private enum PartService
    {
        NotAskedYet,
        Offered,
        NotOffered,
    }

    /// <summary>Whether the node has <c>/rest/blockpart</c>; null before the first block.</summary>
    public bool? ServesParts => _parts == PartService.NotAskedYet ? null : _parts == PartService.Offered;

    /// <summary>Asks again with the next block.</summary>
    public void ForgetParts() => _parts = PartService.NotAskedYet;

    /// <exception cref="BlockSourceException">The node can't be used, or does not have the block.</exception>
    /// <exception cref="BlockFormatException">The bytes are no block.</exception>
    public async Task<BlockHead> ReadAsync(BlockHash hash, CancellationToken cancellationToken)
    {
        using var prefix = new RentedBytes(FirstBytes);
        return (_parts == PartService.NotOffered ? null : await ReadPartsAsync(hash, prefix, cancellationToken))
            ?? await ReadWholeAsync(hash, prefix, cancellationToken);
    }

    /// <returns>Null where the node serves no parts, or the block is shorter than the part.</returns>
    private async Task<BlockHead?> ReadPartsAsync(BlockHash hash, RentedBytes prefix, CancellationToken cancellationToken)
    {
        for (var wanted = FirstBytes; await AddPartAsync(hash, prefix, wanted, cancellationToken);)
        {
            if (BlockDecoder.TryDecode(prefix.Span, out var head, out var missing))
            {
                return head;
            }

            // Twice as much each time: a coinbase of thousands of outputs says only bit by bit how long it is.
            wanted = Math.Max(missing, Math.Min(prefix.Length, LargestBlock - prefix.Length));
        }

        prefix.Clear();
        return null;
    }

    /// <returns>Whether the part is there.</returns>
    private Task<bool> AddPartAsync(BlockHash hash, RentedBytes prefix, int wanted, CancellationToken cancellationToken) => node.GetAsync(
        string.Create(CultureInfo.InvariantCulture, $"/rest/blockpart/{hash}.bin?offset={prefix.Length}&size={wanted}"),
        async (answer, token) =>
        {
            if (answer is { Status: HttpStatusCode.NotFound, Refusal: "" })
            {
                _parts = PartService.NotOffered;
                return false;
            }

            // 404 in Bitcoin Core 31; some of its descendants say 400.
            if (answer.Refusal.StartsWith("Bad block part", StringComparison.Ordinal))
            {
                _parts = PartService.Offered;
                return false;
            }

            RequireFound(hash, answer);
            _parts = PartService.Offered;
            var read = await prefix.AddAsync(answer.Body, wanted, wanted, token);
            return read == wanted ? true : throw node.Bad($"answers with {read} bytes of a block where {wanted} were asked for.");
        }, cancellationToken);

    private Task<BlockHead> ReadWholeAsync(BlockHash hash, RentedBytes prefix, CancellationToken cancellationToken) => node.GetAsync(
        $"/rest/block/{hash}.bin",
        async (answer, token) =>
        {
            RequireFound(hash, answer);
            for (var missing = 1; ;)
            {
                if (prefix.Length + missing > LargestBlock || await prefix.AddAsync(answer.Body, missing, FirstBytes, token) < missing)
                {
                    throw new BlockFormatException("The block ends within its coinbase, or is longer than a block can be", prefix.Length);
                }

                if (BlockDecoder.TryDecode(prefix.Span, out var head, out missing))
                {
                    return head;
                }
            }
        }, cancellationToken);

    private void RequireFound(BlockHash hash, RestAnswer answer)
    {
        if (answer.Status == HttpStatusCode.NotFound && answer.Refusal.Length > 0)
        {
            throw BlockSourceException.Missing(hash.ToString(), answer.Refusal);
        }

        if (!answer.IsFound)
        {
            throw node.Bad($"answers HTTP {(int)answer.Status} to the request for a block. Its REST interface may be off (-rest=1).");
        }
    }
}
