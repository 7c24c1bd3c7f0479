using System.Text;
using System.Text.Json;
using CsCheck;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>The two public lists become ours and ours becomes either of them, and what gets lost is said.</summary>
public sealed class PublicListConversionTests
{
    public static TheoryData<PublicListKind> Kinds => [PublicListKind.Mempool, PublicListKind.BitcoinData];

    [Theory, MemberData(nameof(Kinds))]
    public void A_public_list_survives_import_and_export_but_for_what_the_notes_say(PublicListKind kind)
    {
        var source = PublicPoolList.LoadBundled(kind);

        var imported = source.ToPoolList();
        var exported = PublicPoolList.From(imported.List, kind);

        var said = imported.Notes.Select(note => note.Message).ToList();
        Assert.Equal(source.Pools.Select(pool => (pool.Id, pool.Name)), exported.List.Pools.Select(pool => (pool.Id, pool.Name)));
        foreach (var (before, after) in source.Pools.Zip(exported.List.Pools))
        {
            Assert.Equal(before.Tags, after.Tags);
            Assert.Equal(before.Addresses.Where(a => !said.Exists(s => s.StartsWith($"The address {a} is left out", StringComparison.Ordinal))), after.Addresses);
            Assert.Equal(before.Link == "pool.entustus.org" || before.Link == "cleanincentive.com" ? "https://" + before.Link : before.Link, after.Link);
        }
    }

    [Fact]
    public void Import_of_mempools_list_says_all_that_it_changes()
    {
        var notes = PublicPoolList.LoadBundled(PublicListKind.Mempool).ToPoolList().Notes.Select(note => note.ToString()).ToList();

        Assert.Equal(7, notes.Count(note => note.Contains("is none of Bitcoin's mainnet", StringComparison.Ordinal)));
        Assert.Contains("BitcoinIndia: Its slug is bitcoinindia135: bitcoinindia belongs to an earlier pool.", notes);
        Assert.Contains(notes, note => note.EndsWith("The link \"pool.entustus.org\" became https://pool.entustus.org.", StringComparison.Ordinal));
        Assert.Equal(9, notes.Count);
    }

    [Fact]
    public void Import_of_bitcoin_datas_list_changes_one_link_and_nothing_else() =>
        Assert.Equal("The link \"cleanincentive.com\" became https://cleanincentive.com.", Assert.Single(PublicPoolList.LoadBundled(PublicListKind.BitcoinData).ToPoolList().Notes).Message);

    [Theory, MemberData(nameof(Kinds))]
    public void Ours_survives_export_and_import(PublicListKind kind)
    {
        var ours = PoolList.LoadBundled();

        var exported = PublicPoolList.From(ours, kind).List;
        var back = PublicPoolList.Parse(Encoding.UTF8.GetBytes(exported.ToJson()), kind).ToPoolList();

        Assert.Empty(back.Notes);
        Assert.Equal(ours.Pools.Select(pool => (pool.Slug, pool.Name, pool.Link)), back.List.Pools.Select(pool => (pool.Slug, pool.Name, pool.Link)));
        Assert.Equal(ours.Pools.SelectMany(pool => pool.Tags.Select(rule => (pool.Slug, rule.Text))), back.List.Pools.SelectMany(pool => pool.Tags.Select(rule => (pool.Slug, rule.Text))));
        Assert.Equal(ours.Pools.SelectMany(pool => pool.Addresses.Select(rule => (pool.Slug, rule.Text))), back.List.Pools.SelectMany(pool => pool.Addresses.Select(rule => (pool.Slug, rule.Text))));
    }

    /// <summary>Lists of ours that have nothing which the public forms have no words for.</summary>
    [Theory, MemberData(nameof(Kinds))]
    public void Plain_lists_survive_export_and_import(PublicListKind kind)
    {
        var genPool = Gen.Select(Gen.Int[1, 30], Gen.Int[0, 5], Gen.String[Gen.Char["aAbB /\"\\é."], 0, 8].Array[0, 3], (name, id, tags) => (Name: name, Id: id, Tags: tags));
        genPool.Array[0, 6].Sample(pools =>
        {
            var tags = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            var list = PoolFixtures.List(string.Join(",", pools.DistinctBy(p => p.Name).DistinctBy(p => p.Id == 0 ? -p.Name : p.Id).Select(p =>
            {
                var mine = p.Tags.Where(t => !string.IsNullOrWhiteSpace(t) && tags.Add(t)).Select(t => $$"""{ "text": {{JsonSerializer.Serialize(t)}} }""");
                var ids = p.Id == 0 ? "" : $$"""
                    "ids": { "{{(kind == PublicListKind.Mempool ? "mempool" : "bitcoinData")}}": {{p.Id}} },
                    """;
                return $$"""{ "slug": "pool{{p.Name}}", "name": "Pool {{p.Name}}", {{ids}} "tags": [{{string.Join(",", mine)}}] }""";
            })));

            var back = PublicPoolList.Parse(Encoding.UTF8.GetBytes(PublicPoolList.From(list, kind).List.ToJson()), kind).ToPoolList();

            Assert.Empty(back.Notes);
            Assert.Equal(Tags(list), Tags(back.List));
            Assert.Equal(list.Pools.Select(pool => (pool.Slug, pool.Name)), back.List.Pools.Select(pool => (pool.Slug, pool.Name)));
            Assert.All(list.Pools.Zip(back.List.Pools), pair => Assert.All(pair.First.Ids.Mempool.Concat(pair.First.Ids.BitcoinData), id => Assert.Contains(id, pair.Second.Ids.Mempool.Concat(pair.Second.Ids.BitcoinData))));
        });
    }

