using System.Globalization;
using System.Text;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.Lint;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>The lint against the real lists and against made-up mistakes.</summary>
public sealed class PoolListLintTests
{
    private static readonly PublicPoolList Mempool = PublicPoolList.LoadBundled(PublicListKind.Mempool);
    private static readonly PublicPoolList BitcoinData = PublicPoolList.LoadBundled(PublicListKind.BitcoinData);

    [Fact]
    public void The_five_tags_of_mempools_list_that_can_never_match_are_found()
    {
        string[] expected = ["F2Pool 七彩神仙鱼", "F2Pool 🐟", "8baochi /八宝池 8baochi.com/", "mononaut 🐵🚀", "7pool /$Mined by 7pool.com/"];

        var found = PoolListLint.Check(Mempool).Where(f => f.Name == "never-matches");

        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Select(f => $"{f.Pool} {f.Message.Split('"')[1]}").Order(StringComparer.Ordinal));
    }

    /// <summary>55 tags have one; two of them never match at all, which is said instead.</summary>
    [Fact]
    public void Unescaped_metacharacters_of_mempools_list_are_found()
    {
        var findings = PoolListLint.Check(Mempool);

        Assert.Equal(53, findings.Count(f => f.Name == "metacharacter"));
        Assert.Equal(2, findings.Count(f => f.Name == "never-matches" && f.Message.Contains('.', StringComparison.Ordinal) && f.Message.Contains("com/", StringComparison.Ordinal)));
        Assert.DoesNotContain(findings, f => f.Name is "pattern" or "bad-pattern" or "slow-pattern");
    }

    [Fact]
    public void A_tag_that_decides_only_by_the_order_of_the_list_is_found()
    {
        var found = Assert.Single(PoolListLint.Check(Mempool), f => f.Name == "order");

        Assert.Equal("TATMAS Pool", found.Pool);
        Assert.Contains("\"/ViaBTC/\" of ViaBTC", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tags_within_tags_of_bitcoin_datas_list_are_found()
    {
        var found = PoolListLint.Check(BitcoinData).Where(f => f.Name is "order" or "shadowed").Select(f => (f.Pool, f.Name));

        Assert.Equal([("EMCDPool", "order"), ("Solo CK", "order"), ("TATMAS Pool", "order")], found.Order());
    }

    /// <summary>A tag of four letters in either case: 2.1e-7 to 3.2e-7 for each block.</summary>
    [Theory]
    [InlineData("Kano", "2.4e-2")]
    [InlineData("EMC:", "1.2e-2")]
    [InlineData("50BTC", "4.7e-5")]
    public void Short_tags_say_how_often_random_bytes_look_like_them(string tag, string chance)
    {
        var found = Assert.Single(
            PoolListLint.Check(Mempool), f => f.Name == "short-tag" && f.Message.Contains($"\"{tag}\"", StringComparison.Ordinal));

        Assert.Contains($"{chance} times in 100,000 blocks", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bundled_list_has_nothing_but_short_and_foreign_tags()
    {
        var findings = PoolListLint.Check(PoolList.LoadBundled());

        Assert.All(findings, f => Assert.Equal(LintSeverity.Warning, f.Severity));
        Assert.Subset(new HashSet<string> { "short-tag", "non-ascii", "blank" }, findings.Select(f => f.Name).ToHashSet());
    }

    [Theory]
    [InlineData("bad-pattern", "A:1:a(b")]
    [InlineData("bad-pattern", "A:1:(?i)foo")]
    [InlineData("bad-pattern", "A:1:(?>foo)")]
    [InlineData("bad-pattern", "A:1:foo(?=bar)")]
    [InlineData("shadowed", "A:1:/pool\\Z", "B:2:/poolZ/")]
    [InlineData("pattern", "A:1:a[0-9]+b")]
    [InlineData("slow-pattern", "A:1:(a+)+$")]
    [InlineData("slow-pattern", "A:1:/pool/", "B:2:(x+x+)+y?$")]
    [InlineData("shadowed", "A:1:/Pool/", "B:2:/pool/b")]
    [InlineData("reused-id", "A:1:/first/", "B:1:/second/")]
    [InlineData("no-rules", "A:1")]
    [InlineData("blank", "A:1:/abcdef/ ")]
    [InlineData("bad-address", "A:1:@tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx")]
    [InlineData("same-address", "A:1:@bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "B:2:@BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4")]
    [InlineData("same-address", "A:1:@12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL", "B:2:@12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL")]
    public void Each_mistake_is_found(string code, params string[] pools)
    {
        Assert.Contains(PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, Pools(pools))), f => f.Name == code);
    }

    [Theory]
    [InlineData(@"\bViaBTC\b", "/ViaBTC/")]
    [InlineData(@"F2Pool$", "xF2Pool")]
    [InlineData(@"poolin\.com$", "poolin.com")]
    [InlineData(@"^/pool/", "/pool/ and more")]
    [InlineData(@"pool\d\dx", "pool42x")]
    [InlineData(@"pool\wx", "pool_x")]
    [InlineData(@"pool\Wx", "pool-x")]
    [InlineData(@"\x50\x6f\x6f\x6c42", "pool42")]
    [InlineData(@"\u0050ool42", "pool42")]
    [InlineData(@"pool\n42", "pool\n42")]
    [InlineData(@"pool|$a", "pool")]
    [InlineData(@"a*^pool", "pool")]
    [InlineData(@"^aa$", "aa")]
    [InlineData("/caf\u00E9/", "/caf\u00E9/")]
    public void An_expression_that_can_match_is_a_pattern_and_no_error(string tag, string scriptSig)
    {
        Assert.True(IsFound(Attributor(tag), Encoding.Latin1.GetBytes(scriptSig)), "The example is not found, so it proves nothing.");

        var findings = PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, [new PublicPool(1, "A", [], [tag])]));

        Assert.Contains(findings, f => f.Name == "pattern");
        Assert.DoesNotContain(findings, f => f.Severity == LintSeverity.Error);
    }

    [Theory]
    [InlineData(@"/$a/")]
    [InlineData(@"a^b")]
    [InlineData(@"ab*^c+")]
    [InlineData(@"pool\bwatch")]
    [InlineData(@"pool-\b-watch")]
    [InlineData(@"\Bpool\B$")]
    [InlineData(@"^$")]
    [InlineData(@"^a$")]
    [InlineData(@"^a?$")]
    [InlineData(@"pool[]|$a")]
    [InlineData("a{100}[bc]")]
    [InlineData("\u516B+")]
    public void An_expression_that_no_coinbase_can_match_is_an_error(string tag) => Assert.Equal(["never-matches"], Errors(PublicListKind.Mempool, tag));

    /// <summary>Of these alphabets are all places that an assertion can tell apart, and of texts of four characters all that the patterns can find.</summary>
    [Fact]
    public void What_is_said_never_to_match_is_in_no_text_and_what_can_match_is_in_one()
    {
        string[] parts = ["a", "-", "^", "$", @"\b", @"\B", "(?:a|)", "(?:-|$)", "(?:^|a)"];
        var texts = Texts(4).Where(text => text.Length >= 2).ToList();
        foreach (var tag in parts.SelectMany(a => parts.SelectMany(b => parts.Select(c => a + b + c))))
        {
            var attributor = Attributor(tag);

            Assert.True(Errors(PublicListKind.Mempool, tag).Contains("never-matches") != texts.Exists(text => IsFound(attributor, text)), tag);
        }
    }

    [Theory]
    [InlineData(PublicListKind.Mempool, 100)]
    [InlineData(PublicListKind.Mempool, 101)]
    [InlineData(PublicListKind.Mempool, 5000)]
    [InlineData(PublicListKind.BitcoinData, 100)]
    [InlineData(PublicListKind.BitcoinData, 101)]
    public void A_tag_of_more_than_a_hundred_bytes_never_matches(PublicListKind kind, int length) =>
        Assert.Equal(length > 100 ? ["never-matches"] : [], Errors(kind, new string('a', length)));

    /// <summary>34 characters of three bytes.</summary>
    [Fact]
    public void A_long_tag_is_measured_in_bytes() => Assert.Equal(["never-matches"], Errors(PublicListKind.BitcoinData, new string('\u516B', 34)));

    [Fact]
    public void A_long_expression_that_finds_a_short_text_is_only_refused() =>
        Assert.Equal(["refused"], Errors(PublicListKind.Mempool, string.Concat(Enumerable.Repeat(@"\x41", 60))));

    /// <summary>The end of a tag's text is not the end of a scriptSig.</summary>
    [Theory]
    [InlineData(false, @"F2Pool$", "/F2Pool")]
    [InlineData(false, @"^/F2Pool", "/F2Pool/")]
    [InlineData(false, @"\bF2Pool\b", "F2Pool")]
    [InlineData(false, @"F2Pool(?:[a-z]|\W|$)", "/F2Pool")]
    [InlineData(false, "\u00E9\u00E9+", "\u00C3\u00E9")]
    [InlineData(true, @"\bF2Pool\b", "/F2Pool/")]
    [InlineData(true, @"F2Pool\B", "/F2Pools")]
    public void A_tag_is_shadowed_only_if_it_is_whatever_is_around_it(bool shadowed, string earlier, string later)
    {
        var findings = PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, Pools($"A:1:{earlier}", $"B:2:{later}")));

        Assert.Equal(shadowed, findings.Any(f => f.Name == "shadowed"));
    }

    [Theory]
    [InlineData("the id 0", "is not above 0")]
    [InlineData("a negative id", "is not above 0")]
    [InlineData("a control character in a name", "The name has a control character")]
    [InlineData("a blank name", "The name is nothing but blanks")]
    [InlineData("NUL in a tag", "has a control character")]
    [InlineData("a C1 control in a tag", "has a control character")]
    [InlineData("a blank tag", "is nothing but blanks")]
    [InlineData("a long expression", "more than 100 bytes")]
    [InlineData("slugs that meet", "belongs to")]
    public void What_import_refuses_is_one_error(string fault, string said)
    {
        var good = new PublicPool(7, "Good", [], ["/good pool/"]);
        PublicPool[] pools = fault switch
        {
            "the id 0" => [good with { Id = 0 }],
            "a negative id" => [good with { Id = -5 }],
            "a control character in a name" => [good with { Name = "Go\u001Bod" }],
            "a blank name" => [good with { Name = " " }],
            "NUL in a tag" => [good with { Tags = ["/good\0pool/"] }],
            "a C1 control in a tag" => [good with { Tags = ["/good\u0085pool/"] }],
            "a blank tag" => [good with { Tags = ["        "] }],
            "a long expression" => [good with { Tags = [string.Concat(Enumerable.Repeat("[a]", 40))] }],
            _ => [good with { Id = 12, Name = new string('a', 61) + "1bcdef" }, new PublicPool(112, new string('a', 70), [], ["/other pool/"])],
        };
        var list = new PublicPoolList(PublicListKind.Mempool, pools);
        Assert.Throws<PoolListException>(() => list.ToPoolList());

        var error = Assert.Single(PoolListLint.Check(list), f => f.Severity == LintSeverity.Error);

        Assert.Equal("refused", error.Name);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PoolListLint.Check(list), f => f.Name is "non-ascii" or "blank");
    }

