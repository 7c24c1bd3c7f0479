using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PoolWatch.Tests.Node;

/// <summary>JSON-RPC 1.x of Bitcoin Core, as far as PoolWatch asks. A batch is always HTTP 200, a single call that fails is 500.</summary>
internal static class FakeNodeRpc
{
    public static NodeAnswer Answer(FakeNodeView node, JsonElement request)
    {
        if (request.ValueKind == JsonValueKind.Array)
        {
            return NodeAnswer.Json($"[{string.Join(',', request.EnumerateArray().Select(call => Answer(node, call, out _)))}]\n");
        }

        var answer = Answer(node, request, out var failed);
        return NodeAnswer.Json(answer + "\n") with { Status = failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK };
    }

    /// <summary>The methods of a request, as it is remembered.</summary>
    public static string Describe(JsonElement request) => request.ValueKind == JsonValueKind.Array
        ? string.Join(',', request.EnumerateArray().GroupBy(MethodOf).Select(calls => $"{calls.Key}*{calls.Count()}"))
        : MethodOf(request);

    private static string Answer(FakeNodeView node, JsonElement call, out bool failed)
    {
        var (result, code, message) = node.WarmingUp is { } doing ? (null, -28, doing) : Call(node, MethodOf(call), call.GetProperty("params"));
        failed = result is null;
        var error = failed ? $$"""{"code":{{code}},"message":{{JsonSerializer.Serialize(message)}}}""" : "null";
        return $$"""{"result":{{result ?? "null"}},"error":{{error}},"id":{{call.GetProperty("id").GetRawText()}}}""";
    }

    private static (string? Result, int Code, string Message) Call(FakeNodeView node, string method, JsonElement parameters) => method switch
    {
        "getblockchaininfo" => (node.Info(), 0, ""),
        "getblockhash" when node.HashAt(parameters[0].GetInt64()) is { } hash => ($"\"{hash}\"", 0, ""),
        "getblockhash" => (null, -8, "Block height out of range"),
        "getblock" when node.FindBlock(parameters[0].GetString()!) is { } block => ($"\"{Convert.ToHexStringLower(block)}\"", 0, ""),
        "getblock" => (null, -5, "Block not found"),
        _ => (null, -32601, "Method not found"),
    };

    private static string MethodOf(JsonElement call) => call.GetProperty("method").GetString()!;
}
