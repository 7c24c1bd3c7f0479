using System.Net;
using System.Net.Sockets;
using NBitcoin.RPC;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using PoolWatch.Core.Bitcoin;

namespace PoolWatch.NBitcoin;

/// <summary>Calls the node through NBitcoin's <see cref="RPCClient"/>, always in batches, and always to an end.</summary>
internal sealed class NodeRpc : IDisposable
{
    private const long LargestAnswer = 512L << 20;

    /// <summary>NBitcoin leaves calls without an answer pending for ever. The others are complete by the time the batch is.</summary>
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(5);

    private readonly Uri _url;
    private readonly HttpClient _http;
    private readonly RPCClient _rpc;
    private readonly TimeSpan _settling;

    public NodeRpc(global::NBitcoin.Network network, Uri url, NodeGate gate, TimeSpan answerTimeout)
    {
        _url = url;
        _http = new HttpClient(gate) { Timeout = answerTimeout, MaxResponseContentBufferSize = LargestAnswer };
        _settling = answerTimeout < LongestSettling ? answerTimeout : LongestSettling;
        // The gate signs; NBitcoin only wants to have something to sign with.
        var credentials = new RPCCredentialString { UserPassword = new NetworkCredential("", "") };
        _rpc = new RPCClient(credentials, url, network) { HttpClient = _http };
    }

    /// <summary>A call whose error is left to the reader of its answer.</summary>
    public static RPCRequest Call(string method, params object[] parameters) => new(method, parameters) { ThrowIfRPCError = false };

    /// <summary>The answers to many calls, in their order; errors of single calls are left to the caller.</summary>
    /// <exception cref="BlockSourceException">The node can't be used, or the answer as a whole is no batch.</exception>
    public async Task<RPCResponse[]> SendAsync(RPCRequest[] calls, CancellationToken cancellationToken)
    {
        try
        {
            var answers = await SendBatchAsync(calls, cancellationToken).ConfigureAwait(false);
            var starting = answers.FirstOrDefault(a => a.Error?.Code == RPCErrorCode.RPC_IN_WARMUP);
            return starting is null
                ? answers
                : throw new BlockSourceException(SourceFault.WarmingUp, $"The node at {_url} is still starting: {starting.Error.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or IOException)
        {
            throw new BlockSourceException(SourceFault.Unreachable, $"No node answers at {_url}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BlockSourceException(
                SourceFault.Unreachable, $"The node at {_url} gave no answer within {_http.Timeout.TotalSeconds} s.", e);
        }
        catch (Exception e) when (e is TimeoutException || IsUnexpectedShape(e))
        {
            throw new BlockSourceException(SourceFault.BadAnswer, "The node's answer is no JSON-RPC batch.", e);
        }
    }

    /// <summary>Reads a result, turning the node's own error and unexpected shapes into exceptions that say what was asked.</summary>
    public T Read<T>(RPCRequest call, RPCResponse answer, Func<JToken, T> read)
    {
        if (answer.Error is { } error)
        {
            throw new BlockSourceException(
                SourceFault.BadAnswer, $"The node at {_url} answers {call.Method} with error {(int)error.Code}: {error.Message}");
        }

        try
        {
            return read(answer.Result ?? throw new FormatException("There is no result."));
        }
        catch (Exception e) when (IsUnexpectedShape(e))
        {
            throw new BlockSourceException(SourceFault.BadAnswer, $"The node at {_url} answers {call.Method} with something unexpected.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<RPCResponse[]> SendBatchAsync(RPCRequest[] calls, CancellationToken cancellationToken)
    {
        var batch = _rpc.PrepareBatch();
        var answers = Array.ConvertAll(calls, call => batch.SendCommandAsync(call, cancellationToken));
        // The batch itself never fails: its calls do.
        await batch.SendBatchAsync(cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        return await Task.WhenAll(answers).WaitAsync(_settling, cancellationToken).ConfigureAwait(false);
    }

    // What Newtonsoft's conversions and NBitcoin's readers throw where a value is missing or of another type.
    private static bool IsUnexpectedShape(Exception e) =>
        e is JsonException or InvalidCastException or InvalidOperationException or ArgumentException or FormatException or OverflowException
            or NullReferenceException;
}
