using PoolWatch.Core.Concentration;
using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Layers;

public sealed class LayerMapTests
{
    private const ushort A = 0;
    private const ushort B = 1;
    private const ushort C = 2;
    private const int Group = 6;

    [Theory]
    [InlineData("2024-01-30 23:59:59", A)]
    [InlineData("2024-01-31 00:00:00", Group)]
    [InlineData("2024-06-14 23:59:59", Group)]
    [InlineData("2024-06-15 00:00:00", A)]
    public void A_membership_begins_and_ends_with_the_UTC_day_of_the_median_time(string time, int entity)
    {
        var map = Map(File(Entity("group", Member("a", "from=2024-01-31", "to=2024-06-15"))));
        Assert.Equal(entity, map.EntityOf(A, (uint)DateTimeOffset.Parse(time + "Z", null).ToUnixTimeSeconds()));
    }

    [Fact]
    public void Open_ends_reach_as_far_as_time()
    {
        var map = Map(File(Entity("group", Member("a"), Member("b", "from=2024-01-31"), Member("c", "to=2024-01-31"))));
        Assert.Equal(
            [(Group, Group), (B, Group), (Group, C)],
            new[] { A, B, C }.Select(pool => (map.EntityOf(pool, 0), map.EntityOf(pool, uint.MaxValue))));
    }

    [Fact]
    public void A_pool_may_move_from_one_entity_to_another_and_back()
    {
        var map = Map(File(
            $"{Entity("one", Member("a", "to=2024-01-01"), Member("a", "from=2024-03-01"))}, {Entity("two", Member("a", "from=2024-01-01", "to=2024-02-01"))}"));
        string?[] slugs = [.. new[] { "2023-12-31", "2024-01-01", "2024-02-01", "2024-03-01" }.Select(day => map.NameOf(map.EntityOf(A, Day(day))).Slug)];
        Assert.Equal(["one", "two", "a", "one"], slugs);
    }

    [Fact]
    public void An_entity_with_the_slug_of_a_pool_is_that_pool_with_others()
    {
        var map = Map(File(Entity("b", Member("a", "from=2024-01-01"))));
        Assert.Equal(B, map.EntityOf(A, Day("2024-01-01")));
        Assert.Equal(B, map.EntityOf(B, Day("2024-01-01")));
        Assert.Equal(new EntityName("b", "The b", true), map.NameOf(B));
        Assert.Equal(new EntityName("a", "Pool 0", false), map.NameOf(A));
    }

    [Theory]
    [InlineData(new[] { "former" }, "former", "former")]
    [InlineData(new[] { "a", "former" }, "a", "former")]
    [InlineData(new[] { "former", "a" }, "a", "former")]
    [InlineData(new[] { "b", "former" }, "former", "b")]
    public void A_renamed_pool_stays_in_the_entity_that_has_its_former_slug(string[] entities, string first, string member)
    {
        var pools = new[] { new LayerPool(A, "a", "A", ["former", "b"]), new LayerPool(B, "b", "B") };
        var json = File(string.Join(", ", entities.Select(slug => slug == member ? Entity(slug, Member("b")) : Entity(slug))));
        var map = LayerMap.Create(Parse(json).Layers[1], pools);
        Assert.Equal((A, first), (map.EntityOf(A, 0), map.NameOf(A).Slug));
        Assert.Equal(member, map.NameOf(map.EntityOf(B, 0)).Slug);
    }

    [Fact]
    public void An_entity_with_a_slug_that_two_pools_had_is_the_first_of_them()
    {
        LayerPool[] pools = [new(C, "c", "C", ["former"]), new(A, "a", "A", ["former"]), new(B, "b", "B")];
        var map = LayerMap.Create(Parse(File(Entity("former", Member("b")))).Layers[1], pools);
        Assert.Equal((A, A, C), (map.EntityOf(A, 0), map.EntityOf(B, 0), map.EntityOf(C, 0)));
        Assert.Equal(["former", "c"], new[] { A, C }.Select(pool => map.NameOf(pool).Slug));
    }

    [Fact]
    public void Memberships_do_not_chain()
    {
        var map = Map(File($"{Entity("b", Member("a"))}, {Entity("group", Member("b"))}"));
        Assert.Equal((B, Group), (map.EntityOf(A, 0), map.EntityOf(B, 0)));
    }

