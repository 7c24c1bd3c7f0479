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
        var list = pools.Select(p => p.Split(':', 3)).Select(p =>
        {
            var rule = p.ElementAtOrDefault(2);
            return new PublicPool(int.Parse(p[1], CultureInfo.InvariantCulture), p[0], rule?[0] == '@' ? [rule[1..]] : [], rule is null || rule[0] == '@' ? [] : [rule]);
        });

        Assert.Contains(PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, [.. list])), f => f.Name == code);
    }

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
}
