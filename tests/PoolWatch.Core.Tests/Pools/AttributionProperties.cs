using System.Text;
using CsCheck;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

public sealed class AttributionProperties
{
    private static readonly PoolList Bundled = PoolList.LoadBundled();

    /// <summary>Tags that nest, overlap and tie, and heights that meet: what the bundled list hardly has.</summary>
    private static readonly PoolList Dense = PoolFixtures.List($$"""
        { "slug": "a", "name": "A", "tags": [{ "text": "abab" }, { "text": "abababAB" }, { "text": "b" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "to": 5 }] },
        { "slug": "b", "name": "B", "tags": [{ "text": "ababab" }, { "text": "ba", "from": 4 }, { "text": "abababba", "to": 6 }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "from": 6 }], "paidFrom": 5 },
        { "slug": "c", "name": "C", "tags": [{ "text": "BABABA" }, { "text": "ABABAA", "exact": true }, { "text": "ba", "to": 3 }], "addresses": [{ "text": "{{PoolFixtures.AntPoolAddress}}" }], "paidFrom": 2 }
        """);

    [Fact]
    public void The_bundled_list_gives_what_the_plain_rule_gives() => Check(Bundled, Gen.Int[400_000, 950_000], Gen.Byte);

    [Fact]
    public void A_list_of_overlapping_rules_gives_what_the_plain_rule_gives() => Check(Dense, Gen.Int[0, 9], OneOf("abAB"u8.ToArray()));

    private static void Check(PoolList list, Gen<int> heights, Gen<byte> noise)
    {
        var attributor = new PoolWatchAttributor(list);
        var tags = list.Pools.SelectMany(pool => pool.Tags).Select(rule => rule.Text).ToArray();
        var scripts = list.Pools.SelectMany(pool => pool.Addresses).Select(rule => PoolFixtures.Script(rule.Text)).ToArray();

        var part = Gen.Frequency(
            (2, noise.Array[0, 12]),
            (2, OneOf(tags).Select(Encoding.UTF8.GetBytes)),
            (1, OneOf(tags).Select(tag => Encoding.UTF8.GetBytes(tag.ToUpperInvariant()))),
            (1, OneOf(tags).Select(tag => Encoding.UTF8.GetBytes(tag[..(tag.Length / 2)]))));
        var scriptSig = part.Array[0, 5].Select(parts => parts.SelectMany(bytes => bytes).Take(100).ToArray());
        var script = Gen.Frequency((3, OneOf(scripts)), (1, Gen.Byte.Array[0, 40]));
        var output = Gen.Select(OneOf([0L, 1, 50, 50, 100, 312_500_000]), script, (value, bytes) => new TxOut(value, bytes));

        Gen.Select(scriptSig, output.Array[1, 5], heights).Sample((text, outputs, height) =>
            Assert.Equal(
                SlowAttribution.Judge(list, text, outputs, height),
                SlowAttribution.Text(attributor.Attribute(text, outputs, height))), iter: 3_000);
    }

    private static Gen<T> OneOf<T>(T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);
}
