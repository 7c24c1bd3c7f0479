using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PoolWatch.Tests.Node;

/// <summary>
/// Bitcoin Core's REST, as far as PoolWatch asks. Status, type and text of every answer are those that a real node (Knots 29) gave: headers of a
/// block that is unknown or stale are an empty answer and no error, a height above the tip is 404, a path that no handler has is 404 without a
/// body, and so is everything where REST is off. While it warms up, a node says so with 503 (Bitcoin Core, rest.cpp, CheckWarmup).
/// </summary>
internal static class FakeNodeRest
{
    private const int MostHeaders = 2_000;

    private static readonly NodeAnswer NoHandler = new(StatusCodes.Status404NotFound, "text/html; charset=ISO-8859-1", []);

    /// <param name="node">What the node knows.</param>
    /// <param name="request">A request below <c>/rest/</c>.</param>
    /// <param name="enabled">Whether the node was started with <c>-rest</c>.</param>
    /// <param name="withParts">Whether it has <c>/rest/blockpart</c>: Core 31.</param>
    public static async Task<NodeAnswer> AnswerAsync(FakeNodeView node, HttpRequest request, bool enabled, bool withParts)
    {
        var path = request.Path.Value!["/rest/".Length..].Split('/', 2);
        if (!enabled || (path[0] == "blockpart" && !withParts))
        {
            return NoHandler;
        }

        if (node.WarmingUp is { } doing)
        {
            return NodeAnswer.Error(StatusCodes.Status503ServiceUnavailable, $"Service temporarily unavailable: {doing}");
        }

        return path switch
        {
            ["chaininfo.json"] => NodeAnswer.Json(node.Info() + "\n"),
            ["blockhashbyheight", var name] => HashAt(node, name),
            ["headers", var name] => Headers(node, name, request.Query["count"].FirstOrDefault() ?? "5"),
            ["block", var name] => Block(node, name),
            ["blockpart", _] => await BlockPart.AnswerAsync(request, hash => Task.FromResult(node.FindBlock(hash))),
            _ => NoHandler,
        };
    }

    private static NodeAnswer HashAt(FakeNodeView node, string name)
    {
        var (text, format) = BlockPart.SplitFormat(name);
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var height) || height < 0)
        {
            return NodeAnswer.Error(StatusCodes.Status400BadRequest, $"Invalid height: {text}");
        }

        return node.HashAt(height) is not { } hash
            ? NodeAnswer.Error(StatusCodes.Status404NotFound, "Block height out of range")
            : format == "json" ? NodeAnswer.Json($$"""{"blockhash":"{{hash}}"}""" + "\n")
            : format == "hex" ? NodeAnswer.Text(hash + "\n")
            : Write([.. Convert.FromHexString(hash).Reverse()], format);
    }

    private static NodeAnswer Headers(FakeNodeView node, string name, string count)
    {
        var (hash, format) = BlockPart.SplitFormat(name);
        if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || wanted is < 1 or > MostHeaders)
        {
            return NodeAnswer.Error(StatusCodes.Status400BadRequest, $"Header count is invalid or out of acceptable range (1-{MostHeaders}): {count}");
        }

        return BlockPart.IsHash(hash) ? Write(node.HeadersFrom(hash, wanted), format) : NodeAnswer.Error(StatusCodes.Status400BadRequest, $"Invalid hash: {hash}");
    }

    private static NodeAnswer Block(FakeNodeView node, string name)
    {
        var (hash, format) = BlockPart.SplitFormat(name);
        return !BlockPart.IsHash(hash) ? NodeAnswer.Error(StatusCodes.Status400BadRequest, $"Invalid hash: {hash}")
            : node.FindBlock(hash) is not { } block ? NodeAnswer.Error(StatusCodes.Status404NotFound, $"{hash} not found")
            : Write(block, format);
    }

    private static NodeAnswer Write(byte[] bytes, string format) => format switch
    {
        "bin" => NodeAnswer.Bytes(bytes),
        "hex" => new NodeAnswer(StatusCodes.Status200OK, "text/plain", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes) + "\n")),
        _ => NodeAnswer.Error(StatusCodes.Status404NotFound, "output format not found (available: .bin, .hex, .json)"),
    };
}
