using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>Processes that are killed, and writers that there are too many of.</summary>
public static class ProcessFaults
{
    public static async Task KillServiceAsync(Round round)
    {
        var service = await round.BeginAsync();
        for (var left = round.Times(3); left > 0; left--)
        {
            await round.MomentAsync();
            round.Strike("kill -9");
            await round.KillAsync(service);
            await Round.WaitAsync(round.UpTo(300));
            service = await round.StartServiceAsync();
        }
    }

    public static async Task KillPostgresAsync(Round round)
    {
        var service = await round.BeginAsync();
        await round.MomentAsync();
        var powerCut = round.Random.Next(3) == 0;
        round.Strike(powerCut ? "kill -9 of database and service" : "kill -9 of the database");
        await Task.WhenAll(round.Server.KillAsync(), powerCut ? round.KillAsync(service) : Task.CompletedTask);
        await Round.WaitAsync(round.UpTo(1000));
    }

    public static async Task KillBackendAsync(Round round)
    {
        await round.BeginAsync();
        await round.MomentAsync();
        for (var left = round.Times(4); left > 0; left--)
        {
            var politely = round.Random.Next(2) == 0;
            round.Strike(politely ? "sessions ended" : "kill -9 of a session");
            var hit = politely
                ? await round.Server.TerminateAsync(round.Database) > 0
                : await round.Server.KillBackendAsync(round.Database, round.Random);
            if (!hit)
            {
                round.Missed();
            }

            await Round.WaitAsync(round.UpTo(250));
        }
    }

    public static async Task KillNodeAsync(Round round)
    {
        await round.BeginAsync();
        await round.MomentAsync();
        round.Strike("kill -9 of the node");
        await round.Node.KillAsync(round.UpTo(1500));
    }

    public static async Task InterruptMigrationAsync(Round round)
    {
        var service = await round.BeginAsync();
        var kind = round.Random.Next(3);
        for (var left = round.Times(3); left > 0; left--)
        {
            await round.FirstSessionAsync();
            round.Strike(kind switch { 0 => "kill -9", 1 => "kill -9 of the database", _ => "sessions ended" });
            switch (kind)
            {
                case 0:
                    await round.KillAsync(service);
                    service = await round.StartServiceAsync();
                    break;
                case 1:
                    await round.Server.KillAsync();
                    await round.Server.EnsureRunningAsync();
                    break;
                default:
                    if (await round.Server.TerminateAsync(round.Database) == 0)
                    {
                        round.Missed();
                    }

                    break;
            }
        }
    }

    public static async Task StartSecondIngesterAsync(Round round)
    {
        var first = await round.BeginAsync();
        await round.MomentAsync();
        round.Strike("a second ingester");
        var second = await round.StartServiceAsync();
        await Round.WaitAsync(round.UpTo(1500));
        switch (round.Random.Next(4))
        {
            case 0:
                round.Strike("kill -9 of the first");
                await round.KillAsync(first);
                break;
            case 1:
                round.Strike("kill -9 of the second");
                await round.KillAsync(second);
                break;
            case 2:
                await PauseAsync(round, first);
                break;
            default:
                round.Strike("both lose their sessions");
                if (await round.Server.TerminateAsync(round.Database) == 0)
                {
                    round.Missed();
                }
                break;
        }
    }

    /// <summary>A machine that sleeps while its network forgets it, and wakes up believing that it is still the one that writes.</summary>
    private static async Task PauseAsync(Round round, ServiceProcess first)
    {
        round.Strike("the first sleeps and loses its sessions");
        var sessions = await StoredState.RowsAsync(round.ConnectionString, "public", string.Create(CultureInfo.InvariantCulture,
            $"SELECT pid FROM pg_stat_activity WHERE datname = '{round.Database}' AND pid <> pg_backend_pid()"));
        await first.SendAsync("STOP");
        await round.Server.TerminateAsync(round.Database, $"pid IN ({string.Join(',', sessions.Select(s => s.Trim('(', ')')).DefaultIfEmpty("0"))})");
        await Round.WaitAsync(TimeSpan.FromMilliseconds(500) + round.UpTo(1500));
        round.Strike("the first wakes up");
        await first.SendAsync("CONT");
    }
}
