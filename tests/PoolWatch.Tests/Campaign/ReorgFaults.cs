using System.Globalization;

namespace PoolWatch.Tests.Campaign;

/// <summary>Chains that change while they are read.</summary>
public static class ReorgFaults
{
    private const int DeepestReorg = 300;

    public static async Task DuringBackfillAsync(Round round)
    {
        await round.BeginAsync();
        for (var left = round.Times(3); left > 0; left--)
        {
            await round.MomentAsync();
            await ReplaceAsync(round);
        }
    }

    /// <summary>The service dies, or loses its database, while it writes the new branch.</summary>
    public static async Task WithKillAsync(Round round)
    {
        var service = await round.BeginAsync();
        await round.MomentAsync();
        await ReplaceAsync(round);
        await Round.WaitAsync(round.UpTo(1200));
        if (round.Random.Next(2) == 0)
        {
            round.Strike("kill -9");
            await round.KillAsync(service);
        }
        else
        {
            round.Strike("kill -9 of the database");
            await round.Server.KillAsync();
        }

        if (round.Random.Next(2) == 0)
        {
            await ReplaceAsync(round);
        }
    }

    private static async Task ReplaceAsync(Round round)
    {
        // First what is stored: the chain grows meanwhile.
        var (random, stored) = (round.Random, await round.StoredHeightAsync());
        var chain = round.Node.Chain;
        var top = stored > 1 && random.Next(2) == 0 ? Math.Min(stored, chain.Count) : chain.Count;
        var fork = Math.Max(1, top - random.Next(1, DeepestReorg + 1));
        switch (random.Next(4))
        {
            case 0:
                round.Strike(Said($"a longer branch from {fork}"));
                await round.Node.ReplaceAsync(fork, chain.Count - fork + random.Next(1, 4), random);
                break;
            case 1:
                round.Strike(Said($"{fork} and above refused, another branch"));
                await round.Node.ReplaceAsync(fork, Math.Max(1, chain.Count - fork - random.Next(0, 5)), random);
                break;
            case 2:
                round.Strike(Said($"a longer branch from {fork}, and back again"));
                await round.Node.ReplaceAsync(fork, chain.Count - fork + random.Next(1, 4), random);
                await Round.WaitAsync(round.UpTo(1500));
                await round.Node.ReturnToAsync(chain, random);
                break;
            default:
                fork = Math.Min(fork, chain.Count - 2);
                round.Strike(Said($"a branch from {fork} that does not win"));
                await round.Node.MineLosingAsync(fork, chain.Count - fork - 1, random);
                break;
        }
    }

    private static string Said(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