    [Theory]
    [InlineData(null, "group", "b")]
    [InlineData("2023-12-31", "a", "b")]
    [InlineData("2024-01-01", "group", "b")]
    [InlineData("2024-02-29", "group", "b")]
    [InlineData("2024-03-01", "group", "group")]
    [InlineData("2024-04-01", "group", "b")]
    public void As_known_at_a_day_only_what_stood_then_counts(string? day, string a, string b)
    {
        var json = File(Entity("group", Member("a", "knownSince=2024-01-01"), Member("b", "knownSince=2024-03-01", "knownUntil=2024-04-01")));
        var map = Map(json, filter: new LayerFilter(day is null ? null : DateOnly.Parse(day, null)));
        Assert.Equal((a, b), (map.NameOf(map.EntityOf(A, 0)).Slug, map.NameOf(map.EntityOf(B, 0)).Slug));
    }

    [Fact]
    public void A_corrected_row_and_its_correction_each_count_in_their_time()
    {
        var json = File(Entity("group", Member("a", "knownUntil=2024-03-01"), Member("a", "to=2024-02-01", "knownSince=2024-03-01")));
        var block = Day("2024-02-15");
        Assert.Equal(Group, Map(json, filter: new LayerFilter(new DateOnly(2024, 2, 28))).EntityOf(A, block));
        Assert.Equal(A, Map(json, filter: new LayerFilter(new DateOnly(2024, 3, 1))).EntityOf(A, block));
        Assert.Equal(A, Map(json).EntityOf(A, block));
    }

    [Theory]
    [InlineData(Confidence.Low, 3)]
    [InlineData(Confidence.Medium, 2)]
    [InlineData(Confidence.High, 1)]
    public void Rows_below_the_least_confidence_are_left_out(Confidence minimum, int members)
    {
        var map = Map(File(Entity("group", Member("a", "confidence=low"), Member("b", "confidence=medium"), Member("c"))), filter: new LayerFilter(null, minimum));
        Assert.Equal(members, new[] { A, B, C }.Count(p => map.EntityOf(p, 0) == Group));
    }

    [Fact]
    public void A_window_is_counted_by_entity_and_by_pool_within_it()
    {
        var map = Map(File(Entity("group", Member("a"), Member("b", "from=2024-01-02")), Member("c")));
        var shares = map.Count(Chain(
            ("2024-01-01", A), ("2024-01-01", B), ("2024-01-02", B), ("2024-01-02", B), ("2024-01-02", C), ("2024-01-03", ChainView.UnknownPool)), new BlockWindow(0, 5));

        Assert.Equal([new(Group, 3), new(B, 1)], shares.Distribution.Entities);
        Assert.Equal((1, 1, 6), (shares.Distribution.Unknown, shares.Distribution.Singles, shares.Distribution.Total));
        Assert.Equal([new(Group, A, 1), new(B, B, 1), new(Group, B, 2), new(LayerMap.Singles, C, 1)], shares.Members);
    }

    [Fact]
    public void Only_the_window_is_counted()
    {
        var chain = Chain(("2024-01-01", A), ("2024-01-02", A), ("2024-01-03", B), ("2024-01-04", B));
        Assert.Equal([new(A, 1), new(B, 1)], Map(File()).Count(chain, new BlockWindow(1, 2)).Distribution.Entities);
    }

    [Fact]
    public void Members_that_are_no_pools_are_named_and_do_no_harm()
    {
        var map = Map(File(Entity("group", Member("zz"), Member("a")), Member("yy")));
        Assert.Equal(["yy", "zz"], map.UnlistedPools);
        Assert.Equal([new(Group, 1)], map.Count(Chain(("2024-01-01", A)), new BlockWindow(0, 0)).Distribution.Entities);
    }

    [Fact]
    public void A_pool_that_the_map_was_not_made_for_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Map(File()).EntityOf(6, 0));

    private static ChainView Chain(params (string Day, ushort Pool)[] blocks) =>
        ChainView.Empty.Append([.. blocks.Select(b => new ChainEntry(Day(b.Day), Day(b.Day), b.Pool))]);
}
