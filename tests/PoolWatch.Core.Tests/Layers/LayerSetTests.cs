using System.Text;
using CsCheck;
using PoolWatch.Core.Layers;
using static PoolWatch.Core.Tests.Layers.LayerFixtures;

namespace PoolWatch.Core.Tests.Layers;

public sealed class LayerSetTests
{
    [Fact]
    public void A_file_is_read_field_by_field()
    {
        var set = Parse(File(
            Entity("group", Member("a", "from=2024-01-31", "to=2025-01-01", "knownSince=2024-02-01", "knownUntil=2025-02-01", "confidence=medium", "note=why")),
            Member("b", "confidence=low")));

        var layer = set.Find("own")!;
        var entity = Assert.Single(layer.Entities);
        Assert.Equal(("group", "The group"), (entity.Slug, entity.Name));
        Assert.Equal(
            new Membership
            {
                Pool = "a",
                From = new(2024, 1, 31),
                To = new(2025, 1, 1),
                KnownSince = new(2024, 2, 1),
                KnownUntil = new(2025, 2, 1),
                Confidence = Confidence.Medium,
                Source = "somebody",
                Note = "why",
            },
            Assert.Single(entity.Members));
        Assert.Equal(new Membership { Pool = "b", Confidence = Confidence.Low, Source = "somebody" }, Assert.Single(layer.Miners));
    }

    [Fact]
    public void Every_set_begins_with_the_layer_of_the_pools()
    {
        Assert.Equal(["pool"], LayerSet.None.Layers.Select(l => l.Name));
        Assert.Equal(["pool", "own"], Parse(File()).Layers.Select(l => l.Name));
        Assert.Empty(Parse(File()).Layers[0].Memberships);
    }

    [Fact]
    public void Canonical_text_reads_back_as_the_same_set()
    {
        var set = Parse(File(Entity("group", Member("a", "from=2024-01-31"), Member("b", "note=\\\"quoted\\\" \\u00e9")), Member("c")));
        var again = Parse(set.ToJson());

        Assert.Equal(set.ToJson(), again.ToJson());
        Assert.Equal(set.Version, again.Version);
        Assert.Matches("^[0-9a-f]{16}$", set.Version);
    }

    [Fact]
    public void Layout_does_not_change_the_version_and_content_does()
    {
        var json = File(Entity("group", Member("a")));
        Assert.Equal(Parse(json).Version, Parse("\uFEFF" + json.Replace(", ", ",\r\n  ", StringComparison.Ordinal)).Version);
        Assert.NotEqual(Parse(json).Version, Parse(File(Entity("group", Member("a", "confidence=low")))).Version);
    }

    [Theory]
    [InlineData("""[]""", "The file has to be an object, in braces.")]
    [InlineData("""{ "format": "poolwatch-layers/2", "layers": [] }""", "format is \"poolwatch-layers/2\"; it has to be \"poolwatch-layers/1\".")]
    [InlineData("""{ "format": "poolwatch-layers/1" }""", "layers has to be an array.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "layers": [ 7 ] }""", "layers[0] has to be an object, in braces.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "layers": [ { "name": "pool" } ] }""", "layers[0] (pool): the layer pool has no groups and can't be defined.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "layers": [ { "name": "My-Layer" } ] }""",
        "layers[0] (My-Layer): name has to be a small letter a-z, then up to 31 small letters and digits.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "layers": [ { "name": "a" }, { "name": "a" } ] }""",
        "layer a is there 2 times; write it once, with all that belongs to it.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "extends": "other", "layers": [] }""", "extends is \"other\"; it has to be \"bundled\", or be left out.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "layers": [ { "name": "a", "groups": [] } ] }""",
        "layers[0] (a): \"groups\" is no known field; known are name, about, entities, miners.")]
    [InlineData("""{ "format": "poolwatch-layers/1", "layers": [ { "name": "a", "name": "b" } ] }""", "The file is no JSON: ")]
    [InlineData("""{ "format": "poolwatch-layers/1", "l\ud800": [] }""", "The file is no JSON: the name of a field has an escape that is half of a surrogate pair.")]
    public void A_file_that_is_none_is_refused_with_a_sentence(string json, string error) =>
        Assert.Contains(Assert.Throws<LayerSetException>(() => Parse(json)).Errors, e => e.StartsWith(error, StringComparison.Ordinal));

    [Theory]
    [InlineData("from=31.1.2024", "from is \"31.1.2024\"; it has to be a date such as 2024-01-31.")]
    [InlineData("to=2024-02-30", "to is \"2024-02-30\"; it has to be a date such as 2024-01-31.")]
    [InlineData("knownSince=2024-1-31", "knownSince is \"2024-1-31\"; it has to be a date such as 2024-01-31.")]
    [InlineData("confidence=sure", "confidence is \"sure\"; it has to be one of low, medium, high.")]
    [InlineData("source=", "source is empty.")]
    [InlineData("until=2024-01-31", "\"until\" is no known field; known are pool, from, to, knownSince, knownUntil, confidence, source, note.")]
    public void A_wrong_field_of_a_membership_is_named_with_its_place(string field, string error) =>
        Assert.Equal([$"layers[0] (own): entities[0] (group): members[0] (a): {error}"],
            Assert.Throws<LayerSetException>(() => Parse(File(Entity("group", Member("a", field))))).Errors);

