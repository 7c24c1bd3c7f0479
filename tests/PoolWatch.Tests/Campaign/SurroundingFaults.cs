using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>Networks that break, disks that fill, clocks that jump.</summary>
public static class SurroundingFaults
{
    public static async Task CutNodeAsync(Round round)
    {
        var proxy = round.Keep(new TcpProxy(round.Node.Node.RpcPort));
        await round.BeginAsync(nodePort: proxy.Port);
        await CutAsync(round, proxy);
    }

    public static async Task CutDatabaseAsync(Round round)
    {
        var proxy = round.Keep(new TcpProxy(round.Server.Port));
        await round.BeginAsync(databasePort: proxy.Port);
        await CutAsync(round, proxy);
    }

    public static async Task FillDiskAsync(Round round)
    {
        var service = await round.BeginAsync();
        await round.MomentAsync();
        round.Strike("no room left");
        var noticed = false;
        try
        {
            round.Server.Disk.Fill();
            await round.Node.ExtendAsync(round.Random.Next(1, 40), round.Random);
            var logToo = round.Random.Next(2) == 0;
            for (var left = 15; left > 0 && !noticed; left--)
            {
                round.Server.Disk.Fill();
                await round.Server.WriteLogAsync(logToo);
                await Round.WaitAsync(TimeSpan.FromMilliseconds(100));
                noticed = !round.Server.IsRunning || (await service.TryGetStatusAsync())?.GetProperty("problem").GetString() is not null;
            }

            await Round.WaitAsync(round.UpTo(500));
        }
        finally
        {
            round.Server.Disk.Free();
        }

        round.Note(!round.Server.IsRunning ? "the database ended" : noticed ? "the service noticed" : "nobody noticed");
    }

    public static async Task JumpClockAsync(Round round)
    {
        var clock = round.Keep(new FakeClock());
        await round.BeginAsync(clock.Environment);
        await round.MomentAsync();
        for (var left = round.Times(3); left > 0; left--)
        {
            foreach (var sign in new[] { 1, -1 })
            {
                var offset = TimeSpan.FromMinutes(sign * round.Random.Next(1, 720));
                round.Strike(string.Create(CultureInfo.InvariantCulture, $"clock at {offset.TotalMinutes:+0;-0} min"));
                clock.JumpTo(offset);
                await Round.WaitAsync(round.UpTo(700));
            }
        }

        // Whoever only waits for a time that will not come would not see these.
        await round.SettleAsync();
        await round.Node.ExtendAsync(2, round.Random);
        await round.SettleAsync();
    }

    private static async Task CutAsync(Round round, TcpProxy proxy)
    {
        await round.MomentAsync();
        for (var left = round.Times(4); left > 0; left--)
        {
            switch (round.Random.Next(5))
            {
                case 0:
                    await StrikeAsync(round, proxy, Ending.Reset);
                    break;
                case 1:
                    await StrikeAsync(round, proxy, Ending.Finished);
                    break;
                case 2:
                    round.Strike("nothing gets through");
                    proxy.Stall();
                    await Round.WaitAsync(round.UpTo(2000));
                    proxy.Resume();
                    break;
                case 3:
                    round.Strike("nothing gets through, then all connections are reset");
                    proxy.Stall();
                    await Round.WaitAsync(round.UpTo(1500));
                    CountHits(round, proxy.Cut(Ending.Reset));
                    proxy.Resume();
                    break;
                default:
                    await BreakOffAsync(round, proxy);
                    break;
            }

            await Round.WaitAsync(round.UpTo(300));
        }
    }

    private static async Task BreakOffAsync(Round round, TcpProxy proxy)
    {
        var before = proxy.BrokenOff;
        round.Strike("an answer breaks off");
        proxy.CutAfter(round.Random.Next(1, 1 << round.Random.Next(1, 20)));
        await Round.WaitAsync(round.UpTo(1500));
        CountHits(round, proxy.BrokenOff - before);
    }

    private static void CountHits(Round round, int hits)
    {
        if (hits == 0)
        {
            round.Missed();
        }
    }

    private static async Task StrikeAsync(Round round, TcpProxy proxy, Ending ending)
    {
        round.Strike(ending == Ending.Reset ? "all connections are reset" : "all connections are closed");
        proxy.Refuses = true;
        CountHits(round, proxy.Cut(ending));
        await Round.WaitAsync(round.UpTo(800));
        proxy.Refuses = false;
    }
}
