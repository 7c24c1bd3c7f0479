using System.Globalization;
using System.Text.Json;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>A tag is searched for by <c>mempool/1</c> exactly where JavaScript finds it; Fixtures/javascript-*.tsv is what JavaScript answered.</summary>
public sealed class JavaScriptPatternTests
{
    private static readonly byte[][] SingleBytes = [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })];

    [Fact]
    public void Every_pattern_is_found_where_JavaScript_finds_it()
    {
        var rows = Rows("javascript-matches.tsv");

        var wrong = rows.GroupBy(row => row[0]).SelectMany(group =>
        {
            var attributor = Attributor(group.Key);
            return group.Where(row => IndexOf(attributor, Convert.FromHexString(row[1])) != int.Parse(row[2]))
                .Select(row => $"{row[0]} in {row[1]}: {IndexOf(attributor, Convert.FromHexString(row[1]))}, JavaScript {row[2]}");
        });

        Assert.True(rows.Count > 1_000);
        Assert.Empty(wrong);
    }

    [Fact]
    public void A_character_matches_the_same_bytes_as_in_JavaScript()
    {
        var differing = Rows("javascript-sets.tsv").Where(row => Matched(row[0]) != row[1]).Select(row => $"{row[0]}: {Matched(row[0])}");

        Assert.Empty(differing);
    }

    [Fact]
    public void Every_other_character_matches_itself_alone()
    {
        var listed = Rows("javascript-sets.tsv").Select(row => row[0]).ToHashSet();
        var samples = Enumerable.Range(0, 0x500).Concat([0x1E9E, 0x2028, 0x212A, 0x212B, 0xD800, 0xFEFF, 0xFF21]);
        foreach (var c in samples.Where(c => !listed.Contains($"\\u{c:x4}")))
        {
            Assert.Equal(c < 256 ? c.ToString("x2") : "", Matched($"\\u{c:x4}"));
        }
    }

    [Theory]
    [InlineData("(", "never closed")]
    [InlineData("a)", "closes no group")]
    [InlineData("[a", "never closed")]
    [InlineData("[\\d-", "never closed")]
    [InlineData("(?:a", "never closed")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData("?x", "nothing to repeat")]
    [InlineData("+", "nothing to repeat")]
    [InlineData("a**", "nothing to repeat")]
    [InlineData("a??+", "nothing to repeat")]
    [InlineData("a|*", "nothing to repeat")]
    [InlineData("(*)", "nothing to repeat")]
    [InlineData("{1}", "nothing to repeat")]
    [InlineData("a{2}{3}", "nothing to repeat")]
    [InlineData("^*", "nothing to repeat")]
    [InlineData("\\b?", "nothing to repeat")]
    [InlineData("x{2,1}", "out of order")]
    [InlineData("[b-a]", "out of order")]
    [InlineData("[z-\\x41]", "out of order")]
    [InlineData("a\\", "escapes nothing")]
    [InlineData("(?a)", "begins no group")]
    [InlineData("(?", "begins no group")]
    public void What_is_no_regular_expression_is_refused(string pattern, string expected) => AssertRefused(pattern, expected);

    [Theory]
    [InlineData("a(?=b)", "looks around")]
    [InlineData("a(?!b)", "looks around")]
    [InlineData("(?<=a)b", "looks around")]
    [InlineData("(?<name>a)", "names a group")]
    [InlineData("(a)\\1", "refers to a group")]
    [InlineData("\\1(a)", "refers to a group")]
    [InlineData("a{0,600}", "more than 150 steps")]
    [InlineData("(?:(?:a{99}){99}){99}", "more than 150 steps")]
    [InlineData("(?:(?:a?){999999}){999999}", "more than 150 steps")]
    public void What_takes_no_bounded_time_is_refused(string pattern, string expected) => AssertRefused(pattern, expected);

    // JavaScript itself would be at work on most of these for longer than the universe is old.
    [Theory]
    [InlineData("(a+)+$", -1)]
    [InlineData("(a|aa)+$", -1)]
    [InlineData("((a*)*)*b$", 0)]
    [InlineData("(?:a+)+(?:a+)+(?:a+)+c", -1)]
    [InlineData("(?:a?){30}a{80}b", 0)]
    [InlineData("(?:a|a|a){1,13}c", -1)]
    public void Nothing_backtracks(string pattern, int index) => Assert.Equal(index, IndexOf(Attributor(pattern), PoolFixtures.Bytes(new string('a', 99) + "b")));

    [Theory]
    [InlineData("(?:(?:(?:(?:(?:(?:){999999}){999999}){999999}){999999}){999999}){999999}x")]
    [InlineData("(?:(?:(?:(?:(?:(?:^){64}){64}){64}){64}){64}){64}x")]
    public void Repetitions_of_nothing_cost_nothing(string pattern) => Assert.Equal(0, IndexOf(Attributor(pattern), "x"u8));

    [Theory]
    [InlineData("....{0:D6}", "leave one of their first four characters open")]
    [InlineData("/Po[a-o]{0:D6}", "leave one of their first four characters open")]
    [InlineData("aAaa{0:D6}", "begin with the same four characters as \"aAaa000100\"")]
    [InlineData("\\x41aa\\u0041{0:D6}", "begin with the same four characters as")]
    [InlineData("^ab(?:){{{0}}}c1234567", "begin with the same four characters as")]
    public void A_thousand_characters_are_compared_at_one_place(string tenLong, string expected)
    {
        string[] tags = [.. Enumerable.Range(0, 101).Select(i => string.Format(CultureInfo.InvariantCulture, tenLong, i))];

        Attributor(tags[..100]);
        var errors = Assert.Throws<PoolListException>(() => Attributor(tags)).Errors;

        var error = Assert.Single(errors);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("more than 1000 characters together", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Thousands_of_tags_that_begin_differently_are_taken()
    {
        string[] tags = [.. Enumerable.Range(0, 6000).Select(i => i.ToString("D4", CultureInfo.InvariantCulture) + "pool")];

        Assert.Equal(0, IndexOf(Attributor(tags), PoolFixtures.Bytes("4711pool")));
    }

    [Fact]
    public void All_refused_tags_are_named_with_their_pools()
    {
        var list = PoolFixtures.List("""{ "slug": "a", "name": "A", "tags": [{ "text": "(a" }, { "text": "fine" }] }, { "slug": "b", "name": "B", "tags": [{ "text": "b(?=c)" }] }""");

        var errors = Assert.Throws<PoolListException>(() => PoolAttributor.Create("mempool/1", list)).Errors;

        Assert.Equal(2, errors.Count);
        Assert.StartsWith("a: mempool/1 can't use the tag \"(a\" as a regular expression: ", errors[0], StringComparison.Ordinal);
        Assert.StartsWith("b: mempool/1 can't use the tag \"b(?=c)\" as a regular expression: ", errors[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(6_000)]
    public void A_list_whose_patterns_take_long_together_is_refused_before_all_are_written_out(int count)
    {
        var tags = string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{ "text": "{{i:x}}a{101}" }"""));
        var list = PoolFixtures.List($$"""{ "slug": "a", "name": "A", "tags": [{{tags}}] }""");
        var before = GC.GetAllocatedBytesForCurrentThread();

        var error = Assert.Single(Assert.Throws<PoolListException>(() => PoolAttributor.Create("mempool/1", list)).Errors);

        Assert.StartsWith("The first 2 tags with quantifiers", error, StringComparison.Ordinal);
        Assert.Contains("at most 150", error, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    /// <summary>Some 0.1 ms is meant; the rest is for a machine that has other work too.</summary>
    [Theory]
    [InlineData(".{0,72}Q")]
    [InlineData("(?:a|a){1,20}Q")]
    [InlineData("(?:(?:.?.?)*){20}Q")]
    public void The_slowest_pattern_that_is_taken_leaves_a_coinbase_fast(string pattern) => AssertFast(Attributor(pattern));

    [Fact]
    public void The_slowest_plain_tags_that_are_taken_leave_a_coinbase_fast() => AssertFast(Attributor(
        Enumerable.Range(0, 20).SelectMany(i => new[] { $"....{new string('a', 44)}{i:D2}", $"{new string('a', 48)}{i:D2}" })));

    private static void AssertFast(PoolAttributor attributor)
    {
        var subject = PoolFixtures.Bytes(new string('a', 100));
        var fastest = Enumerable.Range(0, 300).Min(_ =>
        {
            var start = TimeProvider.System.GetTimestamp();
            Assert.Equal(-1, IndexOf(attributor, subject));
            return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        });

        Assert.InRange(fastest, 0, 1);
    }

    private static void AssertRefused(string pattern, string expected) =>
        Assert.Contains(expected, Assert.Single(Assert.Throws<PoolListException>(() => Attributor(pattern)).Errors), StringComparison.Ordinal);

    private static PoolAttributor Attributor(params IEnumerable<string> patterns) => PoolAttributor.Create("mempool/1", PoolFixtures.List(
        $$"""{ "slug": "a", "name": "A", "tags": [{{string.Join(',', patterns.Select(p => $$"""{ "text": {{JsonSerializer.Serialize(p)}} }"""))}}] }"""));

    private static int IndexOf(PoolAttributor attributor, ReadOnlySpan<byte> subject) =>
        attributor.Attribute(subject, [new TxOut(1, new byte[] { 0x51 })], 0).Winner?.Index ?? -1;

    private static string Matched(string pattern)
    {
        var attributor = Attributor(pattern);
        return Convert.ToHexStringLower([.. Enumerable.Range(0, 256).Where(b => IndexOf(attributor, SingleBytes[b]) == 0).Select(b => (byte)b)]);
    }

    private static List<string[]> Rows(string fixture) =>
        [.. File.ReadLines(PoolFixtures.OutputPath("Fixtures", fixture)).Skip(1).Select(line => line.Split('\t'))];
}
