using System.Diagnostics;

namespace PoolWatch.Core.Pools.Lint;

/// <summary>How long a list may be looked at: expressions that each are a little slow add up, since each is looked for in each tag.</summary>
internal sealed class LintTime
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly long _start = Stopwatch.GetTimestamp();

    /// <exception cref="PoolListException">The time is over.</exception>
    public void RefuseIfOver()
    {
        if (Stopwatch.GetElapsedTime(_start) > Longest)
        {
            throw new PoolListException([$"Looking for each tag in each other takes longer than {Longest.TotalSeconds} s: the expressions are too slow, or too many."]);
        }
    }
}
