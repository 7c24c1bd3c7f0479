using System.Globalization;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Tests.Fixtures;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Docs;

/// <summary>What the alarms would have said of every block from 664063 to 946236, by the labels of blocks_post_2021.parquet (sorukumar/bitcoin-mining-pools).</summary>
public sealed class AlertHistoryTests
{
    private static readonly string Text = Repository.Read("docs/alerts-history.md");

    [Theory]
    [InlineData("Shares")]
    [InlineData("Fewest for half")]
    [InlineData("The largest together")]
    [InlineData("Shifts")]
    [InlineData("Unknown blocks")]
    [InlineData("Double spends")]
    [InlineData("Streaks")]
    public void The_page_has_every_alert_with_its_dates(string heading)
    {
        var chain = LabelledHistory.Chain;
        var layers = LayerSet.LoadBundled().Layers.Select(l => LayerMap.Create(l, LabelledHistory.Pools)).ToList();
        var expected = heading switch
        {
            "Shares" => Shares(chain, layers),
            "Fewest for half" => Coefficients(chain, layers),
            "The largest together" => Largest(chain, layers[0]),
            "Shifts" => Shifts(chain, layers[0]),
            "Unknown blocks" => PastAlerts.Unknown(chain, layers[0]),
            "Double spends" => PastAlerts.DoubleSpends(chain, layers.Where(l => l.Layer.Name != "custody")),
            _ => PastAlerts.Streaks(chain, layers[0]),
        };
        var rows = string.Join("\n", expected);
        Assert.True(rows == string.Join("\n", Rows(heading)), $"The rows would be:\n{rows}");
    }

    private static IEnumerable<string> Shares(ChainView chain, IEnumerable<LayerMap> layers) => layers
        .SelectMany(map => ShareAlarms.Episodes(chain, EntityColumn.Of(chain, map), Whole(chain)).Select(e => (Map: map, Episode: e)))
        .Where(e => e.Map.Layer.Name != "custody" || e.Episode.Threshold == Threshold.Half)
        .OrderBy(e => e.Episode.From).ThenBy(e => e.Map.Layer.Name, StringComparer.Ordinal)
        .Select(e => $"{Day(chain, e.Episode.From)} | {Day(chain, e.Episode.To)} | {e.Map.NameOf(e.Episode.Entity).Slug} | {e.Map.Layer.Name} | {Fraction(e.Episode.Threshold)}");

    private static IEnumerable<string> Largest(ChainView chain, LayerMap map) => TopShareAlarms.Episodes(EntityColumn.Of(chain, map), Whole(chain))
        .Where(e => e.Largest == 2 || e.Threshold == Threshold.TwoThirds)
        .Select(e => $"{Day(chain, e.From)} | {Day(chain, e.To)} | {e.Largest} | {Fraction(e.Threshold)}");

    /// <summary>Falls of the coefficient, from half a year after the first block on: before, what is not proved yet looks like a fall when it is.</summary>
    private static IEnumerable<string> Coefficients(ChainView chain, IEnumerable<LayerMap> layers)
    {
        foreach (var map in layers)
        {
            var half = TopShareAlarms.Episodes(EntityColumn.Of(chain, map), Whole(chain)).Where(e => e.Threshold == Threshold.Half).ToList();
            var before = TopShareAlarms.MaxLargest + 1;
            foreach (var height in half.SelectMany(e => (int[])[e.From, e.To ?? int.MaxValue]).Where(h => h <= chain.TipHeight).Distinct().Order())
            {
                var now = half.Where(e => e.From <= height && !(e.To <= height)).Select(e => e.Largest).DefaultIfEmpty(TopShareAlarms.MaxLargest + 1).Min();
                if (now < before && height > chain.FirstHeight + 26_280)
                {
                    yield return $"{Day(chain, height)} | {map.Layer.Name} | {before} to {now}";
                }

                before = now;
            }
        }
    }

    private static List<string> Shifts(ChainView chain, LayerMap map)
    {
        var (rows, last) = (new List<string>(), new Dictionary<int, int>());
        // Once in twelve blocks is enough to see a difference that lasts for days.
        for (var tip = chain.FirstHeight + RecentShift.Later + RecentShift.Earlier; tip <= chain.TipHeight; tip += 12)
        {
            foreach (var (pool, shift) in RecentShift.Of(chain.TruncateTo(tip)).Where(s => RecentShift.IsAlarm(s.Value)).OrderBy(s => s.Key))
            {
                if (!last.TryGetValue(pool, out var before) || tip - before > 3 * 144)
                {
                    rows.Add(string.Create(CultureInfo.InvariantCulture, $"{Day(chain, tip)} | {map.NameOf(pool).Slug} | {(shift.Difference > 0 ? "up" : "down")}"));
                }

                last[pool] = tip;
            }
        }

        return rows;
    }

    private static BlockWindow Whole(ChainView chain) => new(chain.FirstHeight, chain.TipHeight);

    internal static string Day(ChainView chain, int? height) => height is { } at
        ? DateTimeOffset.FromUnixTimeSeconds(chain.MedianTimePast(at)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : "goes on";

    private static string Fraction(Threshold threshold) => string.Create(CultureInfo.InvariantCulture, $"{threshold.Numerator}/{threshold.Denominator}");

    /// <summary>Rows without the last column, which says what happened.</summary>
    private static IEnumerable<string> Rows(string heading) =>
        (Text + "\n## ").Split($"\n## {heading}\n")[^1].Split("\n## ")[0].Split('\n').Where(l => l.StartsWith("| 20", StringComparison.Ordinal))
            .Select(l => string.Join(" | ", l.Trim().Trim('|').Split('|').Select(c => c.Trim()).SkipLast(1)));
}
