using PoolWatch.Benchmarks.Scale;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>The rules about blocks that do not come or do not stay, minute for minute as Prometheus asks: false alarms while nothing is wrong, and delays.</summary>
internal static class ChainRulesReport
{
    private const int Seed = 20_261_124;
    private const int Hour = 60;
    private const int Day = 24 * Hour;
    private const int Week = 7 * Day;
    private const int Year = 365 * Day;
    private const double UsualInterval = 10;

    /// <summary>No block for longer than this, in minutes, at each look for five more.</summary>
    private const int LongestGap = 120;

    private const int FewestADay = 95;
    private const int MostStaleAWeek = 5;

    public static void Write(Report report, int years, int rounds)
    {
        (years, rounds) = (Math.Min(years, 4_000), Math.Min(rounds, 1_000));
        report.Line($"## False alarms of the rules about the chain");
        report.Line($"Blocks that come by chance at a constant rate, {years} years.");
        report.Table("rule", "constellation", "alarms a year");
        foreach (var lost in (double[])[0, 0.05, 0.1, 0.2])
        {
            var (gaps, days) = Slow(UsualInterval / (1 - lost), years);
            var constellation = lost == 0 ? "hash rate as difficulty has it" : FormattableString.Invariant($"{100 * lost:0} % of the hash rate gone, all year");
            Row("no new block", constellation, gaps);
            Row("few blocks", constellation, days);
        }

        foreach (var weeks in (double[])[4, 2, 1])
        {
            Row("stale blocks", FormattableString.Invariant($"one in {weeks} week{(weeks > 1 ? "s" : "")}"), Stale(weeks * Week, years));
        }

        report.Line($"## Delay of the rules about the chain");
        report.Line($"Means of {rounds} draws, of those with an alarm within two weeks.");
        report.Table("rule", "change", "with an alarm", "hours");
        foreach (var lost in (double[])[0.3, 0.4, 0.5])
        {
            Delay("few blocks", FormattableString.Invariant($"{100 * lost:0} % of the hash rate gone"), rounds, draws => SlowDelay(draws, lost));
        }

        foreach (var each in (double[])[2, 1, 0.25])
        {
            Delay("stale blocks", FormattableString.Invariant($"one in {24 * each:0} hours"), rounds, draws => StaleDelay(draws, each * Day));
        }

        void Row(string rule, string constellation, int alarms) => report.Row(rule, constellation, FormattableString.Invariant($"{alarms / (double)years:0.000}"));

        void Delay(string rule, string change, int draws, Func<Draws, int?> delay)
        {
            var random = new Draws(Seed);
            var delays = Enumerable.Range(0, draws).Select(_ => delay(random)).OfType<int>().ToList();
            report.Row(rule, change, FormattableString.Invariant($"{100.0 * delays.Count / draws:0} %"), FormattableString.Invariant($"{(delays.Count == 0 ? 0 : delays.Average() / Hour):0.0}"));
        }
    }

    /// <summary>How often each of the two rules about slow blocks begins to fire.</summary>
    private static (int Gaps, int Days) Slow(double interval, int years)
    {
        var draws = new Draws(Seed);
        var (gap, few) = (new Held(5), new Held(15));
        var (blocks, last, next) = (new Trailing(Day), 0, Wait(draws, interval));
        for (var minute = 1; minute < years * Year; minute++)
        {
            for (; next <= minute; next += Wait(draws, interval))
            {
                blocks.Add(minute);
                last = minute;
            }

            gap.Note(minute - last > LongestGap);
            few.Note(minute > Day && blocks.Count(minute) < FewestADay);
        }

        return (gap.Beginnings, few.Beginnings);
    }

    /// <summary>Each block that goes stale counts for a week, and the alert for a day more.</summary>
    private static int Stale(double interval, int years)
    {
        var (draws, alarms, until) = (new Draws(Seed), 0, -1);
        var stale = new Trailing(Week);
        for (var at = Wait(draws, interval); at < (double)years * Year; at += Wait(draws, interval))
        {
            var minute = (int)at;
            stale.Add(minute);
            if (stale.Count(minute) >= MostStaleAWeek)
            {
                alarms += minute > until ? 1 : 0;
                until = stale.Oldest(MostStaleAWeek) + Week + Day;
            }
        }

        return alarms;
    }

    private static int? SlowDelay(Draws draws, double lost)
    {
        var few = new Held(15);
        var blocks = new Trailing(Day);
        var next = Wait(draws, UsualInterval);
        for (var minute = 1; minute < Day + (2 * Week); minute++)
        {
            for (; next <= minute; next += Wait(draws, minute <= Day ? UsualInterval : UsualInterval / (1 - lost)))
            {
                blocks.Add(minute);
            }

            few.Note(minute > Day && blocks.Count(minute) < FewestADay);
            if (few.Beginnings > 0)
            {
                return minute - Day;
            }
        }

        return null;
    }

    private static int? StaleDelay(Draws draws, double interval)
    {
        var stale = new Trailing(Week);
        for (var at = Wait(draws, interval); at < 2 * Week; at += Wait(draws, interval))
        {
            stale.Add((int)at);
            if (stale.Count((int)at) >= MostStaleAWeek)
            {
                return (int)at;
            }
        }

        return null;
    }

    /// <summary>Minutes until the next event of a Poisson process.</summary>
    private static double Wait(Draws draws, double mean) => -mean * Math.Log(1 - draws.Next());

    /// <summary>A condition that has to hold at so many looks in a row after the first.</summary>
    private sealed class Held(int minutes)
    {
        private int _since;

        public int Beginnings { get; private set; }

        public void Note(bool holds)
        {
            _since = holds ? _since + 1 : 0;
            Beginnings += _since == minutes + 1 ? 1 : 0;
        }
    }

    /// <summary>The events of the last so many minutes.</summary>
    private sealed class Trailing(int minutes)
    {
        private readonly Queue<int> _events = [];

        public void Add(int minute) => _events.Enqueue(minute);

        public int Count(int now)
        {
            while (_events.TryPeek(out var oldest) && oldest <= now - minutes)
            {
                _events.Dequeue();
            }

            return _events.Count;
        }

        /// <summary>When the first of the last so many events was.</summary>
        public int Oldest(int last) => _events.ElementAt(_events.Count - last);
    }
}
