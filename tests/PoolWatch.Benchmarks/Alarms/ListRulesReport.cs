using PoolWatch.Benchmarks.Scale;
using PoolWatch.Core.Concentration.Alarms;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>The rules about what the pool list does not know, or what other lists contradict: false alarms while nothing changes, and delays.</summary>
internal static class ListRulesReport
{
    private const int Seed = 20_261_125;
    private const int Year = 52_560;
    private const int YearsAtOnce = 100;
    private const int Later = 432;
    private const int Month = 4_320;

    public static void Write(Report report, int years, int rounds)
    {
        (years, rounds) = (Math.Min(years, 1_000), Math.Min(rounds, 1_000));
        report.Line($"## False alarms of the rules about lists");
        report.Line($"Constant shares, {years} years.");
        report.Table("rule", "constellation", "alarms a year");
        foreach (var share in (double[])[0.05, 0.08, 0.09, 0.1])
        {
            Row("more than a tenth unknown", FormattableString.Invariant($"{100 * share} % unknown"), Alarms(ListAlarms.Unknown, share, years));
        }

        foreach (var share in (double[])[0.03, 0.04, 0.05])
        {
            Row("lists disagree about more than a twentieth", FormattableString.Invariant($"about {100 * share} %"), Alarms(ListAlarms.Disagreement, share, years));
        }

        foreach (var share in (double[])[0.002, 0.02, 0.05, 0.1, 0.15, 0.3])
        {
            Row("unknown share jumped", FormattableString.Invariant($"{100 * share} % unknown"), Jumps(share, years));
        }

        foreach (var share in (double[])[0.005, 0.015, 0.03])
        {
            Row("unknown miner among the ten largest", FormattableString.Invariant($"one with {100 * share} %, as the tenth pool"), Overtakings(share, years));
        }

        report.Line($"## Delay of the rules about lists");
        report.Line($"Means of {rounds} draws.");
        report.Table("rule", "from", "to", "blocks", "days");
        Delay("more than a tenth unknown", 0.05, 0.15, CusumDelay(ListAlarms.Unknown, 0.05, 0.15, rounds));
        Delay("more than a tenth unknown", 0.002, 0.2, CusumDelay(ListAlarms.Unknown, 0.002, 0.2, rounds));
        Delay("lists disagree about more than a twentieth", 0.01, 0.1, CusumDelay(ListAlarms.Disagreement, 0.01, 0.1, rounds));
        Delay("unknown share jumped", 0.002, 0.102, JumpDelay(0.002, 0.102, rounds));
        Delay("unknown share jumped", 0.05, 0.15, JumpDelay(0.05, 0.15, rounds));

        void Row(string rule, string constellation, int alarms) => report.Row(rule, constellation, FormattableString.Invariant($"{alarms / (double)years:0.000}"));
        void Delay(string rule, double from, double to, double blocks) =>
            report.Row(rule, FormattableString.Invariant($"{100 * from:0.#} %"), FormattableString.Invariant($"{100 * to:0.#} %"), FormattableString.Invariant($"{blocks:0}"), blocks / 144);
    }

    /// <summary>Without forgetting, which PoolWatch does after a year, or 2016 blocks: what remembers less is never on when this is not.</summary>
    private static int Alarms(Cusum test, double share, int years)
    {
        var (draws, alarms) = (new Draws(Seed), 0);
        for (var done = 0; done < years; done += YearsAtOnce)
        {
            var blocks = new bool[YearsAtOnce * Year];
            for (var i = 0; i < blocks.Length; i++)
            {
                blocks[i] = draws.Next() < share;
            }

            var state = test.Watch(blocks, 0, (_, _) => alarms++);
            alarms += state.IsOn ? 1 : 0;
        }

        return alarms;
    }

    private static double CusumDelay(Cusum test, double before, double after, int rounds)
    {
        var draws = new Draws(Seed);
        return Enumerable.Range(0, rounds).Average(_ =>
        {
            var blocks = new bool[2 * Month];
            for (var i = 0; i < blocks.Length; i++)
            {
                blocks[i] = draws.Next() < (i < Month ? before : after);
            }

            // The state is on from the block on that began it: the first length at which it is.
            var (low, high) = (Month, blocks.Length);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = test.Watch(blocks.AsSpan(0, middle), 0).IsOn ? (low, middle) : (middle + 1, high);
            }

            return low - Month;
        });
    }

    private static int Jumps(double share, int years)
    {
        var (draws, alarms) = (new Draws(Seed), new Beginnings(144));
        var windows = new TwoWindows(1, Later, Month - Later);
        for (var i = 0L; i < (long)years * Year; i++)
        {
            windows.Add(draws.Pool([share]));
            alarms.Note(0, i, windows.IsFull && IsJump(windows));
        }

        return alarms.Count;
    }

    private static double JumpDelay(double before, double after, int rounds)
    {
        var draws = new Draws(Seed);
        return Enumerable.Range(0, rounds).Average(_ =>
        {
            var windows = new TwoWindows(1, Later, Month - Later);
            for (var i = 0; i < Month; i++)
            {
                windows.Add(draws.Pool([before]));
            }

            var blocks = 0;
            do
            {
                windows.Add(draws.Pool([after]));
                blocks++;
            }
            while (!IsJump(windows) && blocks < Month);

            return blocks;
        });
    }

    /// <summary>As the rule has it: four points, and four standard errors of 432 blocks at the share of the month.</summary>
    private static bool IsJump(TwoWindows windows)
    {
        var month = (windows.Later[0] + windows.Earlier[0]) / (double)Month;
        var jump = (windows.Later[0] / (double)Later) - month;
        return jump > 0.04 && jump > 4 * Math.Sqrt(month * (1 - month) / Later);
    }

    /// <summary>A candidate with the true share of the tenth pool that is three standard errors ahead of it for six hours.</summary>
    private static int Overtakings(double share, int years)
    {
        var (draws, alarms, held) = (new Draws(Seed), new Beginnings(144), 0);
        var windows = new TwoWindows(2, 2_016, 1);
        for (var i = 0L; i < (long)years * Year; i++)
        {
            windows.Add(draws.Pool([share, share]));
            var (candidate, tenth) = (windows.Later[0], windows.Later[1]);
            held = windows.IsFull && candidate > 0 && candidate - tenth >= 3 * Math.Sqrt(candidate + tenth) ? held + 1 : 0;
            alarms.Note(0, i, held >= 36);
        }

        return alarms.Count;
    }
}
