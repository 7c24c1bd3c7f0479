using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using PoolWatch.Core.Tests.Fixtures;

namespace PoolWatch.Core.Tests.Concentration;

/// <summary>Streaks that really happened, blocks 664063 to 946236 by the labels of sorukumar/bitcoin-mining-pools.</summary>
public sealed class RealStreaksTests
{
    private static readonly EntityColumn Column =
        EntityColumn.Of(LabelledHistory.Chain, LayerMap.Create(LayerSet.None.Layers[0], LabelledHistory.Pools));

    // 2023-04-12, 2025-03-29, 2026-03-14 and two more, each the longest of its pool in the month around it.
    [Theory]
    [InlineData("foundryusa", 785_053, 785_062)]
    [InlineData("foundryusa", 889_982, 889_990)]
    [InlineData("foundryusa", 940_677, 940_684)]
    [InlineData("antpool", 794_465, 794_472)]
    [InlineData("f2pool", 715_912, 715_918)]
    public void A_known_streak_is_found_where_it_was(string slug, int from, int to)
    {
        const int Month = 4320;
        var pool = LabelledHistory.IdOf(slug);
        var window = new BlockWindow(from - (Month / 2), Math.Min(from + (Month / 2), Column.TipHeight));
        var streak = Streaks.Of(Column.EntitiesOf(window)).Single(s => s.Entity == pool);
        Assert.Equal(to - from + 1, streak.Longest);
        Assert.Equal(to, window.FromHeight + streak.LongestEnd);

        // Seen from its own last block it is the present one, and from the next it is over.
        Assert.Equal(streak.Longest, At(to, 144, pool).Current);
        Assert.Equal(0, At(to + 1, 144, pool).Current);
    }

    [Theory]
    [InlineData("foundryusa", 10)]
    [InlineData("antpool", 8)]
    [InlineData("f2pool", 7)]
    public void The_longest_of_all_is_the_known_one(string slug, int length) =>
        Assert.Equal(length, Streaks.Of(Column.EntitiesOf(new BlockWindow(Column.FirstHeight, Column.TipHeight))).Single(s => s.Entity == LabelledHistory.IdOf(slug)).Longest);

    [Theory]
    [InlineData("foundryusa", 35)]
    [InlineData("antpool", 4)]
    [InlineData("f2pool", 1)]
    public void So_many_had_seven_blocks_or_more(string slug, int streaks)
    {
        var pool = LabelledHistory.IdOf(slug);

        // Of eight blocks exactly seven in a row: every longer streak comes by there once.
        var found = 0;
        for (var height = Column.FirstHeight + 7; height <= Column.TipHeight; height++)
        {
            found += Column[height] == pool && At(height, 8, pool).Current == 7 ? 1 : 0;
        }

        Assert.Equal(streaks, found);
    }

    /// <summary>What was news was luck: at the pool's share of the year around it, each of these comes in one year of five or oftener.</summary>
    [Theory]
    [InlineData("foundryusa", 785_062, 10, 15_861, 0.2053)]
    [InlineData("foundryusa", 889_990, 9, 16_151, 0.5891)]
    [InlineData("antpool", 794_472, 8, 11_905, 0.2454)]
    public void None_of_them_was_improbable_in_its_year(string slug, int end, int length, int blocks, double probability)
    {
        const int Year = 52_560;
        var around = Column.EntitiesOf(new BlockWindow(end - (Year / 2) + 1, end + (Year / 2)));
        Assert.Equal(blocks, around.Count(LabelledHistory.IdOf(slug)));
        Assert.Equal(probability, Streaks.ProbabilityOfRun(length, Year, (double)blocks / Year), 0.00005);
    }

    private static EntityStreak At(int height, int blocks, int pool) =>
        Streaks.Of(Column.EntitiesOf(new BlockWindow(height - blocks + 1, height))).Single(s => s.Entity == pool);
}
