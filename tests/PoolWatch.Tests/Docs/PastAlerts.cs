using System.Globalization;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;

namespace PoolWatch.Tests.Docs;

/// <summary>When the rules that look at windows would have fired, block by block, as they stand in prometheus/rules/concentration.yml.</summary>
internal static class PastAlerts
{
    private const int Day = 144;
    private const int Month = 4_320;

    /// <summary>More than a tenth without a known miner, and jumps of that part.</summary>
    public static IEnumerable<string> Unknown(ChainView chain, LayerMap pools)
    {
        var column = EntityColumn.Of(chain, pools);
        var high = ListAlarms.UnknownEpisodes(column, new BlockWindow(chain.FirstHeight, chain.TipHeight)).Select(e => (e.From, e.To, What: "more than a tenth"));
        return high.Concat(Jumps(chain).Select(e => (e.From, To: (int?)e.To, What: "jump"))).OrderBy(e => e.From)
            .Select(e => $"{AlertHistoryTests.Day(chain, e.From)} | {AlertHistoryTests.Day(chain, e.To)} | {e.What}");
    }

    /// <summary>A risk above a quarter at six confirmations, at the floor of the share of the largest of any layer.</summary>
    public static IEnumerable<string> DoubleSpends(ChainView chain, IEnumerable<LayerMap> layers)
    {
        // The fewest of 2016 blocks whose floor is above the limit.
        var fewest = Enumerable.Range(0, ShareFloor.Blocks + 1).First(n => DoubleSpend.Probability(ShareFloor.Of(n, ShareFloor.Blocks), 6) > 0.25);
        var above = new SortedDictionary<int, string>();
        foreach (var map in layers)
        {
            var column = EntityColumn.Of(chain, map);
            var blocks = new int[column.Entities];
            for (var height = column.FirstHeight; height <= column.TipHeight; height++)
            {
                Add(column[height], 1);
                if (height - ShareFloor.Blocks >= column.FirstHeight)
                {
                    Add(column[height - ShareFloor.Blocks], -1);
                }

                if (column[height] is >= 0 and var entity && blocks[entity] >= fewest)
                {
                    above.TryAdd(height, $"{map.NameOf(entity).Slug} | {map.Layer.Name}");
                }
            }

            void Add(int entity, int change)
            {
                if (entity >= 0)
                {
                    blocks[entity] += change;
                }
            }
        }

        // Kept for a week.
        return Joined(above.Keys, 7 * Day).Select(e => $"{AlertHistoryTests.Day(chain, e.From)} | {AlertHistoryTests.Day(chain, e.To)} | {above[e.From]}");
    }

    /// <summary>Runs of three blocks or more that a miner with that share of the last month has in a year with a chance of less than one in a hundred.</summary>
    public static IEnumerable<string> Streaks(ChainView chain, LayerMap pools)
    {
        var (run, month) = (0, new Dictionary<ushort, int>());
        for (var height = chain.FirstHeight; height <= chain.TipHeight; height++)
        {
            var pool = chain.Pool(height);
            run = height > chain.FirstHeight && chain.Pool(height - 1) == pool ? run + 1 : 1;
            month[pool] = month.GetValueOrDefault(pool) + 1;
            if (height - Month >= chain.FirstHeight)
            {
                month[chain.Pool(height - Month)]--;
                var share = month[pool] / (double)Month;
                if (run >= 3 && pool != ChainView.UnknownPool && Core.Concentration.Streaks.ExpectedRuns(run, ShareAlarms.Blocks, share) < 0.011
                    && Core.Concentration.Streaks.ProbabilityOfRun(run, ShareAlarms.Blocks, share) < 0.01)
                {
                    yield return string.Create(CultureInfo.InvariantCulture, $"{AlertHistoryTests.Day(chain, height)} | {pools.NameOf(pool).Slug} | {run}");
                }
            }
        }
    }

    private static IEnumerable<(int From, int To)> Jumps(ChainView chain)
    {
        var (late, month, jumps) = (0, 0, new List<int>());
        for (var height = chain.FirstHeight; height <= chain.TipHeight; height++)
        {
            late += IsUnknown(height) - IsUnknown(height - 432);
            month += IsUnknown(height) - IsUnknown(height - Month);
            var (share, jump) = (month / (double)Month, (late / 432.0) - (month / (double)Month));
            if (height - chain.FirstHeight >= Month - 1 && jump > 0.04 && jump > 4 * Math.Sqrt(share * (1 - share) / 432))
            {
                jumps.Add(height);
            }
        }

        return Joined(jumps, Day);

        int IsUnknown(int height) => height >= chain.FirstHeight && chain.Pool(height) == ChainView.UnknownPool ? 1 : 0;
    }

    /// <summary>Heights at which a rule holds as alerts, each kept for so many blocks.</summary>
    private static IEnumerable<(int From, int To)> Joined(IEnumerable<int> heights, int kept)
    {
        (int From, int To)? open = null;
        foreach (var height in heights)
        {
            if (open is { } one && height > one.To)
            {
                yield return one;
                open = null;
            }

            open = (open?.From ?? height, height + kept);
        }

        if (open is { } last)
        {
            yield return last;
        }
    }
}
