using CsCheck;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Layers;

/// <summary>What must hold for any layers over any chain.</summary>
public sealed class LayerMapPropertyTests
{
    private const int Pools = 8;
    private static readonly DateOnly FirstDay = new(2024, 1, 1);

    /// <summary>A pool and how many days its block comes after the one before.</summary>
    private static readonly Gen<(ushort Pool, int Days)[]> Blocks = Gen.Select(
        Gen.Frequency((9, Gen.UShort[0, Pools - 1]), (1, Gen.Const(ChainView.UnknownPool))), Gen.Int[0, 3]).Array[1, 60];

    /// <summary>For each pool the days at which it moves on, and in which of four entities (3: miners) it is in every second of the spans between.</summary>
    private static readonly Gen<(int[] Days, int Entity)[]> Moves =
        Gen.Select(Gen.Int[0, 90].Array[0, 4].Select(days => days.Distinct().Order().ToArray()), Gen.Int[0, 3]).Array[Pools];

    [Fact]
    public void A_layer_without_memberships_equals_the_pools_in_every_measure() => Blocks.Sample(blocks =>
    {
        var (chain, window) = Chain(blocks);
        var expected = ShareDistribution.Of(chain, window);
        var actual = Map(File(Entity("empty")), Pools).Count(chain, window).Distribution;

        Assert.Equal(expected.Entities, actual.Entities);
        Assert.Equal((expected.Unknown, 0, expected.Total), (actual.Unknown, actual.Singles, actual.Total));
        AssertSame(WindowMeasures.Of(expected), WindowMeasures.Of(actual));
        int[] pools = [.. chain.PoolsOf(window).ToArray().Select(pool => pool == ChainView.UnknownPool ? EntityColumn.Unknown : pool)];
        Assert.Equal(pools, EntityColumn.Of(chain, Map(File(Entity("empty")), Pools), window).EntitiesOf(window));
    });

    [Fact]
    public void A_column_has_the_entity_of_each_block() => Gen.Select(Blocks, Moves).Sample((blocks, moves) =>
    {
        var (chain, window) = Chain(blocks);
        var map = Map(Layer(moves), Pools);
        int[] entities = [.. Enumerable.Range(0, window.Blocks).Select(h =>
            chain.Pool(h) == ChainView.UnknownPool ? EntityColumn.Unknown
            : map.EntityOf(chain.Pool(h), chain.MedianTimePast(h)) is var entity && entity == LayerMap.Singles ? EntityColumn.OnItsOwn
            : entity)];
        Assert.Equal(entities, EntityColumn.Of(chain, map, window).EntitiesOf(window));
        Assert.Equal(entities, EntityColumn.Of(chain, map).EntitiesOf(window));
    });

    [Fact]
    public void Counting_a_window_equals_asking_for_each_block() => Gen.Select(Blocks, Moves).Sample((blocks, moves) =>
    {
        var (chain, window) = Chain(blocks);
        var map = Map(Layer(moves), Pools);
        var entities = Enumerable.Range(0, window.Blocks).Where(h => chain.Pool(h) != ChainView.UnknownPool)
            .Select(h => (Entity: map.EntityOf(chain.Pool(h), chain.MedianTimePast(h)), Pool: chain.Pool(h))).ToList();
        var expected = ShareDistribution.FromCounts(
            entities.Where(e => e.Entity != LayerMap.Singles).Select(e => new EntityBlocks(e.Entity, 1)),
            window.Blocks - entities.Count, entities.Count(e => e.Entity == LayerMap.Singles));

        var shares = map.Count(chain, window);
        Assert.Equal(expected.Entities, shares.Distribution.Entities);
        Assert.Equal((expected.Unknown, expected.Singles, expected.Total), (shares.Distribution.Unknown, shares.Distribution.Singles, shares.Distribution.Total));
        Assert.Equal(
            entities.CountBy(e => e).Select(e => new LayerMember(e.Key.Entity, e.Key.Pool, e.Value)).OrderBy(Key), shares.Members.OrderBy(Key));
    });

    [Fact]
    public void The_entity_of_a_block_is_that_of_the_row_that_holds_on_its_day() => Gen.Select(Moves, Gen.UShort[0, Pools - 1], Gen.Int[-2, 95]).Sample((moves, pool, day) =>
    {
        var set = Parse(Layer(moves));
        var date = FirstDay.AddDays(day);
        var row = set.Layers[1].Memberships.SingleOrDefault(one => one.Membership.Pool == Slug(pool)
            && (one.Membership.From is not { } from || from <= date) && (one.Membership.To is not { } to || date < to));
        var map = LayerMap.Create(set.Layers[1], LayerFixtures.Pools(Pools));
        var expected = row.Membership is null ? Slug(pool) : row.Entity?.Slug ?? "single";

        Assert.All([0u, 43_200u, 86_399u], second => Assert.Equal(expected, NameAt(Seconds(day) + second)));
        string NameAt(uint time) => map.EntityOf(pool, time) is var entity && entity == LayerMap.Singles ? "single" : map.NameOf(entity).Slug;
    });