    /// <summary>Each once, though the conversion stumbles over all of them.</summary>
    [Fact]
    public void What_is_found_otherwise_is_not_refused_as_well()
    {
        var findings = PoolListLint.Check(new PublicPoolList(PublicListKind.BitcoinData, Pools("A:1:/first/", "B:1:/second/", "C:0:/third/", $"D:2:{new string('d', 101)}")));

        Assert.Equal(["reused-id B", "refused C", "never-matches D"], findings.Where(f => f.Severity == LintSeverity.Error).Select(f => $"{f.Name} {f.Pool}"));
    }

    [Theory]
    [InlineData(PublicListKind.Mempool)]
    [InlineData(PublicListKind.BitcoinData)]
    public void The_public_lists_are_not_refused(PublicListKind kind) =>
        Assert.DoesNotContain(PoolListLint.Check(PublicPoolList.LoadBundled(kind)), f => f.Name == "refused");

    /// <summary>.NET takes the ] of an empty class for its first character.</summary>
    [Theory]
    [InlineData("[^]/pool/")]
    [InlineData("/pool/[]")]
    [InlineData("/pool\\Z")]
    public void What_only_JavaScript_reads_is_no_bad_pattern(string tag) =>
        Assert.DoesNotContain(PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, [new PublicPool(1, "A", [], [tag])])), f => f.Name == "bad-pattern");

    [Theory]
    [InlineData("{}", "has to be an array")]
    [InlineData("[{\"id\": 1, \"name\": \"A\", \"addresses\": [], \"tags\"", "no JSON")]
    [InlineData("[1]", "[0] has to be a pool")]
    [InlineData("[{\"id\": 1.5, \"name\": \"A\", \"addresses\": [], \"tags\": []}]", "[0]: id has to be a whole number")]
    [InlineData("[{\"id\": 1, \"addresses\": [], \"tags\": []}]", "[0]: name has to be text")]
    [InlineData("[{\"id\": 1, \"name\": \"A\", \"tags\": []}]", "[0]: addresses has to be an array")]
    [InlineData("[{\"id\": 1, \"name\": \"A\", \"addresses\": [], \"tags\": [\"a\", 2]}]", "[0]: tags[1] has to be text")]
    [InlineData("[{\"id\": 1, \"name\": \"\\ud800\", \"addresses\": [], \"tags\": []}]", "no JSON")]
    public void A_public_list_that_is_none_is_refused(string json, string said)
    {
        var error = Assert.Throws<PoolListException>(() => PublicPoolList.Parse(Encoding.UTF8.GetBytes(json), PublicListKind.Mempool));

        Assert.Contains(error.Errors, e => e.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_list() =>
        Assert.Empty(PublicPoolList.Parse([.. Encoding.UTF8.Preamble, .. "[]"u8], PublicListKind.Mempool).Pools);

    [Fact]
    public void A_list_of_too_many_tags_is_refused_before_they_are_compared()
    {
        var pool = new PublicPool(1, "A", [], [.. Enumerable.Range(0, PoolListLint.MaxTags + 1).Select(i => $"tag {i}")]);

        Assert.Throws<PoolListException>(() => PoolListLint.Check(new PublicPoolList(PublicListKind.BitcoinData, [pool])));
    }

    [Fact]
    public void A_list_of_slow_expressions_is_refused_in_seconds()
    {
        var start = TimeProvider.System.GetTimestamp();
        var pool = new PublicPool(1, "A", [], [.. Enumerable.Range(0, PoolListLint.MaxTags).Select(i => $"(a+)+{i}$")]);

        Assert.Throws<PoolListException>(() => PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, [pool])));
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    private static IEnumerable<string> Errors(PublicListKind kind, string tag) =>
        PoolListLint.Check(new PublicPoolList(kind, [new PublicPool(1, "A", [], [tag])])).Where(f => f.Severity == LintSeverity.Error).Select(f => f.Name);

    /// <summary>The rule itself, by which blocks are attributed.</summary>
    private static MempoolAttributor Attributor(string tag) => new(new PublicPoolList(PublicListKind.Mempool, [new PublicPool(1, "A", [], [tag])]).ToPoolList().List);

    private static bool IsFound(MempoolAttributor attributor, byte[] scriptSig) => attributor.Attribute(scriptSig, [], 0).Pool is not null;

    /// <summary>All texts of up to so many characters, of one that makes words and one that does not.</summary>
    private static IEnumerable<byte[]> Texts(int length) =>
        length == 0 ? [[]] : Texts(length - 1).SelectMany<byte[], byte[]>(text => text.Length < length - 1 ? [text] : [text, [.. text, (byte)'a'], [.. text, (byte)'-']]);

    /// <summary>Each written as name:id:rule, an address behind an @.</summary>
    private static List<PublicPool> Pools(params string[] pools) => pools.Select(p => p.Split(':', 3)).Select(p =>
    {
        var rule = p.ElementAtOrDefault(2);
        return new PublicPool(int.Parse(p[1], CultureInfo.InvariantCulture), p[0], rule?[0] == '@' ? [rule[1..]] : [], rule is null || rule[0] == '@' ? [] : [rule]);
    }).ToList();
}
