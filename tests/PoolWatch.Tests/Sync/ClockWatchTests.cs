using Microsoft.Extensions.Logging.Abstractions;
using PoolWatch.Sync;

namespace PoolWatch.Tests.Sync;

/// <summary>A wall clock that is set is noticed each time, also while the last time is still being dealt with; one that is not set never is.</summary>
public sealed class ClockWatchTests
{
    [Fact]
    public async Task Each_time_that_the_clock_is_set_is_noticed()
    {
        var clock = new SettableClock();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var offsets = new List<TimeSpan>();

        var watching = new ClockWatch(clock, NullLogger<ClockWatch>.Instance).RunAsync(
            async () =>
            {
                offsets.Add(clock.Offset);
                clock.Offset = TimeSpan.FromHours(-5);
                if (offsets.Count == 2)
                {
                    await stop.CancelAsync();
                }
            },
            stop.Token);
        clock.Offset = TimeSpan.FromMinutes(3);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal([TimeSpan.FromMinutes(3), TimeSpan.FromHours(-5)], offsets);
    }

    [Fact]
    public async Task A_clock_that_goes_on_is_left_alone()
    {
        var clock = new SettableClock { Offset = TimeSpan.FromHours(2) };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(TimeSpan.FromSeconds(2.5));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new ClockWatch(clock, NullLogger<ClockWatch>.Instance).RunAsync(
            () => throw new InvalidOperationException("It was not set."), stop.Token));
    }

    /// <summary>The system's clock, shown with an offset; its timestamps and timers go on as they do.</summary>
    private sealed class SettableClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;
    }
}
