namespace PoolWatch.Node;

/// <summary>
/// How many requests to a node are on their way at once. It grows by one while the node answers them all, and falls to half when the node turns
/// one away: the additive increase and multiplicative decrease that keeps many clients of one server apart.
/// </summary>
internal sealed class RequestLimit
{
    /// <summary>After so many refusals in a row the node is busy with something else.</summary>
    public const int MostRefusals = 8;

    /// <summary>Twice as many made a node on two cores hardly faster, and its queue is there for others too.</summary>
    private const int Most = 8;
    private const int First = 4;
    private const int AnswersBeforeMore = 200;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _changing = new();
    private int _answers;

    public int AtOnce { get; private set; } = First;

    public void Answered()
    {
        lock (_changing)
        {
            if (++_answers >= AnswersBeforeMore && AtOnce < Most)
            {
                (AtOnce, _answers) = (AtOnce + 1, 0);
            }
        }
    }

    /// <summary>Ends when the request may be made again.</summary>
    /// <param name="refusals">How often the same request was turned away before.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task RefusedAsync(int refusals, CancellationToken cancellationToken)
    {
        lock (_changing)
        {
            (AtOnce, _answers) = (Math.Max(AtOnce / 2, 1), 0);
        }

        return Task.Delay(FirstPause * (1 << refusals), cancellationToken);
    }
}
