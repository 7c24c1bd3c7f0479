using System.Text;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

public sealed class PoolListTests
{
    private const string Full = """
        {
          "format": "poolwatch-pool-list/1",
          "pools": [
            {
              "slug": "one",
              "name": "One \"1\" \\ Ünal",
              "link": "https://one.example",
              "ids": { "mempool": [81, 135], "bitcoinData": 7 },
              "tags": [
                { "text": "/one🐟/", "from": 1, "to": 2, "exact": true, "note": "why" },
                { "text": "plain" }
              ],
              "addresses": [
                { "text": "12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL", "to": 9 }
              ],
              "paidFrom": 800000,
              "note": "first"
            },
            {
              "slug": "two",
              "name": "Two"
            }
          ]
        }

        """;

    [Fact]
    public void Every_field_is_read()
    {
        var list = PoolList.Parse(PoolFixtures.Bytes(Full));

        var one = list.Pools[0];
        Assert.Equal(("one", "One \"1\" \\ Ünal", "https://one.example", "first"), (one.Slug, one.Name, one.Link, one.Note));
        Assert.Equal([81, 135], one.Ids.Mempool);
        Assert.Equal([7], one.Ids.BitcoinData);
        Assert.Equal(new PoolRule(RuleKind.Tag, "/one🐟/") { From = 1, To = 2, Exact = true, Note = "why" }, one.Tags[0]);
        Assert.Equal(new PoolRule(RuleKind.Tag, "plain"), one.Tags[1]);
        Assert.Equal(new PoolRule(RuleKind.Address, PoolFixtures.FoundryAddress) { To = 9 }, Assert.Single(one.Addresses));
        Assert.Equal(800_000, one.PaidFrom);
        Assert.Null(list.Pools[1].Link);
        Assert.Null(list.Pools[1].PaidFrom);
        Assert.Empty(list.Pools[1].Tags);
        Assert.Same(one, list.Find("one"));
        Assert.Null(list.Find("three"));
    }

    [Fact]
    public void Canonical_form_reads_back_as_itself() => Assert.Equal(Full, PoolList.Parse(PoolFixtures.Bytes(Full)).ToJson());

    [Fact]
    public void An_empty_list_is_a_list() => Assert.Empty(PoolFixtures.List("").Pools);

    [Fact]
    public void Version_ignores_layout_and_a_byte_order_mark()
    {
        var version = PoolList.Parse(PoolFixtures.Bytes(Full)).Version;
        var dense = string.Concat(Full.Split('\n').Select(line => line.Trim()));

        Assert.Matches("^[0-9a-f]{16}$", version);
        Assert.Equal(version, PoolList.Parse(PoolFixtures.Bytes(dense)).Version);
        Assert.Equal(version, PoolList.Parse(PoolFixtures.Bytes("\uFEFF" + Full.ReplaceLineEndings("\r\n"))).Version);
        Assert.Equal(version, PoolList.Parse(new MemoryStream(PoolFixtures.Bytes(Full))).Version);
    }

