using System.Text;
using CsCheck;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.Lint;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>Lists that somebody made to hurt: a clear error in bounded time and memory, by whichever way they are read.</summary>
public sealed class HostileListTests
{
    private const int Million = 1_000_000;
    private static readonly byte[] Structure = "{}[]\",:\\0u"u8.ToArray();
    private const long MostBytes = 250L << 20;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("a million tags", "at most 65000 are possible")]
    [InlineData("a million pools", "at most 32000 are possible")]
    [InlineData("many empty pools", "There are more than 100 errors")]
    [InlineData("many faults in one pool", "There are more than 100 errors")]
    [InlineData("a million unknown fields", "There are more than 100 errors")]
    [InlineData("many addresses", "at most 32000 are possible")]
    [InlineData("as many addresses as are possible", "There are more than 100 errors")]
    [InlineData("an address of ten megabytes", "is no address of Bitcoin's mainnet")]
    [InlineData("a tag of ten megabytes", "at most 65000 are possible")]
    [InlineData("a slug of ten megabytes", "slug has to be 1 to 64 small letters")]
    [InlineData("a million ids of one pool", "an array of up to 100 such numbers")]
    [InlineData("deep nesting", "no JSON")]
    [InlineData("a field twice", "no JSON")]
    [InlineData("half a surrogate pair in a field's name", "no JSON")]
    [InlineData("half a surrogate pair", "half of a surrogate pair")]
    [InlineData("a NUL in a tag", "control character")]
    [InlineData("an address of a test network", "is no address of Bitcoin's mainnet")]
    [InlineData("UTF-16", "no UTF-8")]
    [InlineData("nothing", "no JSON")]
    public void Our_form(string name, string said)
    {
        var text = name switch
        {
            "a million tags" => Ours(Pool("a", $"\"tags\": [{Repeat("{\"text\":\"a\"}")}]")),
            "a million pools" => Ours(Repeat("{}")),
            "many empty pools" => Ours(Repeat("{}", 31_000)),
            "many faults in one pool" => Ours(Pool("a", $"\"tags\": [{Repeat("{}", 60_000)}]")),
            "a million unknown fields" => Ours($$"""{{{string.Join(",", Enumerable.Range(0, Million).Select(i => $"\"{i}\":0"))}}}"""),
            "many addresses" => Ours(Pool("a", $"\"addresses\": [{Repeat($$"""{"text":"{{PoolFixtures.FoundryAddress}}"}""", 300_000)}]")),
            "as many addresses as are possible" => Ours(Pool("a", $"\"addresses\": [{Repeat($$"""{"text":"{{PoolFixtures.FoundryAddress}}"}""", PoolList.MaxAddresses)}]")),
            "an address of ten megabytes" => Ours(Pool("a", $$""" "addresses": [{"text":"{{new string('1', 10 * Million)}}"}] """)),
            "a tag of ten megabytes" => Ours(Pool("a", $$""" "tags": [{"text":"{{new string('1', 10 * Million)}}"}] """)),
            "a slug of ten megabytes" => Ours(Pool(new string('a', 10 * Million), "\"tags\": []")),
            "a million ids of one pool" => Ours(Pool("a", $$""" "ids": { "mempool": [{{Repeat("7")}}] } """)),
            "deep nesting" => new string('[', 10 * Million),
            "a field twice" => Ours(Pool("a", "\"note\": \"a\", \"note\": \"b\"")),
            "half a surrogate pair in a field's name" => Ours(Pool("a", "\"\\ud800\": \"a\"")),
            "half a surrogate pair" => Ours(Pool("a", "\"note\": \"\\ud800\"")),
            "a NUL in a tag" => Ours(Pool("a", "\"tags\": [{\"text\": \"a\\u0000b\"}]")),
            "an address of a test network" => Ours(Pool("a", "\"addresses\": [{\"text\": \"tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx\"}]")),
            "UTF-16" => null,
            _ => "",
        };

        AssertRefused(said, text is null ? [0xff, 0xfe, .. Encoding.Unicode.GetBytes("{}")] : Encoding.UTF8.GetBytes(text), json => PoolList.Parse(json));
    }

    [Theory]
    [InlineData("a million tags", "at most 65000 are possible")]
    [InlineData("a million pools", "at most 32000 are possible")]
    [InlineData("many empty pools", "There are more than 100 errors")]
    [InlineData("many faults in one pool", "There are more than 100 errors")]
    [InlineData("five million pools that are numbers", "at most 32000 are possible")]
    [InlineData("the same id in all pools", "There are more than 100 errors")]
    [InlineData("a million unknown fields", "name has to be text")]
    [InlineData("a field twice", "no JSON")]
    [InlineData("deep nesting", "no JSON")]
    [InlineData("half a surrogate pair", "no JSON")]
    [InlineData("half a surrogate pair in a field's name", "no JSON")]
    [InlineData("a NUL in a tag", "control character")]
    [InlineData("a truncated list", "no JSON")]
    [InlineData("UTF-16", "no UTF-8")]
    [InlineData("nothing", "no JSON")]
    public void Public_form(string name, string said)
    {
        var text = name switch
        {
            "a million tags" => $"[{Public(1, "A", Repeat("\"a\""))}]",
            "a million pools" => $"[{string.Join(",", Enumerable.Range(1, 200_000).Select(i => Public(i, "A")))}]",
            "many empty pools" => $"[{Repeat("{}", 31_000)}]",
            "many faults in one pool" => $"[{Public(1, "A", Repeat("1"))}]",
            "five million pools that are numbers" => $"[{Repeat("1", 5 * Million)}]",
            "the same id in all pools" => $"[{string.Join(",", Enumerable.Range(1, 30_000).Select(i => Public(1, $"A{i}")))}]",
            "a million unknown fields" => $$"""[{{{string.Join(",", Enumerable.Range(0, Million).Select(i => $"\"{i}\":0"))}}}]""",
            "a field twice" => """[{"id":1,"name":"A","addresses":[],"tags":[],"tags":["x"]}]""",
            "deep nesting" => new string('[', 10 * Million),
            "half a surrogate pair" => $"[{Public(1, "\\udc00")}]",
            "half a surrogate pair in a field's name" => """[{"id":1,"name":"A","addresses":[],"tags":[],"\ud800":1}]""",
            "a NUL in a tag" => $"[{Public(1, "A", "\"a\\u0000b\"")}]",
            "a truncated list" => PublicPoolList.LoadBundled(PublicListKind.Mempool).ToJson()[..20_000],
            "UTF-16" => null,
            _ => "",
        };

        AssertRefused(
            said, text is null ? [0xff, 0xfe, .. Encoding.Unicode.GetBytes("[]")] : Encoding.UTF8.GetBytes(text), json => PublicPoolList.Parse(json, PublicListKind.Mempool).ToPoolList());
    }

    /// <summary>The wide limits of reading allow lists with which comparing all with all would take hours.</summary>
    [Theory]
    [InlineData("many long tags")]
    [InlineData("expressions that are slow, but not too slow")]
    [InlineData("an expression of a megabyte")]
    [InlineData("nested groups")]
    [InlineData("nested groups, many")]
    [InlineData("nested groups, as deep as a list is long")]
    [InlineData("nested counts")]
    public void The_lint(string name)
    {
        var tags = name switch
        {
            "many long tags" => Enumerable.Range(0, PoolListLint.MaxTags).Select(i => $"{i}{new string('a', 4000)}"),
            "expressions that are slow, but not too slow" => Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? "(a|aa){17}b" : new string('a', 40) + "c"),
            "an expression of a megabyte" => [string.Concat(Enumerable.Repeat("(a|b)*", 150_000))],
            "nested groups" => [new string('(', 100_000) + "a" + new string(')', 100_000)],
            "nested groups, as deep as a list is long" => [new string('(', 32_000) + "a" + new string(')', 32_000)],
            "nested groups, many" => Enumerable.Range(0, 40).Select(i => $"{new string('(', 750)}{i}{new string(')', 750)}"),
            _ => ["((((a{1,900}){1,900}){1,900}){1,900}){1,900}"],
        };
        var pool = new PublicPool(1, "A", [], [.. tags]);

        AssertRefused(null, [], _ => PoolListLint.Check(new PublicPoolList(PublicListKind.Mempool, [pool])));
    }

    [Fact]
    public void A_hundred_megabytes_are_not_read_to_the_end()
    {
        using var stream = new Blanks(100 << 20);

        AssertRefused("larger than 16777216 bytes", [], _ => PoolList.Parse(stream));
        Assert.InRange(stream.Count, PoolList.MaxBytes, PoolList.MaxBytes + (1 << 20));
    }

    /// <summary>Bytes that fell over, came twice or got lost, in lists with everything that lists can have.</summary>
    [Fact]
    public void Whatever_is_damaged_is_refused_or_still_a_list()
    {
        byte[][] lists =
        [
            Encoding.UTF8.GetBytes(Ours(
                $$"""{"slug":"a","name":"Ä","link":"https://a.example","ids":{"mempool":[1,2],"bitcoinData":3},"tags":[{"text":"/é\u00e9/","from":1,"to":9,"exact":true,"note":"n"}],"addresses":[{"text":"{{PoolFixtures.FoundryAddress}}"}],"note":"x"}""")),
            Encoding.UTF8.GetBytes($"[{Public(1, "Ä", "\"/é\\u00e9/\", \"(a|b)+\"")},{Public(2, "B", "\"b.c\"")}]"),
        ];
        var edit = Gen.Select(Gen.Int[0, 1000], Gen.OneOf(Gen.Byte, Gen.Int[0, Structure.Length - 1].Select(i => Structure[i])), Gen.Int[0, 2], (place, value, how) => (place, value, how));
        Gen.Select(Gen.Int[0, 1], edit.Array[1, 4]).Sample((which, edits) =>
        {
            var bytes = lists[which].ToList();
            foreach (var (place, value, how) in edits)
            {
                var at = place % bytes.Count;
                bytes.RemoveRange(at, how == 1 ? 0 : how == 2 ? Math.Min(20, bytes.Count - at - 1) : 1);
                bytes.Insert(at, value);
            }

            var json = bytes.ToArray();
            Try(() => PoolListLint.Check(PoolList.Parse(json)));
            Try(() => PublicPoolList.Parse(json, PublicListKind.BitcoinData).ToPoolList());
            Try(() => PoolListLint.Check(PublicPoolList.Parse(json, PublicListKind.Mempool)));
        }, iter: 2_000);

        static void Try(Action read)
        {
            var error = Record.Exception(read);
            Assert.True(error is null or PoolListException, error?.ToString());
        }
    }

    [Fact]
    public void A_byte_order_mark_does_not_count() =>
        Assert.Empty(PublicPoolList.Parse([.. Encoding.UTF8.Preamble, .. "[]"u8], PublicListKind.BitcoinData).ToPoolList().List.Pools);

    private static void AssertRefused(string? said, byte[] json, Action<byte[]> read)
    {
        var (start, allocated) = (TimeProvider.System.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());

        var error = Record.Exception(() => read(json));

        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Longest);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, MostBytes);
        if (said is not null)
        {
            var errors = Assert.IsType<PoolListException>(error).Errors;
            Assert.Contains(errors, e => e.Contains(said, StringComparison.Ordinal));
            Assert.InRange(errors.Count, 1, 101);
            Assert.All(errors, e => Assert.InRange(e.Length, 1, 501));
            Assert.DoesNotContain(errors, e => e.Any(char.IsControl));
        }
        else
        {
            Assert.True(error is null or PoolListException, error?.ToString());
        }
    }

    private static string Ours(string pools) => $$"""{"format":"poolwatch-pool-list/1","pools":[{{pools}}]}""";

    private static string Pool(string slug, string fields) => $$"""{"slug":"{{slug}}","name":"A",{{fields}}}""";

    private static string Public(int id, string name, string tags = "") => $$"""{"id":{{id}},"name":"{{name}}","addresses":[],"tags":[{{tags}}],"link":""}""";

    private static string Repeat(string item, int count = Million) => string.Join(",", Enumerable.Repeat(item, count));

    /// <summary>So many blanks, which JSON allows before its first character, made when they are read.</summary>
    private sealed class Blanks(long length) : Stream
    {
        public long Count { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => Count; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var size = (int)Math.Min(count, length - Count);
            buffer.AsSpan(offset, size).Fill((byte)' ');
            Count += size;
            return size;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