    [Fact]
    public void Pools_without_an_id_get_the_next_above_the_highest_in_their_order()
    {
        var export = PublicPoolList.From(PoolList.LoadBundled(), PublicListKind.Mempool);

        Assert.Equal(Enumerable.Range(169, 7), export.List.Pools.Select(pool => pool.Id).Where(id => id > 168));
        Assert.Equal(7, export.Notes.Count(note => note.Message.StartsWith("It has no id in that list", StringComparison.Ordinal)));
        Assert.Contains(new ConversionNote("tigerpool.net", "Its other id 138 is left out."), export.Notes);
    }

    [Fact]
    public void Export_says_what_the_format_has_no_words_for()
    {
        var list = PoolFixtures.List($$"""
            { "slug": "renamed", "name": "A Pool", "ids": { "mempool": 3 }, "note": "n",
              "tags": [{ "text": "/alpha/", "from": 5, "to": 9 }, { "text": "/alpha/", "from": 10 }, { "text": "Bravo!", "exact": true, "note": "why" }, { "text": "(((" }, { "text": "(?i)foo" }] }
            """);

        var export = PublicPoolList.From(list, PublicListKind.Mempool);

        Assert.Equal(["/alpha/", "Bravo!", "(((", "(?i)foo"], Assert.Single(export.List.Pools).Tags);
        Assert.Equal(
            [
                "Its slug renamed is left out: programs make apool of the name.",
                "Its note is left out.",
                "The tag \"/alpha/\" lost its heights 5 to 9.",
                "The tag \"/alpha/\" lost its heights 10 to the end.",
                "The tag \"/alpha/\" stands there twice, at different heights, and is kept once.",
                "The tag \"Bravo!\" lost its note.",
                "The tag \"Bravo!\" is no longer exact: mempool.space finds it in any case.",
                "The tag \"(((\" can't be used as a JavaScript regular expression, as mempool.space does: a ( is never closed.",
                "The tag \"(?i)foo\" can't be used as a JavaScript regular expression, as mempool.space does: (? at character 2 begins no group.",
            ],
            export.Notes.Select(note => note.Message));
    }

    /// <summary>The text of the first entry of each list, as its repository has it.</summary>
    [Theory]
    [InlineData(PublicListKind.Mempool,
        "[\n  {\n    \"id\": 1,\n    \"name\": \"BlockFills\",\n    \"addresses\": [\n      \"1PzVut5X6Nx7Mv4JHHKPtVM9Jr9LJ4Rbry\"\n    ],\n    \"tags\": [\n      \"/BlockfillsPool/\"\n    ],\n    \"link\": \"https://www.blockfills.com/mining\"\n  },\n")]
    [InlineData(PublicListKind.BitcoinData,
        "[\n {\n  \"id\": 1,\n  \"name\": \"Bitcoin Affiliate Network\",\n  \"addresses\": [],\n  \"tags\": [\n   \"bitcoinaffiliatenetwork.com\"\n  ],\n  \"link\": \"https://mining.bitcoinaffiliatenetwork.com\"\n },\n")]
    public void The_file_is_written_as_its_maintainers_write_it(PublicListKind kind, string start) =>
        Assert.StartsWith(start, PublicPoolList.LoadBundled(kind).ToJson(), StringComparison.Ordinal);

    [Theory, MemberData(nameof(Kinds))]
    public void The_file_reads_back_as_the_same_facts(PublicListKind kind)
    {
        var list = PublicPoolList.LoadBundled(kind);

        var back = PublicPoolList.Parse(Encoding.UTF8.GetBytes(list.ToJson()), kind);

        Assert.Equal(JsonSerializer.Serialize(list), JsonSerializer.Serialize(back));
        Assert.Contains(kind == PublicListKind.Mempool ? "🐵🚀" : "七彩神仙鱼", list.ToJson(), StringComparison.Ordinal);
    }

