using System.Globalization;
using System.Net.Mime;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace PoolWatch.Tests.Node;

/// <summary>An answer of a node's web server.</summary>
public sealed record NodeAnswer(int Status, string? ContentType, byte[] Body)
{
    public static NodeAnswer Bytes(byte[] body) => new(StatusCodes.Status200OK, MediaTypeNames.Application.Octet, body);

    public static NodeAnswer Text(string text) => new(StatusCodes.Status200OK, MediaTypeNames.Text.Plain, Encoding.UTF8.GetBytes(text));

    public static NodeAnswer Json(string json) => new(StatusCodes.Status200OK, MediaTypeNames.Application.Json, Encoding.UTF8.GetBytes(json));

    /// <summary>How Bitcoin Core's REST says what is wrong.</summary>
    public static NodeAnswer Error(int status, string message) => new(status, MediaTypeNames.Text.Plain, Encoding.UTF8.GetBytes(message + "\r\n"));

    public async Task SendAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = Body.Length;
        await context.Response.Body.WriteAsync(Body, context.RequestAborted);
    }
}

/// <summary>
/// <c>/rest/blockpart/&lt;hash&gt;.&lt;bin|hex&gt;?offset=O&amp;size=S</c> as Bitcoin Core 31 answers it (pull requests 33657 and 34074, REST-interface.md):
/// offset and size are read first, then the hash, then the block; a part is whole or an error.
/// </summary>
public static class BlockPart
{
    public const string Path = "/rest/blockpart/";

    /// <param name="request">The request for a part.</param>
    /// <param name="findBlock">The bytes of a block by its hash in display order; null where there is none.</param>
    /// <param name="pastTheEnd">The status of a part that reaches past the block's end: 404 in version 31; some descendants say 400.</param>
    public static async Task<NodeAnswer> AnswerAsync(HttpRequest request, Func<string, Task<byte[]?>> findBlock, int pastTheEnd = StatusCodes.Status404NotFound)
    {
        if (!TryReadNumber(request, "offset", out var offset))
        {
            return NodeAnswer.Error(StatusCodes.Status400BadRequest, "Block part offset missing or invalid");
        }

        if (!TryReadNumber(request, "size", out var size))
        {
            return NodeAnswer.Error(StatusCodes.Status400BadRequest, "Block part size missing or invalid");
        }

        var (hash, format) = SplitFormat(request.Path.Value![Path.Length..]);
        if (!IsHash(hash))
        {
            return NodeAnswer.Error(StatusCodes.Status400BadRequest, $"Invalid hash: {hash}");
        }

        if (await findBlock(hash) is not { } block)
        {
            return NodeAnswer.Error(StatusCodes.Status404NotFound, $"{hash} not found");
        }

        var length = (ulong)block.Length;
        return size == 0 || offset >= length || size > length - offset
            ? NodeAnswer.Error(pastTheEnd, string.Create(CultureInfo.InvariantCulture, $"Bad block part offset/size {offset}/{size} for {hash}"))
            : Write(block.AsSpan((int)offset, (int)size).ToArray(), format);
    }

    /// <summary>The name and its format, which is what follows the last dot.</summary>
    public static (string Name, string Format) SplitFormat(string path) =>
        path.LastIndexOf('.') is var dot && dot < 0 ? (path, "") : (path[..dot], path[(dot + 1)..]);

    public static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    private static NodeAnswer Write(byte[] part, string format) => format switch
    {
        "bin" => NodeAnswer.Bytes(part),
        "hex" => NodeAnswer.Text(Convert.ToHexStringLower(part) + "\n"),
        "json" => NodeAnswer.Error(StatusCodes.Status400BadRequest, "JSON output is not supported for this request type"),
        _ => NodeAnswer.Error(StatusCodes.Status404NotFound, "output format not found (available: .bin, .hex)"),
    };

    private static bool TryReadNumber(HttpRequest request, string name, out ulong number) =>
        ulong.TryParse(request.Query[name].FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
