using System.Runtime.CompilerServices;
using NBitcoin.RPC;
using Newtonsoft.Json.Linq;
using PoolWatch.Core.Bitcoin;
using NBitcoinNetwork = NBitcoin.Network;

namespace PoolWatch.NBitcoin;

/// <summary>
/// Reads through NBitcoin: works with every node, without -txindex, pruned ones included. It parses whole blocks, so each
/// coinbase is bound to its header by the Merkle root.
/// </summary>
public sealed class NBitcoinBlockSource : IBlockSource, IDisposable
{
    private const int HashesPerRequest = 2_000;
    private const int MostBlocksPerRequest = 200;
    private const int WantedRequestBytes = 8 << 20;
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);

    private readonly NBitcoinNetwork _network;
    private readonly NodeRpc _node;

    /// <summary>A source that signs in with user and password, or without a user with the cookie.</summary>
    /// <param name="network">A network of real nodes: one of <see cref="Network.All"/>.</param>
    /// <param name="url">Where the node's RPC server listens, without user and password.</param>
    /// <param name="cookieFile">The file that the node writes at each start; not used where <paramref name="user"/> is given.</param>
    /// <param name="user">A user of the node's settings (rpcauth, rpcuser); null to use the cookie.</param>
    /// <param name="password">That user's password.</param>
    /// <param name="answerTimeout">How long an answer may take; null for 60 seconds.</param>
    /// <exception cref="ArgumentException">The network has no nodes.</exception>
    public NBitcoinBlockSource(
        Network network, Uri url, string? cookieFile, string? user, string? password, TimeSpan? answerTimeout = null)
    {
        _network = Find(network);
        _node = new NodeRpc(_network, url, new NodeGate(url, cookieFile, user, password), answerTimeout ?? AnswerTimeout);
    }

    /// <inheritdoc/>
    public string Name => "nbitcoin";

    /// <inheritdoc/>
    public async Task<SourceChain> GetChainAsync(CancellationToken cancellationToken)
    {
        RPCRequest info = NodeRpc.Call("getblockchaininfo"), genesis = NodeRpc.Call("getblockhash", 0);
        var answers = await _node.SendAsync([info, genesis], cancellationToken).ConfigureAwait(false);
        var genesisHash = _node.Read(genesis, answers[1], ReadHash);
        return _node.Read(info, answers[0], r => new SourceChain(
            NameOf((string?)r["chain"] ?? throw new FormatException("The network's name is missing.")),
            genesisHash,
            (int?)r["pruneheight"] ?? 0,
            (int)r["blocks"]!,
            ReadHash(r["bestblockhash"]),
            (int)r["headers"]!,
            (bool)r["initialblockdownload"]!));
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken)
    {
        var hashes = new List<BlockHash>(Math.Min(count, HashesPerRequest));
        while (hashes.Count < count)
        {
            var heights = Enumerable.Range(fromHeight + hashes.Count, Math.Min(HashesPerRequest, count - hashes.Count));
            RPCRequest[] calls = [.. heights.Select(height => NodeRpc.Call("getblockhash", height))];
            var answers = await _node.SendAsync(calls, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < calls.Length; i++)
            {
                // The height is above the tip.
                if (answers[i].Error?.Code == RPCErrorCode.RPC_INVALID_PARAMETER)
                {
                    return hashes;
                }

                hashes.Add(_node.Read(calls[i], answers[i], ReadHash));
            }
        }

        return hashes;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlockHead> ReadAsync(
        IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var perRequest = 16;
        for (var read = 0; read < hashes.Count;)
        {
            BlockHash[] wanted = [.. hashes.Skip(read).Take(perRequest)];
            var calls = Array.ConvertAll(wanted, hash => NodeRpc.Call("getblock", hash.ToString(), 0));
            var answers = await _node.SendAsync(calls, cancellationToken).ConfigureAwait(false);
            var bytes = 0L;
            for (var i = 0; i < calls.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return ReadHead(calls[i], answers[i], wanted[i], ref bytes);
            }

            read += wanted.Length;
            perRequest = (int)Math.Clamp(WantedRequestBytes * (long)wanted.Length / Math.Max(1, bytes), 1, MostBlocksPerRequest);
        }
    }

    /// <summary>Closes the connections to the node.</summary>
    public void Dispose() => _node.Dispose();

    private BlockHead ReadHead(RPCRequest call, RPCResponse answer, BlockHash hash, ref long bytes)
    {
        // No such block; or its data is pruned or not yet downloaded.
        if (answer.Error is { Code: RPCErrorCode.RPC_INVALID_ADDRESS_OR_KEY or RPCErrorCode.RPC_MISC_ERROR } missing)
        {
            throw BlockSourceException.Missing(hash.ToString(), missing.Message);
        }

        var block = _node.Read(call, answer, r => Convert.FromHexString((string)r!));
        bytes += block.Length;
        var head = BlockConversion.Decode(block, _network.Consensus.ConsensusFactory);
        // NBitcoin gives out the answers of a batch by their place, whatever their ids say.
        return head.Header.Hash == hash
            ? head
            : throw new BlockSourceException(SourceFault.BadAnswer, $"Asked for block {hash}, the node sent {head.Header.Hash}.");
    }

    private static BlockHash ReadHash(JToken? hash) => BlockHash.Parse((string)hash!);

    private static string NameOf(string rpcName) => Network.All.FirstOrDefault(n => n.RpcName == rpcName)?.Name ?? rpcName;

    internal static NBitcoinNetwork Find(Network network) => network.Name switch
    {
        "main" => NBitcoinNetwork.Main,
        "testnet3" => NBitcoinNetwork.TestNet,
        "testnet4" => NBitcoinNetwork.TestNet4,
        "signet" => global::NBitcoin.Bitcoin.Instance.Signet,
        "regtest" => NBitcoinNetwork.RegTest,
        _ => throw new ArgumentException($"No node serves the network '{network.Name}'.", nameof(network)),
    };
}
