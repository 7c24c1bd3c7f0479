using System.Threading.Channels;

namespace PoolWatch.Node;

/// <summary>
/// How many requests to a node are on their way at once. It grows by one while the node answers them all, and falls to half when the node turns
/// one away: the additive increase and multiplicative decrease that keeps many clients of one server apart.
/// </summary>
internal sealed class RequestLimit
{
    /// <summary>After so many refusals in a row the node is busy with something else.</summary>
    public const int MostRefusals = 8;

    /// <summary>Twice as many made a node on two cores a few per cent faster, and its queue is there for others too.</summary>
    private const int Most = 8;
    private const int First = 4;
    private const int AnswersBeforeMore = 200;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _changing = new();
    private readonly Channel<bool> _freeTurns = Channel.CreateUnbounded<bool>();
    private int _atOnce;
    private int _answers;
    private int _tooMany;

    public RequestLimit()
    {
        for (; _atOnce < First; _atOnce++)
        {
            _freeTurns.Writer.TryWrite(true);
        }
    }

    /// <summary>Ends when a request may be made; then <see cref="EndTurn"/> is due, whatever becomes of it.</summary>
    public ValueTask<bool> TakeTurnAsync(CancellationToken cancellationToken) => _freeTurns.Reader.ReadAsync(cancellationToken);

    public void EndTurn()
    {
        lock (_changing)
        {
            if (_tooMany > 0)
            {
                _tooMany--;
                return;
            }
        }

        _freeTurns.Writer.TryWrite(true);
    }

    public void Answered()
    {
        lock (_changing)
        {
            if (++_answers < AnswersBeforeMore || _atOnce == Most)
            {
                return;
            }

            (_atOnce, _answers) = (_atOnce + 1, 0);
        }

        _freeTurns.Writer.TryWrite(true);
    }

    /// <summary>Ends when the request may be made again.</summary>
    /// <param name="refusals">How often the same request was turned away before.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task RefusedAsync(int refusals, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            var fewer = _atOnce / 2;
            (_atOnce, _tooMany, _answers) = (_atOnce - fewer, _tooMany + fewer, 0);
        }

        return Task.Delay(FirstPause * (1 << refusals), cancellationToken);
    }
}
