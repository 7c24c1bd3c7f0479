using PoolWatch.Benchmarks.Scale;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>The rules that are not about one share and a threshold: false alarms while nothing changes, and delays.</summary>
internal static class OtherRulesReport
{
    private const int Seed = 20_261_124;
    private const int YearsAtOnce = 100;
    private const double SixConfirmationsAt25 = 0.3388;

    public static void Write(Report report, int years, int rounds)
    {
        var (few, april) = (Math.Min(years, 1_000), Shares.WithRealTail(0.309, 30));
        report.Line($"## False alarms of the other rules");
        report.Line($"Constant shares; one layer unless something else is said.");
        report.Table("rule", "constellation", "years", "alarms a year");
        Row("two largest above 1/2", "30 % and 20 %, the rest as in April 2026, in each of four layers", 4 * TopAlarms([0.3, 0.2], 2, Threshold.Half, few), few);
        Row("two largest above 1/2", "25 %, 25 %, 20 %, the rest as in April 2026, in each of four layers", 4 * TopAlarms([0.25, 0.25, 0.2], 2, Threshold.Half, few), few);
        Row("three largest above 2/3", "30 %, 20 % and 16.7 %, the rest as in April 2026, in each of four layers", 4 * TopAlarms([0.3, 0.2, (2 / 3.0) - 0.5], 3, Threshold.TwoThirds, few), few);
        Row("floor of a share above the share", "two with 33.9 % (six confirmations: risk 25 %) in each of four layers", 4 * WindowRules.FloorAbove(SixConfirmationsAt25, few, Seed), few);
        Row("share shifted", "as in April 2026", WindowRules.Shifts(april, few, Seed), few);
        Row("share shifted", "one with 40 %, the rest as in April 2026", WindowRules.Shifts(Shares.WithRealTail(0.4, 30), few, Seed), few);
        foreach (var limit in (double[])[0.05, 0.02, 0.01])
        {
            Row($"streak with a chance below {100 * limit:0} % a year", "as in April 2026", WindowRules.Streaks(april, limit, few, Seed), few);
        }

        foreach (var limit in (int[])[90, 95, 100])
        {
            Row($"fewer than {limit} blocks in a day", "constant hash rate, difficulty fits", WindowRules.SlowDays(limit, few, Seed), few);
        }

        report.Line($"## Delay of the other rules");
        report.Line($"Means of {Math.Min(rounds, 1_000)} draws.");
        report.Table("rule", "from", "to", "blocks", "days");
        foreach (var after in (double[])[0.389, 0.439])
        {
            Delay("double-spend risk above 25 %", 0.309, after, WindowRules.FloorDelay(SixConfirmationsAt25, 0.309, after, Math.Min(rounds, 1_000), Seed));
        }

        foreach (var (before, after) in ((double, double)[])[(0.3, 0.36), (0.3, 0.4), (0.1, 0.2), (0.1, 0)])
        {
            Delay("share shifted", before, after, WindowRules.ShiftDelay(before, after, Math.Min(rounds, 1_000), Seed));
        }

        var turns = Math.Min(rounds, 200);
        Delay("two largest above 1/2", 0.45, 0.55, TopDelay([0.25, 0.2], [0.31, 0.24], 2, Threshold.Half, turns));
        Delay("two largest above 1/2", 0.45, 0.6, TopDelay([0.25, 0.2], [0.34, 0.26], 2, Threshold.Half, turns));
        Delay("three largest above 2/3", 0.617, 0.717, TopDelay([0.3, 0.2, 0.117], [0.34, 0.22, 0.157], 3, Threshold.TwoThirds, turns));

        void Row(string rule, string constellation, int alarms, int over) => report.Row(rule, constellation, over, FormattableString.Invariant($"{alarms / (double)over:0.000}"));
        void Delay(string rule, double from, double to, double blocks) =>
            report.Row(rule, FormattableString.Invariant($"{100 * from:0.#} %"), FormattableString.Invariant($"{100 * to:0.#} %"), FormattableString.Invariant($"{blocks:0}"), blocks / 144);
    }

    /// <summary>Blocks from a rise to the alarm, after two months of shares below; who is largest stays so.</summary>
    private static double TopDelay(double[] before, double[] after, int largest, Threshold threshold, int rounds)
    {
        const int Change = 8_640;
        var (calm, risen) = (Shares.WithTail(before, 20), Shares.WithTail(after, 20));
        var (map, draws, sum) = (Shares.SinglePools(calm.Length), new Draws(Seed), 0.0);
        for (var round = 0; round < rounds; round++)
        {
            var entries = new ChainEntry[Change + ShareAlarms.Blocks];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = new ChainEntry(0, 0, draws.Pool(i < Change ? calm : risen));
            }

            sum += TopShareAlarms.Episodes(EntityColumn.Of(ChainView.Empty.Append(entries), map), new BlockWindow(0, entries.Length - 1))
                .First(e => e.Largest == largest && e.Threshold == threshold && e.From >= Change).From - Change + 1;
        }

        return sum / rounds;
    }

    private static int TopAlarms(double[] first, int largest, Threshold threshold, int years)
    {
        var shares = Shares.WithTail(first, 20);
        var (map, draws, alarms) = (Shares.SinglePools(shares.Length), new Draws(Seed), 0);
        for (var done = 0; done < years; done += YearsAtOnce)
        {
            var entries = new ChainEntry[YearsAtOnce * ShareAlarms.Blocks];
            for (var i = 0; i < entries.Length; i++)
            {
                entries[i] = new ChainEntry(0, 0, draws.Pool(shares));
            }

            alarms += TopShareAlarms.Episodes(EntityColumn.Of(ChainView.Empty.Append(entries), map), new BlockWindow(0, entries.Length - 1))
                .Count(e => e.Largest == largest && e.Threshold == threshold);
        }

        return alarms;
    }
}