    [Fact]
    public void Version_changes_with_any_content_and_with_the_order()
    {
        string[] lists =
        [
            """{"slug":"a","name":"A"},{"slug":"b","name":"B"}""",
            """{"slug":"b","name":"B"},{"slug":"a","name":"A"}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"C"}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"B","tags":[{"text":"b"}]}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"B","tags":[{"text":"b","exact":true}]}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"B","tags":[{"text":"b","from":0}]}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"B","note":"b"}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"B","addresses":[{"text":"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL"}]}""",
            """{"slug":"a","name":"A"},{"slug":"b","name":"B","addresses":[{"text":"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL"}],"paidFrom":0}""",
        ];

        Assert.Equal(lists.Length, lists.Select(list => PoolFixtures.List(list).Version).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"slug":"a","name":"A","colour":1}""", "pools[0] (a): \"colour\" is no known field; known are slug, name")]
    [InlineData("""{"name":"A"}""", "pools[0]: slug is missing")]
    [InlineData("""{"slug":"a"}""", "pools[0] (a): name is missing")]
    [InlineData("""{"slug":"a","name":" "}""", "pools[0] (a): name is empty")]
    [InlineData("""{"slug":"a","name":7}""", "pools[0] (a): name has to be text")]
    [InlineData("""{"slug":"a","name":"x\u0000y"}""", "pools[0] (a): name has a control character")]
    [InlineData("""{"slug":"a","na\ud800me":"A"}""", "The list is no JSON: the name of a field has an escape that is half of a surrogate pair.")]
    [InlineData("""{"slug":"a","name":"\ud800"}""", "pools[0] (a): name has an escape that is half of a surrogate pair")]
    [InlineData("""{"slug":"A-b","name":"A"}""", "slug has to be 1 to 64 small letters")]
    [InlineData("""{"slug":"unknown","name":"A"}""", "slug has to be")]
    [InlineData("""{"slug":"a","name":"A"},{"slug":"a","name":"B"}""", "slug a belongs to a already")]
    [InlineData("""{"slug":"a","name":"A","link":"javascript:alert(1)"}""", "link is \"javascript:alert(1)\"")]
    [InlineData("""{"slug":"a","name":"A","ids":{"mempool":0}}""", "ids.mempool has to be a whole number above 0")]
    [InlineData("""{"slug":"a","name":"A","ids":{"other":1}}""", "\"other\" is no known field; known are mempool, bitcoinData")]
    [InlineData("""{"slug":"a","name":"A","ids":{"mempool":1}},{"slug":"b","name":"B","ids":{"mempool":1}}""", "b: mempool id 1 belongs to a already")]
    [InlineData("""{"slug":"a","name":"A","ids":{"bitcoinData":[2,2]}}""", "a: bitcoinData id 2 belongs to a already")]
    [InlineData("""{"slug":"a","name":"A","tags":"x"}""", "tags has to be an array")]
    [InlineData("""{"slug":"a","name":"A","tags":["x"]}""", "tags[0] has to be an object")]
    [InlineData("""{"slug":"a","name":"A","tags":[{"text":""}]}""", "tags[0]: text is empty")]
    [InlineData("""{"slug":"a","name":"A","tags":[{}]}""", "tags[0]: text is missing")]
    [InlineData("""{"slug":"a","name":"A","tags":[{"text":"x","from":5,"to":4}]}""", "tags[0]: from is 5 and to is 4")]
    [InlineData("""{"slug":"a","name":"A","tags":[{"text":"x","from":-1}]}""", "tags[0]: from has to be a height")]
    [InlineData("""{"slug":"a","name":"A","tags":[{"text":"x","to":1.5}]}""", "tags[0]: to has to be a height")]
    [InlineData("""{"slug":"a","name":"A","tags":[{"text":"x","exact":1}]}""", "tags[0]: exact has to be true or false")]
    [InlineData("""{"slug":"a","name":"A","addresses":[{"text":"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KM"}]}""", "is no address of Bitcoin's mainnet")]
    [InlineData("""{"slug":"a","name":"A","addresses":[{"text":"tb1q548z58kqvwyjqwy8vc2ntmg33d7s2wyfv7ukq4"}]}""", "is no address of Bitcoin's mainnet")]
    [InlineData("""{"slug":"a","name":"A","tags":[{"text":"x"}],"paidFrom":1}""", "pools[0] (a): paidFrom says that its blocks pay its listed addresses, and it lists none")]
    [InlineData("""{"slug":"a","name":"A","addresses":[{"text":"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL"}],"paidFrom":-1}""", "paidFrom has to be a height")]
    [InlineData("""{"slug":"a","name":"A","addresses":[{"text":"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL"}],"paidFrom":"1"}""", "paidFrom has to be a height")]
    [InlineData("""{"slug":"a","name":"A","addresses":[{"text":"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL","exact":true}]}""", "\"exact\" is no known field")]
    public void A_wrong_pool_is_named_with_what_is_wrong(string pools, string expected) =>
        Assert.Contains(expected, Assert.Single(PoolFixtures.ErrorsOf($$"""{"format":"poolwatch-pool-list/1","pools":[{{pools}}]}""")), StringComparison.Ordinal);

    [Theory]
    [InlineData("{", "line 1, byte 2")]
    [InlineData("{\n  \"format\": x", "line 2, byte 13")]
    [InlineData("""{"format":"poolwatch-pool-list/1","pools":[],"pools":[]}""", "no JSON")]
    [InlineData("[]", "The list has to be an object")]
    [InlineData("""{"format":"poolwatch-pool-list/2","pools":[]}""", "format has to be \"poolwatch-pool-list/1\"")]
    [InlineData("""{"pools":[]}""", "format has to be")]
    [InlineData("""{"format":"poolwatch-pool-list/1"}""", "pools has to be an array")]
    [InlineData("""{"format":"poolwatch-pool-list/1","pools":[],"more":1}""", "\"more\" is no known field")]
    public void A_wrong_file_is_refused_with_the_place(string json, string expected) =>
        Assert.Contains(expected, Assert.Single(PoolFixtures.ErrorsOf(json)), StringComparison.Ordinal);

    [Fact]
    public void All_errors_are_collected()
    {
        var errors = PoolFixtures.ErrorsOf("""{"format":"x","pools":[{"slug":"a","tags":[{"text":""}]},{"slug":"b","name":"B","link":"b"}]}""");

        Assert.Equal(4, errors.Count);
    }

    [Fact]
    public void Errors_beyond_a_hundred_are_summed_up_and_long_ones_cut()
    {
        var pool = $$"""{"slug":"{{new string('A', 10_000)}}","name":"A"}""";
        var errors = PoolFixtures.ErrorsOf($$"""{"format":"poolwatch-pool-list/1","pools":[{{string.Join(',', Enumerable.Repeat(pool, 150))}}]}""");

        Assert.Equal(101, errors.Count);
        Assert.Contains("more than 100 errors", errors[^1], StringComparison.Ordinal);
        Assert.All(errors, error => Assert.True(error.Length < 600));
    }

    [Theory]
    [InlineData("\"x\"", "\"x\"", false)]
    [InlineData("\"x\",\"to\":9", "\"x\",\"from\":10", true)]
    [InlineData("\"x\",\"to\":10", "\"x\",\"from\":10", false)]
    [InlineData("\"ABCDEF\"", "\"abcdef\"", false)]
    [InlineData("\"ABCDEF\",\"exact\":true", "\"abcdef\"", false)]
    [InlineData("\"ABCDEF\",\"exact\":true", "\"abcdef\",\"exact\":true", true)]
    [InlineData("\"ABCDE\"", "\"abcde\"", true)]
    public void A_tag_has_one_owner_at_a_height(string first, string second, bool allowed)
    {
        var pools = $$"""{"slug":"a","name":"A","tags":[{"text":{{first}}}]},{"slug":"b","name":"B","tags":[{"text":{{second}}}]}""";

        if (allowed)
        {
            Assert.Equal(2, PoolFixtures.List(pools).Pools.Count);
        }
        else
        {
            var error = Assert.Throws<PoolListException>(() => PoolFixtures.List(pools)).Errors.Single();
            Assert.StartsWith("b: the tag", error, StringComparison.Ordinal);
            Assert.Contains("also a rule of a at the same heights", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Two_spellings_of_one_tag_may_stand_in_one_pool() =>
        Assert.Equal(2, PoolFixtures.List("""{"slug":"a","name":"A","tags":[{"text":"Mined By A"},{"text":"Mined by A"}]}""").Pools[0].Tags.Count);

    [Theory]
    [InlineData("\"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL\"", "\"12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL\"")]
    [InlineData("\"bc1qxhmdufsvnuaaaer4ynz88fspdsxq2h9e9cetdj\"", "\"BC1QXHMDUFSVNUAAAER4YNZ88FSPDSXQ2H9E9CETDJ\"")]
    public void An_address_has_one_owner_at_a_height_however_it_is_spelled(string first, string second)
    {
        string Pools(string heights) =>
            $$"""{"slug":"a","name":"A","addresses":[{"text":{{first}},"to":99}]},{"slug":"b","name":"B","addresses":[{"text":{{second}},{{heights}}}]}""";

        Assert.Equal(2, PoolFixtures.List(Pools("\"from\":100")).Pools.Count);
        var error = Assert.Throws<PoolListException>(() => PoolFixtures.List(Pools("\"from\":99"))).Errors.Single();
        Assert.StartsWith("b: the address", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_are_limited()
    {
        var many = string.Join(',', Enumerable.Range(0, PoolList.MaxPools + 1).Select(i => $$"""{"slug":"p{{i}}","name":"P"}"""));
        Assert.Contains("at most 32000", Assert.Throws<PoolListException>(() => PoolFixtures.List(many)).Message, StringComparison.Ordinal);

        var longTag = $$"""{"slug":"a","name":"A","tags":[{"text":"{{new string('x', 101)}}"}]}""";
        Assert.Contains("more than 100 bytes", Assert.Throws<PoolListException>(() => PoolFixtures.List(longTag)).Message, StringComparison.Ordinal);

        var tags = string.Join(',', Enumerable.Range(0, 6_501).Select(i => $$"""{"text":"{{i:d10}}"}"""));
        var tooMany = $$"""{"slug":"a","name":"A","tags":[{{tags}}]}""";
        Assert.Contains("65010 bytes", Assert.Throws<PoolListException>(() => PoolFixtures.List(tooMany)).Message, StringComparison.Ordinal);

        Assert.Contains("larger than", Assert.Throws<PoolListException>(() => PoolList.Parse(new byte[PoolList.MaxBytes + 1])).Message, StringComparison.Ordinal);
        using var stream = new MemoryStream(new byte[PoolList.MaxBytes + 1]);
        Assert.Contains("larger than", Assert.Throws<PoolListException>(() => PoolList.Parse(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused() =>
        Assert.Contains("no UTF-8", Assert.Throws<PoolListException>(() => PoolList.Parse(Encoding.Latin1.GetBytes("{\"ü\":1}"))).Message, StringComparison.Ordinal);
}
