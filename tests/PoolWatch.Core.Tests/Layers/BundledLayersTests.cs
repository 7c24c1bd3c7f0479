using PoolWatch.Core.Layers;
using PoolWatch.Core.Pools;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Layers;

/// <summary>The bundled layers say what docs/adr/0010-layers.md argues.</summary>
public sealed class BundledLayersTests
{
    private static readonly LayerSet Set = LayerSet.LoadBundled();

    private static readonly IReadOnlyList<LayerPool> Pools =
        [.. PoolList.LoadBundled().Pools.Select((pool, i) => new LayerPool((ushort)i, pool.Slug, pool.Name))];

    [Fact]
    public void The_file_is_kept_in_canonical_form()
    {
        using var reader = new StreamReader(typeof(LayerSet).Assembly.GetManifestResourceStream("layers.json")!);
        Assert.Equal(Set.ToJson(), reader.ReadToEnd());
    }

    [Fact]
    public void There_are_the_four_layers() => Assert.Equal(["pool", "legal", "template", "custody"], Set.Layers.Select(l => l.Name));

    [Fact]
    public void Every_member_is_a_pool_of_the_bundled_list() => Assert.All(Set.Layers, layer => Assert.Empty(LayerMap.Create(layer, Pools).UnlistedPools));

    [Fact]
    public void No_group_takes_the_slug_of_a_pool_that_it_is_not() =>
        Assert.Equal(["bitdeer", "poolin"], Set.Layers.SelectMany(l => l.Entities).Select(e => e.Slug).Where(s => Pools.Any(p => p.Slug == s)));

    [Theory]
    [InlineData("template", "2022-08-31", "")]
    [InlineData("template", "2022-09-01", "antpool poolin braiinspool ultimuspool binancepool rawpool luxor btccom")]
    [InlineData("template", "2024-04-17", "antpool poolin braiinspool ultimuspool binancepool rawpool luxor btccom emcdpool")]
    [InlineData("template", "2025-04-02", "antpool poolin braiinspool ultimuspool binancepool rawpool luxor btccom emcdpool")]
    [InlineData("template", "2025-04-03", "antpool poolin braiinspool ultimuspool secpool sigmapoolcom binancepool rawpool luxor btccom")]
    [InlineData("template", "2025-04-08", "antpool poolin braiinspool ultimuspool secpool sigmapoolcom binancepool rawpool luxor btccom miningsquared")]
    [InlineData("custody", "2024-03-31", "")]
    [InlineData("custody", "2024-04-01", "antpool f2pool binancepool braiinspool btccom secpool poolin")]
    public void A_group_has_its_members_of_the_day(string layer, string day, string members)
    {
        var map = LayerMap.Create(Set.Find(layer)!, Pools);
        var group = layer == "template" ? "antpoolfriends" : "custodian2024";
        Assert.Equal(
            members.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(),
            Pools.Where(p => map.EntityOf(p.Id, Day(day)) is var e && e != LayerMap.Singles && map.NameOf(e).Slug == group).Select(p => p.Slug).Order());
    }

    [Theory]
    [InlineData("secpool", "2024-04-16", "secpool")]
    [InlineData("secpool", "2024-04-17", "secsigma")]
    [InlineData("sigmapoolcom", "2025-04-02", "secsigma")]
    [InlineData("secpool", "2025-04-03", "antpoolfriends")]
    [InlineData("spiderpool", "2025-06-01", "spiderpool")]
    [InlineData("ocean", "2024-09-29", "ocean")]
    [InlineData("ocean", "2024-09-30", null)]
    public void The_template_layer_follows_each_pool(string pool, string day, string? entity) => Assert.Equal(entity, EntityOf("template", pool, day));

    [Theory]
    [InlineData("btccom", "2020-11-30", "bitmain")]
    [InlineData("btccom", "2020-12-01", "bitdeer")]
    [InlineData("btccom", "2021-04-15", "bitmining")]
    [InlineData("btccom", "2024-01-30", "bitmining")]
    [InlineData("btccom", "2024-01-31", "esportwin")]
    [InlineData("bitdeer", "2020-11-30", "bitmain")]
    [InlineData("bitdeer", "2021-05-01", "bitdeer")]
    [InlineData("novablock", "2021-01-31", "novablock")]
    [InlineData("novablock", "2021-02-01", "poolin")]
    [InlineData("foundryusa", "2026-01-01", "dcg")]
    [InlineData("antpool", "2026-01-01", "bitmain")]
    public void The_legal_layer_follows_each_sale(string pool, string day, string entity) => Assert.Equal(entity, EntityOf("legal", pool, day));

    [Theory]
    [InlineData("2023-12-27", "bitmining")]
    [InlineData("2023-12-28", "esportwin")]
    public void The_sale_of_BTCcom_was_not_known_before_it_was_agreed_on(string knownAt, string owner) =>
        Assert.Equal(owner, EntityOf("legal", "btccom", "2024-06-01", knownAt));

    [Theory]
    [InlineData("2024-04-16", "poolin")]
    [InlineData("2024-04-17", "antpoolfriends")]
    public void The_template_group_was_not_known_before_it_was_seen(string knownAt, string entity) =>
        Assert.Equal(entity, EntityOf("template", "poolin", "2024-06-01", knownAt));

    [Fact]
    public void An_assumed_beginning_has_low_confidence_and_was_known_only_when_published() => Assert.All(
        Set.Find("template")!.Memberships.Select(one => one.Membership).Where(one => one.From < new DateOnly(2024, 4, 17)),
        one => Assert.Equal((Confidence.Low, new DateOnly(2025, 4, 3)), (one.Confidence, one.KnownSince!.Value)));

    private static string? EntityOf(string layer, string pool, string day, string? knownAt = null)
    {
        var map = LayerMap.Create(Set.Find(layer)!, Pools, new LayerFilter(knownAt is null ? null : DateOnly.Parse(knownAt, null)));
        var entity = map.EntityOf(Pools.Single(p => p.Slug == pool).Id, Day(day));
        return entity == LayerMap.Singles ? null : map.NameOf(entity).Slug;
    }
}
