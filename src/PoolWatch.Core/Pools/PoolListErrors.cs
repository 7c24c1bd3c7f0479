namespace PoolWatch.Core.Pools;

/// <summary>What is wrong with a list, as sentences for the person who wrote it.</summary>
internal sealed class PoolListErrors
{
    /// <summary>Beyond this, more sentences help nobody and cost memory.</summary>
    private const int Most = 100;

    private readonly List<string> _messages = [];

    public IReadOnlyList<string> Messages => _messages;

    public bool IsFull => _messages.Count > Most;

    public void Add(string message)
    {
        if (_messages.Count < Most)
        {
            _messages.Add(Sentence.Of(message));
        }
        else if (_messages.Count == Most)
        {
            _messages.Add($"There are more than {Most} errors; the rest are not listed.");
        }
    }
}
