using System.Diagnostics;
using System.Globalization;
using PoolWatch.Benchmarks.Scale;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>How often do the alarms begin without a reason, how long do they need where there is one, and what would other rules do?</summary>
internal static class AlarmsCommand
{
    private const int Seed = 20_261_123;
    private const int YearsAtOnce = 100;
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static void Run(IEnumerable<string> args)
    {
        var options = Options.Parse(args, "years", "rounds", "part", "report");
        var (years, rounds, part) = (options.Number("years", 4_000), options.Number("rounds", 4_000), options.Text("part"));
        using var report = new Report(options.Text("report"));
        if (part is null or "shares")
        {
            Budgets(report, years);
            Delays(report, rounds);
            Comparison(report, years, rounds);
        }

        if (part is null or "others")
        {
            OtherRulesReport.Write(report, years, rounds);
        }

        if (part is null or "lists")
        {
            ListRulesReport.Write(report, years, rounds);
        }

        if (part is null or "chain")
        {
            ChainRulesReport.Write(report, years, rounds);
        }

        Cost(report);
    }

    private static void Budgets(Report report, int years)
    {
        report.Line($"## False alarms of the share rules");
        report.Line($"{years} years of 52,560 blocks with constant shares each; alarms of pools that have no more than the threshold, all together.");
        report.Table("rule", "threshold", "constellation", "alarms a year");
        foreach (var (rule, threshold, name, shares) in Constellations())
        {
            var groups = rule == "groups";
            report.Row(rule, Text(threshold), name, $"{FalseAlarms(threshold, shares, groups, years) / (double)years:0.000}");
        }

    }

    /// <summary>Three layers of groups, one after the other: what happens in one says nothing of the others, the worst case for a rule over all of them.</summary>
    private static int FalseAlarms(Threshold threshold, double[] shares, bool groups, int years)
    {
        var map = groups ? PairsOf(shares.Length) : Shares.SinglePools(2 * shares.Length);
        var draws = new Draws(Seed);
        var alarms = 0;
        for (var layer = 0; layer < (groups ? 3 : 1); layer++)
        {
            for (var done = 0; done < years; done += YearsAtOnce)
            {
                // Each entity's blocks alternate between two pools, so that it is a group of two.
                var entries = new ChainEntry[YearsAtOnce * ShareAlarms.Blocks];
                for (var i = 0; i < entries.Length; i++)
                {
                    var pool = draws.Pool(shares);
                    entries[i] = new ChainEntry(0, 0, groups && pool != ChainView.UnknownPool ? (ushort)((2 * pool) + (i & 1)) : pool);
                }

                var chain = ChainView.Empty.Append(entries);
                alarms += ShareAlarms.Episodes(chain, EntityColumn.Of(chain, map), new BlockWindow(0, entries.Length - 1)).Count(e => e.Threshold == threshold);
            }
        }

        return alarms;
    }

    private static void Delays(Report report, int rounds)
    {
        report.Line($"## Delay of the share rules");
        report.Line($"{rounds} times from two months at five points below the threshold to a higher share; blocks until the alarm begins.");
        report.Table("rule", "threshold", "points above", "mean", "median", "90 % within", "mean days");
        foreach (var rule in (string[])["pool", "groups"])
        {
            foreach (var test in ShareAlarms.TestsOf(rule))
            {
                var threshold = Value(test.Threshold);
                foreach (var above in (double[])[0.025, 0.05, 0.1])
                {
                    var delays = Calibration.Delays(() => new PlainCusum(threshold, Cusum.Step), test.Limit / 1e9, threshold, above, rounds, Seed + 1);
                    report.Row(rule, Text(test.Threshold), Points(above), $"{delays.Average():0}", delays[rounds / 2], delays[rounds * 9 / 10], $"{delays.Average() / 144:0.0}");
                }
            }
        }

    }

