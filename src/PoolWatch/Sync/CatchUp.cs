namespace PoolWatch.Sync;

/// <summary>How one catch-up goes: where it began, how fast it was lately, how long the rest takes.</summary>
internal sealed class CatchUp(int fromHeight, TimeProvider time)
{
    /// <summary>Blocks grew a thousand times over the years: the rate of long ago says nothing about what is left.</summary>
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(30);

    private readonly long _begun = time.GetTimestamp();
    private readonly Queue<(long Time, int Height)> _lately = new([(time.GetTimestamp(), fromHeight)]);

    public int FromHeight => fromHeight;

    public TimeSpan Elapsed => time.GetElapsedTime(_begun);

    public SyncProgress At(int height, int targetHeight)
    {
        var now = time.GetTimestamp();
        _lately.Enqueue((now, height));
        while (_lately.Count > 2 && time.GetElapsedTime(_lately.Peek().Time, now) > Lately)
        {
            _lately.Dequeue();
        }

        var (since, from) = _lately.Peek();
        var seconds = Math.Max(time.GetElapsedTime(since, now).TotalSeconds, 1e-3);
        var rate = Math.Max(height - from, 0) / seconds;
        var left = rate > 0 ? TimeSpan.FromSeconds(Math.Min((targetHeight - height) / rate, LongestLeft.TotalSeconds)) : LongestLeft;
        return new SyncProgress(Math.Min(fromHeight, height), height, targetHeight, rate, left);
    }

    private static TimeSpan LongestLeft => TimeSpan.FromDays(365);
}
