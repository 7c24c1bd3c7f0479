using Microsoft.AspNetCore.Http;

namespace PoolWatch.Tests.Node;

/// <summary>How the answers of a <see cref="FakeNode"/> go wrong on their way. Set by the test; each request meets those of its beginning.</summary>
public sealed class WireFaults
{
    private readonly byte[] _filler = [.. Enumerable.Repeat((byte)' ', 256 << 10)];
    private readonly Lock _drawing = new();
    private readonly Random _random = new(7);
    private TaskCompletionSource _mended = new();

    /// <summary>The share of the answers that go wrong, drawn by lot; 1 for all.</summary>
    public double Share { get; set; } = 1;

    /// <summary>Only the answers to requests whose description has one of these texts go wrong.</summary>
    public IReadOnlyList<string> Only { get; set; } = [""];

    /// <summary>How long each answer is held back.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>The request is turned away because too many others wait.</summary>
    public bool TooBusy { get; set; }

    /// <summary>This text instead of the answer.</summary>
    public string? Instead { get; set; }

    /// <summary>The answer is only its first bytes and says so: right HTTP, wrong content.</summary>
    public int? CutTo { get; set; }

    /// <summary>The connection breaks after so many bytes of an answer that was announced longer.</summary>
    public int? TruncateAt { get; set; }

    /// <summary>After so many bytes nothing more comes, and the connection stays open.</summary>
    public int? StallAfter { get; set; }

    /// <summary>After the answer come blanks, as long as anybody reads.</summary>
    public bool Oversize { get; set; }

    /// <summary>Ends all faults; the connections that stall break.</summary>
    public void Mend()
    {
        (Share, Only, Delay, TooBusy) = (1, [""], default, false);
        (Instead, CutTo, TruncateAt, StallAfter, Oversize) = (null, null, null, null, false);
        Interlocked.Exchange(ref _mended, new TaskCompletionSource()).SetResult();
    }

    /// <summary>The faults as they are now: what is set while an answer is on its way is not for that answer.</summary>
    internal WireFaults Now() => (WireFaults)MemberwiseClone();

    internal async Task SendAsync(HttpContext context, FakeRequest request, NodeAnswer answer)
    {
        var faulty = Only.Any(text => request.Description.Contains(text, StringComparison.Ordinal)) && IsDrawn();
        if (faulty)
        {
            await Task.Delay(Delay, context.RequestAborted);
            answer = TooBusy ? new NodeAnswer(StatusCodes.Status503ServiceUnavailable, null, "Work queue depth exceeded"u8.ToArray()) : answer;
            answer = Instead is { } text ? NodeAnswer.Text(text) : answer;
            answer = CutTo is { } length && length < answer.Body.Length ? answer with { Body = answer.Body[..length] } : answer;
        }

        request.Status = answer.Status;
        if (faulty && Oversize)
        {
            await SendWithoutEndAsync(context, request, answer);
        }
        else if (faulty && (TruncateAt ?? StallAfter) is { } sent)
        {
            request.Bytes = Math.Min(sent, answer.Body.Length);
            await SendBeginningAsync(context, answer, (int)request.Bytes);
        }
        else
        {
            request.Bytes = answer.Body.Length;
            await answer.SendAsync(context);
        }
    }

    private bool IsDrawn()
    {
        lock (_drawing)
        {
            return _random.NextDouble() < Share;
        }
    }

    private async Task SendBeginningAsync(HttpContext context, NodeAnswer answer, int length)
    {
        var (stalls, mended) = (TruncateAt is null, _mended.Task);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length + 1;
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(answer.Body.AsMemory(0, length), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (stalls)
        {
            await mended.WaitAsync(context.RequestAborted);
        }

        context.Abort();
    }

    private async Task SendWithoutEndAsync(HttpContext context, FakeRequest request, NodeAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
        request.Bytes = answer.Body.Length;

        // Once nobody reads any more, writes still end as if they had been sent, until the server hears of it: hence not too fast.
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(_filler, context.RequestAborted);
            request.Bytes += _filler.Length;
            await Task.Delay(1, context.RequestAborted);
        }
    }
}
