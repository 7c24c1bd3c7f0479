using System.Text.Json;

namespace PoolWatch.Node;

/// <summary>The node's description of its chain: <c>getblockchaininfo</c> over RPC and <c>chaininfo</c> over REST say the same.</summary>
internal static class NodeDescription
{
    /// <exception cref="KeyNotFoundException">A field is missing; other exceptions where it is of another kind or form.</exception>
    public static SourceChain Read(JsonElement info, BlockHash genesisHash) => new(
        PoolWatchName(info.GetProperty("chain").GetString() ?? throw new FormatException("The network's name is missing.")),
        genesisHash,
        info.TryGetProperty("pruneheight", out var lowest) ? lowest.GetInt32() : 0,
        info.GetProperty("blocks").GetInt32(),
        BlockHash.Parse(info.GetProperty("bestblockhash").GetString()!),
        info.GetProperty("headers").GetInt32(),
        info.GetProperty("initialblockdownload").GetBoolean());

    private static string PoolWatchName(string rpcName) => Network.All.FirstOrDefault(n => n.RpcName == rpcName)?.Name ?? rpcName;
}
