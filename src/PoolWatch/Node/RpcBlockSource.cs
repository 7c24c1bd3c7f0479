using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PoolWatch.Node;

/// <summary>Reads through JSON-RPC: works with every node, without -txindex, pruned ones included.</summary>
internal sealed class RpcBlockSource(NodeClient node) : IBlockSource
{
    private const int HashesPerRequest = 2_000;
    private const int MostBlocksPerRequest = 200;
    private const int WantedRequestBytes = 8 << 20;

    /// <summary>Head and coinbase of almost every block; a longer one is decoded a second time from what it asked for.</summary>
    private const int FirstBytes = 1_024;

    /// <summary>RPC_INVALID_PARAMETER: the height is above the tip.</summary>
    private const int NoSuchHeight = -8;

    /// <summary>RPC_INVALID_ADDRESS_OR_KEY: no such block; RPC_MISC_ERROR: its data is pruned or not yet downloaded.</summary>
    private static bool IsMissing(int code) => code is -5 or -1;

    public string Name => "rpc";

    public async Task<SourceChain> GetChainAsync(CancellationToken cancellationToken)
    {
        RpcCall info = new("getblockchaininfo"), genesis = new("getblockhash", 0);
        using var answers = await node.SendAsync([info, genesis], cancellationToken);
        var genesisHash = node.Read(genesis, answers[1], r => BlockHash.Parse(r.GetString()!));
        return node.Read(info, answers[0], description => NodeDescription.Read(description, genesisHash));
    }

    public async Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken)
    {
        var hashes = new List<BlockHash>(Math.Min(count, HashesPerRequest));
        while (hashes.Count < count)
        {
            var calls = Enumerable.Range(fromHeight + hashes.Count, Math.Min(HashesPerRequest, count - hashes.Count)).Select(h => new RpcCall("getblockhash", h)).ToArray();
            using var answers = await node.SendAsync(calls, cancellationToken);
            for (var i = 0; i < calls.Length; i++)
            {
                if (answers[i].ErrorCode == NoSuchHeight)
                {
                    return hashes;
                }

                hashes.Add(node.Read(calls[i], answers[i], r => BlockHash.Parse(r.GetString()!)));
            }
        }

        return hashes;
    }

    public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var perRequest = 16;
        for (var read = 0; read < hashes.Count;)
        {
            var wanted = hashes.Skip(read).Take(perRequest).Select(h => h.ToString()).ToArray();
            var calls = Array.ConvertAll(wanted, h => new RpcCall("getblock", h, 0));
            using var answers = await TrySendAsync(calls, cancellationToken);
            if (answers is null)
            {
                perRequest = (wanted.Length + 1) / 2;
                continue;
            }

            var bytes = 0L;
            for (var i = 0; i < calls.Length; i++)
            {
                yield return ReadHead(calls[i], answers[i], wanted[i], ref bytes);
            }

            read += wanted.Length;
            perRequest = (int)Math.Clamp(WantedRequestBytes * (long)wanted.Length / Math.Max(1, bytes), 1, MostBlocksPerRequest);
        }
    }

    /// <returns>Null where blocks that became large suddenly are too many for one answer.</returns>
    private async Task<RpcBatch?> TrySendAsync(RpcCall[] calls, CancellationToken cancellationToken)
    {
        try
        {
            return await node.SendAsync(calls, cancellationToken);
        }
        catch (BlockSourceException e) when (NodeClient.IsTooLong(e) && calls.Length > 1)
        {
            return null;
        }
    }

    private BlockHead ReadHead(RpcCall call, RpcAnswer answer, string hash, ref long bytes)
    {
        if (answer.ErrorCode is { } code && IsMissing(code))
        {
            throw new BlockSourceException(SourceFault.BlockMissing, $"The node does not have block {hash}: {answer.ErrorMessage}");
        }

        var (head, length) = node.Read(call, answer, DecodeHead);
        bytes += length;
        return head;
    }

    private static (BlockHead Head, int Length) DecodeHead(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.String)
        {
            throw new FormatException("The block is not written as text.");
        }

        // The text is the block in hexadecimal: no escapes, so its raw bytes are its characters.
        var hex = JsonMarshal.GetRawUtf8Value(result)[1..^1];
        var available = hex.Length / 2;
        var wanted = Math.Min(FirstBytes, available);
        while (true)
        {
            var prefix = new byte[wanted];
            if (Convert.FromHexString(hex[..(2 * wanted)], prefix, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                throw new FormatException("The block is not written in hexadecimal digits.");
            }

            if (BlockDecoder.TryDecode(prefix, out var head, out var missing))
            {
                return (head, available);
            }

            if (missing > available - wanted)
            {
                throw new BlockFormatException("The block ends within its coinbase", wanted);
            }

            wanted += missing;
        }
    }
}