    [Fact]
    public void Shares_of_entities_singles_and_unknown_blocks_sum_to_one() => Gen.Select(Blocks, Moves).Sample((blocks, moves) =>
    {
        var (chain, window) = Chain(blocks);
        var m = WindowMeasures.Of(Map(Layer(moves), Pools).Count(chain, window).Distribution);
        Assert.Equal(window.Blocks, m.Shares.Sum(s => s.Blocks) + m.Singles.Blocks + m.Unknown.Blocks);
        Assert.Equal(1, m.Shares.Sum(s => s.Share) + m.Singles.Share + m.Unknown.Share, 1e-12);
    });

    [Fact]
    public void Joining_two_pools_never_looks_less_concentrated() => Gen.Select(Blocks, Gen.Int[0, Pools - 1], Gen.Int[0, Pools - 1]).Sample((blocks, first, second) =>
    {
        var (chain, window) = Chain(blocks);
        string[] members = [.. new[] { first, second }.Distinct().Select(pool => Member(Slug(pool)))];
        var apart = WindowMeasures.Of(ShareDistribution.Of(chain, window));
        var joined = WindowMeasures.Of(Map(File(Entity("both", members)), Pools).Count(chain, window).Distribution);

        Assert.True(joined.Hhi.Separate >= apart.Hhi.Separate && joined.Hhi.Largest >= apart.Hhi.Largest && joined.Hhi.Excluded >= apart.Hhi.Excluded);
        Assert.True(joined.Nakamoto.Half <= apart.Nakamoto.Half && joined.Nakamoto.Third <= apart.Nakamoto.Third);
        Assert.True(joined.Nakamoto.TwoThirds <= apart.Nakamoto.TwoThirds && joined.Nakamoto.HalfLargest <= apart.Nakamoto.HalfLargest);
        Assert.All(Enumerable.Range(0, WindowMeasures.MaxTop), n => Assert.True(joined.TopShares[n] >= apart.TopShares[n]));
    });

    [Fact]
    public void Miners_who_decide_for_themselves_never_look_more_concentrated_than_their_pool() => Gen.Select(Blocks, Gen.Int[0, Pools - 1]).Sample((blocks, pool) =>
    {
        var (chain, window) = Chain(blocks);
        var tagged = WindowMeasures.Of(ShareDistribution.Of(chain, window));
        var split = WindowMeasures.Of(Map(File("", Member(Slug(pool))), Pools).Count(chain, window).Distribution);

        Assert.True(split.Hhi.Separate <= tagged.Hhi.Separate && split.Nakamoto.Half >= tagged.Nakamoto.Half && split.EntropyBits >= tagged.EntropyBits - 1e-12);
        Assert.True(split.Hhi.Largest >= split.Hhi.Separate && split.Nakamoto.HalfLargest <= split.Nakamoto.Half);
    });

    private static string Slug(int pool) => ((char)('a' + pool)).ToString();

    private static (int, int) Key(LayerMember member) => (member.Entity, member.Pool);

    private static uint Seconds(int day) => Day(FirstDay.AddDays(day).ToString("O"));

    private static (ChainView Chain, BlockWindow Window) Chain((ushort Pool, int Days)[] blocks)
    {
        var day = 0;
        var entries = blocks.Select(b => new ChainEntry(0, Seconds(day += b.Days), b.Pool)).ToArray();
        return (ChainView.Empty.Append(entries), new BlockWindow(0, blocks.Length - 1));
    }

    /// <summary>Every second span of each pool's life is a membership.</summary>
    private static string Layer((int[] Days, int Entity)[] moves)
    {
        var rows = moves.SelectMany((move, pool) => Spans(move.Days).Select((span, i) => (Entity: (move.Entity + i) % 4, Row: Member(Slug(pool), span))));
        var byEntity = rows.ToLookup(r => r.Entity, r => r.Row);
        return File(string.Join(", ", Enumerable.Range(0, 3).Select(e => Entity($"group{e}", [.. byEntity[e]]))), string.Join(", ", byEntity[3]));
    }

    private static IEnumerable<string[]> Spans(int[] days) => Enumerable.Range(0, (days.Length + 1) / 2).Select(i => 2 * i).Select(i => i + 1 < days.Length
        ? [$"from={FirstDay.AddDays(days[i]):O}", $"to={FirstDay.AddDays(days[i + 1]):O}"]
        : new[] { $"from={FirstDay.AddDays(days[i]):O}" });

    private static void AssertSame(WindowMeasures expected, WindowMeasures actual)
    {
        Assert.Equal(expected.Shares, actual.Shares);
        Assert.Equal(expected.TopShares, actual.TopShares);
        Assert.Equal(
            (expected.Blocks, expected.Unknown, expected.Singles, expected.Hhi, expected.Nakamoto, expected.Effective, expected.EntropyBits, expected.Gini),
            (actual.Blocks, actual.Unknown, actual.Singles, actual.Hhi, actual.Nakamoto, actual.Effective, actual.EntropyBits, actual.Gini));
        Assert.Equal((expected.Entities, expected.Theil, expected.Evenness, expected.HashRate), (actual.Entities, actual.Theil, actual.Evenness, actual.HashRate));
        Assert.Equal(expected.DoubleSpends, actual.DoubleSpends);
    }
}
