using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PoolWatch.Node;

/// <summary>Reads through JSON-RPC: works with every node, without -txindex, pruned ones included.</summary>
internal sealed class RpcBlockSource(NodeClient node) : IBlockSource
{
    private const int HashesPerRequest = 2_000;
    private const int FirstBlocksPerRequest = 4;
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

    /// <summary>While the heads of one batch are taken, the node works on the next.</summary>
    public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (read, sending) = (0, SendAsync(hashes, 0, FirstBlocksPerRequest, abandoned.Token));
        try
        {
            while (await sending is { } sent)
            {
                using var answers = sent.Answers;
                read += sent.Calls.Length;
                var perRequest = (int)Math.Clamp(WantedRequestBytes * (long)sent.Calls.Length / Math.Max(1, answers.Bytes), 1, MostBlocksPerRequest);
                sending = SendAsync(hashes, read, perRequest, abandoned.Token);
                for (var i = 0; i < sent.Calls.Length; i++)
                {
                    yield return ReadHead(sent.Calls[i], answers[i]);
                }
            }
        }
        finally
        {
            await abandoned.CancelAsync();
            await DiscardAsync(sending);
        }
    }

    /// <summary>Sends one batch, of fewer blocks where so many are too long for one answer: blocks can become large suddenly.</summary>
    /// <returns>Null where no block is left.</returns>
    private async Task<(RpcCall[] Calls, RpcBatch Answers)?> SendAsync(
        IReadOnlyList<BlockHash> hashes, int from, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var calls = hashes.Skip(from).Take(count).Select(h => new RpcCall("getblock", h.ToString(), 0)).ToArray();
            if (calls.Length == 0)
            {
                return null;
            }

            try
            {
                return (calls, await node.SendAsync(calls, cancellationToken));
            }
            catch (BlockSourceException e) when (NodeClient.IsTooLong(e) && calls.Length > 1)
            {
                count = calls.Length / 2;
            }
        }
    }

    private static async Task DiscardAsync(Task<(RpcCall[] Calls, RpcBatch Answers)?> sending)
    {
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (sending.IsCompletedSuccessfully)
        {
            sending.Result?.Answers.Dispose();
        }
    }

    private BlockHead ReadHead(RpcCall call, RpcAnswer answer)
    {
        if (answer.ErrorCode is { } code && IsMissing(code))
        {
            throw BlockSourceException.Missing((string)call.Parameters[0], answer.ErrorMessage);
        }

        return node.Read(call, answer, DecodeHead);
    }

    private static BlockHead DecodeHead(JsonElement result)
    {
        if (result.ValueKind != JsonValueKind.String)
        {
            throw new FormatException("The block is not written as text.");
        }

        // The text is the block in hexadecimal: no escapes, so its raw bytes are its characters.
        var hex = JsonMarshal.GetRawUtf8Value(result)[1..^1];
        var available = hex.Length / 2;
        var wanted = Math.Min(FirstBytes, available);
        Span<byte> first = stackalloc byte[FirstBytes];
        while (true)
        {
            var prefix = wanted <= FirstBytes ? first[..wanted] : new byte[wanted];
            if (Convert.FromHexString(hex[..(2 * wanted)], prefix, out _, out _) != System.Buffers.OperationStatus.Done)
            {
                throw new FormatException("The block is not written in hexadecimal digits.");
            }

            if (BlockDecoder.TryDecode(prefix, out var head, out var missing))
            {
                return head;
            }

            if (missing > available - wanted)
            {
                throw new BlockFormatException("The block ends within its coinbase", wanted);
            }

            wanted += missing;
        }
    }
}