    [Theory]
    [InlineData("from=2024-01-31", "to=2024-01-31", "from is 2024-01-31 and to is 2024-01-31; to is the first day that no longer counts and must be later.")]
    [InlineData("knownSince=2024-02-01", "knownUntil=2024-01-31",
        "knownSince is 2024-02-01 and knownUntil is 2024-01-31; knownUntil is the first day that no longer counts and must be later.")]
    public void Crossed_dates_are_refused(string start, string end, string error) =>
        Assert.Equal([$"layers[0] (own): entities[0] (group): members[0] (a): {error}"],
            Assert.Throws<LayerSetException>(() => Parse(File(Entity("group", Member("a", start, end))))).Errors);

    [Fact]
    public void All_errors_are_named_at_once()
    {
        var errors = Assert.Throws<LayerSetException>(() => Parse(File(Entity("Group", Member("A")), Member("b", "from=x", "to=y")))).Errors;
        Assert.Equal(4, errors.Count);
    }

    [Theory]
    [InlineData("from=2024-01-01", "from=2024-06-01", false)]
    [InlineData("to=2024-06-01", "from=2024-06-01", true)]
    [InlineData("to=2024-06-02", "from=2024-06-01", false)]
    [InlineData("from=2024-06-01", "to=2024-06-01", true)]
    [InlineData("knownUntil=2024-06-01", "knownSince=2024-06-01", true)]
    [InlineData("knownUntil=2024-06-02", "knownSince=2024-06-01", false)]
    public void A_pool_is_in_one_entity_at_a_time_whatever_day_one_asks_on(string first, string second, bool allowed)
    {
        string[] files =
        [
            File($"{Entity("one", Member("a", first))}, {Entity("two", Member("a", second))}"),
            File(Entity("one", Member("a", first), Member("a", second))),
            File(Entity("one", Member("a", first)), Member("a", second)),
        ];
        Assert.All(files, file => Assert.Equal(allowed, Record.Exception(() => Parse(file)) is null));
    }

    [Fact]
    public void An_overlap_says_who_where_and_when() => Assert.StartsWith(
        "own: a is in one from the start to 2024-06-02 and in miners from 2024-06-01 to now. It can be in one at a time: ",
        Assert.Single(Assert.Throws<LayerSetException>(() => Parse(File(Entity("one", Member("a", "to=2024-06-02")), Member("a", "from=2024-06-01")))).Errors));

    [Fact]
    public void The_same_pool_may_be_in_different_entities_of_different_layers() => Assert.Equal(3, Parse(
        """
        { "format": "poolwatch-layers/1", "layers": [
          { "name": "a", "entities": [ { "slug": "x", "name": "X", "members": [ { "pool": "p", "confidence": "low", "source": "s" } ] } ] },
          { "name": "b", "entities": [ { "slug": "y", "name": "Y", "members": [ { "pool": "p", "confidence": "low", "source": "s" } ] } ] } ] }
        """).Layers.Count);

    [Fact]
    public void There_are_at_most_eight_layers()
    {
        string Layers(int count) => $$"""{ "format": "poolwatch-layers/1", "layers": [ {{string.Join(",", Enumerable.Range(0, count).Select(i => $$"""{ "name": "l{{i}}" }"""))}} ] }""";
        Assert.Equal(8, Parse(Layers(7)).Layers.Count);
        Assert.Equal(["There are 8 layers beside pool; at most 7 are possible."], Assert.Throws<LayerSetException>(() => Parse(Layers(8))).Errors);
    }

    [Fact]
    public void Too_much_is_refused_quickly()
    {
        Assert.Equal(["The file is larger than 4194304 bytes, the most that is read."],
            Assert.Throws<LayerSetException>(() => LayerSet.Parse(new byte[LayerSet.MaxBytes + 1])).Errors);
        var many = File(Entity("group", [.. Enumerable.Range(0, LayerSet.MaxMemberships + 1).Select(i => Member($"p{i}"))]));
        Assert.Equal(["There are 5001 memberships; at most 5000 are possible."], Assert.Throws<LayerSetException>(() => Parse(many)).Errors);
        var wrong = File(Entity("group", [.. Enumerable.Range(0, 5_000).Select(_ => Member("same"))]));
        Assert.Equal(101, Assert.Throws<LayerSetException>(() => Parse(wrong)).Errors.Count);
    }

    [Fact]
    public void Text_that_is_no_UTF8_is_refused() => Assert.Equal(["The file is no UTF-8 text."],
        Assert.Throws<LayerSetException>(() => LayerSet.Parse(Encoding.Latin1.GetBytes(File(Entity("é"))))).Errors);

    [Fact]
    public void A_damaged_file_is_refused_with_sentences_or_read_never_anything_else()
    {
        var bundled = Encoding.UTF8.GetBytes(LayerSet.LoadBundled().ToJson());
        string[] tokens = ["\"", "{", "}", "[", "]", ",", "null", "1e999", "\\ud800", "\u007f"];
        var byteOrToken = Gen.OneOf(Gen.Byte.Select(b => new[] { b }), Gen.Int[0, tokens.Length - 1].Select(i => Encoding.UTF8.GetBytes(tokens[i])));
        Gen.Select(Gen.Int[0, bundled.Length - 1], Gen.Int[0, 40], byteOrToken).Sample((at, removed, inserted) =>
        {
            byte[] damaged = [.. bundled[..at], .. inserted, .. bundled[Math.Min(bundled.Length, at + removed)..]];
            if (Record.Exception(() => LayerSet.Parse(damaged)) is { } exception)
            {
                Assert.All(Assert.IsType<LayerSetException>(exception).Errors, e => Assert.DoesNotContain(e, char.IsControl));
            }
        });
    }
}
