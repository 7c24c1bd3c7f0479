namespace PoolWatch.Sync;

/// <summary>
/// Notices that the wall clock was set. A schedule waits for a time of that clock: set back by hours, it would keep the service silent for as
/// long, without anything being wrong.
/// </summary>
internal sealed partial class ClockWatch(TimeProvider time, ILogger<ClockWatch> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>More than a clock is ever corrected by little by little.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    /// <summary>Calls back each time, until it is cancelled.</summary>
    public async Task RunAsync(Func<Task> clockWasSet, CancellationToken cancellationToken)
    {
        var (wall, start) = (time.GetUtcNow(), time.GetTimestamp());
        while (true)
        {
            await Task.Delay(Interval, time, cancellationToken);
            var jump = time.GetUtcNow() - wall - time.GetElapsedTime(start);
            if (jump.Duration() > Tolerance)
            {
                // Before the call: the clock may be set again while it lasts.
                wall += jump;
                Log.ClockSet(logger, jump.TotalSeconds);
                await clockWasSet();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The clock was set by {Seconds:F0} s; the schedule begins anew")]
        public static partial void ClockSet(ILogger logger, double seconds);
    }
}