    private static void Comparison(Report report, int years, int rounds)
    {
        report.Line($"## Other rules with the same budget");
        report.Line($"The threshold is 1/3; each rule has the limit at which one pool with exactly a third starts a third of an alarm a year ({years} years), and an alarm ends at 0.");
        report.Line($"Mean delay in blocks after a rise from five points below to so many above.");
        report.Table("rule", "limit", "2.5 points", "5 points", "10 points", "20 points");
        const double Third = 1 / 3.0;
        (string Name, Func<Detector> Create)[] rules =
        [
            .. ((double[])[0.025, 0.04, 0.05, 0.06, 0.08, 0.1]).Select(step => ($"cumulative sum for {Points(step)} points", (Func<Detector>)(() => new PlainCusum(Third, step)))),
            ("three sums: 2.5, 5, 10 points", () => new SeveralCusums(Third)),
            .. ((int[])[144, 432, 1008, 2016, 4320]).Select(length => ($"count in {length} blocks", (Func<Detector>)(() => new WindowCount(Third, length)))),
            ("largest of counts in 72 to 4608 blocks", () => new SeveralWindows(Third)),
        ];
        foreach (var (name, create) in rules)
        {
            var limit = Calibration.Limit(create(), Third, 1 / 3.0, years, Seed + 2);
            var delays = ((double[])[0.025, 0.05, 0.1, 0.2]).Select(above => Calibration.Delays(create, limit, Third, above, Math.Min(rounds, 1_000), Seed + 3).Average());
            report.Row([name, $"{limit:0.00}", .. delays.Select(d => $"{d:0}")]);
        }

    }

    private static void Cost(Report report)
    {
        var pools = PoolList.LoadBundled().Pools.Select((p, i) => new LayerPool((ushort)i, p.Slug, p.Name)).ToList();
        var maps = LayerSet.LoadBundled().Layers.Select(l => LayerMap.Create(l, pools)).ToList();
        var draws = new Draws(Seed);
        var shares = Shares.WithRealTail(0.309, pools.Count);
        var chain = ChainView.Empty.Append([.. Enumerable.Range(0, ShareAlarms.Blocks).Select(i => new ChainEntry(1_745_000_000 + (600u * (uint)i), 1_745_000_000 + (600u * (uint)i), draws.Pool(shares)))]);
        var times = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var start = Stopwatch.GetTimestamp();
            foreach (var map in maps)
            {
                var entities = EntityColumn.Of(chain, map);
                ShareAlarms.At(chain, entities);
                TopShareAlarms.At(entities);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        report.Line($"## Cost");
        report.Line($"All alarms of shares and of the largest together, of the four bundled layers, over 52,560 blocks, once for each new tip: {times.Order().ElementAt(20):0.0} ms (median of 40), {times.Min():0.0} ms at best.");
    }

    private static IEnumerable<(string Rule, Threshold Threshold, string Name, double[] Shares)> Constellations()
    {
        Threshold third = Threshold.Third, forty = new(2, 5), half = Threshold.Half;
        yield return ("pool", third, "three with 1/3 each", [1 / 3.0, 1 / 3.0, 1 / 3.0]);
        yield return ("pool", third, "one with 1/3, the rest as in April 2026", Shares.WithRealTail(1 / 3.0, 30));
        yield return ("pool", third, "one with 30.9 %, as in April 2026", Shares.WithRealTail(0.309, 30));
        yield return ("pool", forty, "two with 40 %", [0.4, 0.4, 0.2]);
        yield return ("pool", forty, "one with 40 %, the rest as in April 2026", Shares.WithRealTail(0.4, 30));
        yield return ("pool", half, "two with 50 %", [0.5, 0.5]);
        yield return ("pool", half, "one with 50 %, the rest as in April 2026", Shares.WithRealTail(0.5, 30));
        yield return ("groups", third, "three with 1/3 each in each of three layers", [1 / 3.0, 1 / 3.0, 1 / 3.0]);
        yield return ("groups", third, "one with 1/3 in each of three layers", Shares.WithRealTail(1 / 3.0, 30));
        yield return ("groups", forty, "two with 40 % in each of three layers", [0.4, 0.4, 0.2]);
        yield return ("groups", half, "two with 50 % in each of three layers", [0.5, 0.5]);
    }

    private static LayerMap PairsOf(int count)
    {
        var entities = Enumerable.Range(0, count).Select(i => $$"""
            { "slug": "g{{i}}", "name": "Group {{i}}", "members": [ { "pool": "p{{2 * i}}", "confidence": "high", "source": "made up" }, { "pool": "p{{(2 * i) + 1}}", "confidence": "high", "source": "made up" } ] }
            """);
        var json = $$"""{ "format": "poolwatch-layers/1", "layers": [ { "name": "groups", "entities": [ {{string.Join(", ", entities)}} ] } ] }""";
        return LayerMap.Create(LayerSet.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Layers[1], Shares.Numbered(2 * count));
    }

    private static double Value(Threshold threshold) => (double)threshold.Numerator / threshold.Denominator;

    private static string Text(Threshold threshold) => string.Create(Culture, $"{threshold.Numerator}/{threshold.Denominator}");

    private static string Points(double share) => string.Create(Culture, $"{100 * share:0.#}");
}