    /// <summary>mempool.space and bitcoin-data's tools both stop at the first pool, but only mempool ignores case.</summary>
    [Fact]
    public void A_rule_of_two_pools_stays_with_the_earlier()
    {
        PublicPool[] pools =
        [
            new(1, "A", [PoolFixtures.FoundryAddress, PoolFixtures.FoundryAddress], ["/Alpha/", "/Alpha/", "/alpha/"]),
            new(2, "B", [PoolFixtures.FoundryAddress, PoolFixtures.AntPoolAddress], ["/ALPHA/", "/beta/", "abc", "ABC"]),
            new(3, "C", [], ["ABC", "/Beta/"]),
        ];

        var mempool = new PublicPoolList(PublicListKind.Mempool, pools).ToPoolList();
        var bitcoinData = new PublicPoolList(PublicListKind.BitcoinData, pools).ToPoolList();

        Assert.Equal(["a /Alpha/", "a /alpha/", "b /beta/", "b abc", "b ABC"], Tags(mempool.List));
        Assert.Equal(["a /Alpha/ exact", "a /alpha/ exact", "b /ALPHA/ exact", "b /beta/ exact", "b abc", "b ABC", "c /Beta/ exact"], Tags(bitcoinData.List));
        Assert.All([mempool, bitcoinData], one => Assert.Equal([PoolFixtures.AntPoolAddress], one.List.Pools[1].Addresses.Select(rule => rule.Text)));
        Assert.Contains(new ConversionNote("B", "The tag \"/ALPHA/\" is left out: it is the tag \"/Alpha/\" of A, which is earlier and wins."), mempool.Notes);
        Assert.Contains(new ConversionNote("B", $"The address {PoolFixtures.FoundryAddress} is left out: it belongs to A, which is earlier and wins."), mempool.Notes);
        Assert.Contains(new ConversionNote("A", "The tag \"/Alpha/\" stands there twice and is kept once."), mempool.Notes);
        Assert.Contains(new ConversionNote("C", "The tag \"/Beta/\" became exact: another pool's differs from it only in case."), bitcoinData.Notes);
    }

    [Fact]
    public void Names_that_give_no_slug_of_their_own_get_one_with_their_id()
    {
        string[] names = ["一", "Unknown", "A", "a!", "A 4", new string('z', 70)];

        var list = new PublicPoolList(PublicListKind.Mempool, [.. names.Select((name, i) => new PublicPool(i + 1, name, [], []))]).ToPoolList();

        // The fourth would be a4, which is the slug of the fifth's name.
        Assert.Equal(["pool1", "unknown2", "a", "a44", "a4", new string('z', 63) + "6"], list.List.Pools.Select(pool => pool.Slug));
        Assert.Equal(4, list.Notes.Count);
    }

    [Theory]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("ftp://a.example", null)]
    [InlineData("a b", null)]
    [InlineData(" a.example/x ", "https://a.example/x")]
    [InlineData("http://a.example", "http://a.example")]
    public void Links_become_web_addresses_or_are_left_out(string link, string? expected)
    {
        var import = new PublicPoolList(PublicListKind.Mempool, [new PublicPool(1, "A", [], [], link)]).ToPoolList();

        Assert.Equal(expected, import.List.Pools[0].Link);
        Assert.Equal(link == expected ? 0 : 1, import.Notes.Count);
    }

    [Theory]
    [InlineData("""{"id":1,"name":"A","addresses":[],"tags":[],"link":""},{"id":1,"name":"B","addresses":[],"tags":[],"link":""}""", "b: mempool id 1 belongs to a already")]
    [InlineData("""{"id":0,"name":"A","addresses":[],"tags":[],"link":""}""", "ids.mempool has to be a whole number above 0")]
    [InlineData("""{"id":1,"name":"A","addresses":[],"tags":["a\u0000b"],"link":""}""", "text has a control character")]
    public void What_no_list_of_ours_can_say_is_an_error(string pools, string said)
    {
        var list = PublicPoolList.Parse(Encoding.UTF8.GetBytes($"[{pools}]"), PublicListKind.Mempool);

        Assert.Contains(said, Assert.Single(Assert.Throws<PoolListException>(list.ToPoolList).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_hold_no_control_characters_and_no_megabytes()
    {
        var import = new PublicPoolList(PublicListKind.Mempool, [new PublicPool(1, "A", ["\u001b[31m" + new string('x', 100_000)], [])]).ToPoolList();

        var note = Assert.Single(import.Notes).Message;
        Assert.InRange(note.Length, 100, 501);
        Assert.DoesNotContain(note, char.IsControl);
    }

    private static IEnumerable<string> Tags(PoolList list) =>
        list.Pools.SelectMany(pool => pool.Tags.Select(rule => $"{pool.Slug} {rule.Text}{(rule.Exact ? " exact" : "")}"));
}
