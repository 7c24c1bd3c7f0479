using System.Text.Json;

namespace PoolWatch.Node;

/// <summary>A JSON-RPC request to the node.</summary>
internal readonly record struct RpcCall(string Method, params object[] Parameters)
{
    /// <summary>No right answer has more bytes: a block has at most 4 MB, written in hexadecimal digits.</summary>
    public long MostBytes => Method == "getblock" ? 8_001_000 : 1_000;
}

/// <summary>The answer to one call: a result, or the node's error code and message.</summary>
internal readonly record struct RpcAnswer(JsonElement Result, int? ErrorCode, string? ErrorMessage);

/// <summary>The answers of one batch; they live in the buffer that this object owns.</summary>
internal sealed class RpcBatch : IDisposable
{
    private readonly RentedBytes _body;
    private readonly JsonDocument _document;
    private readonly RpcAnswer[] _answers;

    private RpcBatch(RentedBytes body, JsonDocument document, RpcAnswer[] answers)
    {
        _body = body;
        _document = document;
        _answers = answers;
    }

    /// <summary>Length of all answers together.</summary>
    public int Bytes => _body.Length;

    public RpcAnswer this[int call] => _answers[call];

    /// <exception cref="BlockSourceException">Not a JSON array with one answer to each call.</exception>
    /// <param name="body">Belongs to the batch from now on.</param>
    /// <param name="calls">How many calls were made.</param>
    public static RpcBatch Parse(RentedBytes body, int calls)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body.Memory);
            var answers = new RpcAnswer[calls];
            var seen = new bool[calls];
            foreach (var item in document.RootElement.EnumerateArray())
            {
                var call = item.GetProperty("id").GetInt32();
                (answers[call], seen[call]) = (ReadAnswer(item), true);
            }

            return seen.All(s => s) ? new RpcBatch(body, document, answers) : throw new FormatException("Calls are left without an answer.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            document?.Dispose();
            body.Dispose();
            throw new BlockSourceException(SourceFault.BadAnswer, "The node's answer is no JSON-RPC batch.", e);
        }
    }

    public void Dispose()
    {
        _document.Dispose();
        _body.Dispose();
    }

    private static RpcAnswer ReadAnswer(JsonElement item) =>
        item.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            ? new RpcAnswer(default, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString())
            : new RpcAnswer(item.GetProperty("result"), null, null);
}
