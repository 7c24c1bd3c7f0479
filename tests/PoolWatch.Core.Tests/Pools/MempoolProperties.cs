using System.Text;
using CsCheck;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

public sealed class MempoolProperties
{
    /// <summary>Tags that nest and overlap, patterns, anchors, a tag longer than 64 bytes, and heights that meet.</summary>
    private static readonly PoolList Dense = PoolFixtures.List($$"""
        { "slug": "a", "name": "A", "tags": [{ "text": "aba.a" }, { "text": "b{3}" }, { "text": "ab$" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "to": 5 }] },
        { "slug": "b", "name": "B", "tags": [{ "text": "bab", "from": 4 }, { "text": "a(b|é)+a", "to": 6 }, { "text": "{{string.Concat(Enumerable.Repeat("ab", 33))}}" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "from": 6 }], "paidFrom": 5 },
        { "slug": "c", "name": "C", "tags": [{ "text": "^b" }, { "text": "É\\n" }, { "text": "[^ab][ab]" }, { "text": "bab", "to": 3 }], "addresses": [{ "text": "{{PoolFixtures.AntPoolAddress}}" }], "paidFrom": 2 },
        { "slug": "d", "name": "D", "tags": [{ "text": "a*b{2}a$" }], "addresses": [{ "text": "1FFxkVijzvUPUeHgkFjBk2Qw8j3wQY2cDw" }] }
        """);

    [Fact]
    public void The_list_of_mempool_gives_what_the_plain_loops_give() => Check(MempoolList.Load(), Gen.Int[400_000, 950_000], Gen.Byte, 500);

    [Fact]
    public void The_bundled_list_gives_what_the_plain_loops_give() => Check(PoolList.LoadBundled(), Gen.Int[400_000, 950_000], Gen.Byte, 500);

    [Fact]
    public void A_list_of_overlapping_rules_gives_what_the_plain_loops_give() =>
        Check(Dense, Gen.Int[0, 9], OneOf("abAB\u00e9\u00c9\n\r".Select(c => (byte)c).ToArray()), 5_000);

    private static void Check(PoolList list, Gen<int> heights, Gen<byte> noise, int times)
    {
        var (attributor, oracle) = (PoolAttributor.Create("mempool/1", list), new SlowMempool(list));
        var tags = list.Pools.SelectMany(pool => pool.Tags).Select(rule => rule.Text).ToArray();
        var scripts = list.Pools.SelectMany(pool => pool.Addresses).Select(rule => PoolFixtures.Script(rule.Text)).ToArray();

        var part = Gen.Frequency(
            (2, noise.Array[0, 20]),
            (2, OneOf(tags).Select(Encoding.UTF8.GetBytes)),
            (1, OneOf(tags).Select(tag => Encoding.Latin1.GetBytes(tag.ToUpperInvariant()))),
            (1, OneOf(tags).Select(tag => Encoding.UTF8.GetBytes(tag.Replace('.', '\r')))),
            (1, OneOf(tags).Select(tag => Encoding.UTF8.GetBytes(tag[..(tag.Length / 2)]))));
        var scriptSig = part.Array[0, 5].Select(parts => parts.SelectMany(bytes => bytes).Take(100).ToArray());
        var script = Gen.Frequency((3, OneOf(scripts)), (1, Gen.Byte.Array[0, 40]));
        var output = Gen.Select(OneOf([0L, 1, 50, 50, 100, 312_500_000]), script, (value, bytes) => new TxOut(value, bytes));

        Gen.Select(scriptSig, output.Array[0, 4], heights).Sample((text, outputs, height) =>
            Assert.Equal(oracle.Judge(text, outputs, height), SlowMempool.Text(attributor.Attribute(text, outputs, height))), iter: times);
    }

    private static Gen<T> OneOf<T>(T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
