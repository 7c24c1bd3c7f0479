using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Layers;

/// <summary>A user's file that says <c>"extends": "bundled"</c>.</summary>
public sealed class LayerMergeTests
{
    private const string Extends = "\"extends\": \"bundled\",";
    private static readonly LayerSet Bundled = LayerSet.LoadBundled();

    [Fact]
    public void Without_extends_a_file_stands_in_place_of_the_bundled_one() =>
        Assert.Equal(["pool", "own"], Parse(File(Entity("group", Member("f2pool")))).Layers.Select(l => l.Name));

    [Fact]
    public void An_extension_adds_a_layer_behind_the_bundled_ones()
    {
        var set = Parse(File(Entity("group", Member("f2pool")), head: Extends));

        Assert.Equal([.. Bundled.Layers.Select(l => l.Name), "own"], set.Layers.Select(l => l.Name));
        Assert.NotEqual(Bundled.Version, set.Version);
    }

    [Fact]
    public void An_extension_adds_members_to_a_bundled_entity_and_may_rename_it()
    {
        var set = Parse(File(Entity("antpoolfriends", Member("spiderpool", "confidence=low")), head: Extends, layer: "template"));

        var (before, after) = (Find(Bundled), Find(set));
        Assert.Equal([.. before.Members.Select(m => m.Pool), "spiderpool"], after.Members.Select(m => m.Pool));
        Assert.Equal("The antpoolfriends", after.Name);
        Assert.Equal(Bundled.Find("template")!.About, set.Find("template")!.About);
        Assert.Equal(Bundled.Find("template")!.Miners, set.Find("template")!.Miners);

        static LayerEntity Find(LayerSet of) => of.Find("template")!.Entities.Single(e => e.Slug == "antpoolfriends");
    }

    [Fact]
    public void An_extension_that_contradicts_a_bundled_row_is_refused() => Assert.StartsWith(
        "template: poolin is in antpoolfriends from 2022-09-01 to 2024-04-17 and in own ",
        Assert.Throws<LayerSetException>(() => Parse(File(Entity("own", Member("poolin")), head: Extends, layer: "template"))).Errors[0]);

    [Fact]
    public void An_extension_that_adds_nothing_has_the_bundled_version() =>
        Assert.Equal(Bundled.Version, Parse("""{ "format": "poolwatch-layers/1", "extends": "bundled", "layers": [] }""").Version);
}
