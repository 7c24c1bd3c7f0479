using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>The bundled list holds every fact of the two public lists, apart from the conflicts decided in docs/adr/0007-pool-list-merge.md.</summary>
public sealed class BundledPoolListTests
{
    private static readonly PoolList List = PoolList.LoadBundled();

    /// <summary>Facts that one list gives to the pool on the left and we give to the pool on the right.</summary>
    private static readonly Dictionary<(PublicListKind List, int Id, string Text), string> Moved = new()
    {
        [(PublicListKind.Mempool, 3, "Validated with Clean Energy")] = "cleanincentive",
        [(PublicListKind.Mempool, 90, "bc1qwlrsvgtn99rqp3fgaxq6f6jkgms80rnej0a8tc")] = "togetherpool",
        [(PublicListKind.BitcoinData, 75, "1ApE99VM5RJzMRRtwd2JMgmkGabtJqoMEz")] = "miningkings",
        [(PublicListKind.BitcoinData, 75, "1EowSPumj9D9AMTpE64Jr7vT3PJDNopVcz")] = "miningkings",
        [(PublicListKind.BitcoinData, 75, "1KGbsDDAgJN2HDNBjmMHp9828qATo5B9c9")] = "miningkings",
        [(PublicListKind.BitcoinData, 111, "1M1Xw2rczxkF3p3wiNHaTmxvbpZZ7M6vaa")] = "1m1x",
    };

    [Theory]
    [InlineData(PublicListKind.Mempool, 168, 197, 217)]
    [InlineData(PublicListKind.BitcoinData, 148, 171, 200)]
    public void Every_fact_of_the_public_lists_is_here(PublicListKind kind, int pools, int tags, int addresses)
    {
        var list = PublicPoolList.LoadBundled(kind);
        Assert.Equal((pools, tags, addresses), (list.Pools.Count, list.Pools.Sum(pool => pool.Tags.Count), list.Pools.Sum(pool => pool.Addresses.Count)));

        Assert.DoesNotContain(Facts(list), fact => !IsHere(fact));
    }

    [Fact]
    public void Every_moved_fact_is_one_that_a_public_list_has()
    {
        var facts = Enum.GetValues<PublicListKind>().SelectMany(kind => Facts(PublicPoolList.LoadBundled(kind))).Select(fact => (fact.Kind, fact.Id, fact.Text)).ToHashSet();

        Assert.All(Moved.Keys, moved => Assert.Contains(moved, facts));
    }

    [Fact]
    public void The_file_is_kept_in_canonical_form()
    {
        using var resource = typeof(PoolList).Assembly.GetManifestResourceStream("pool-list.json")!;
        using var reader = new StreamReader(resource);

        Assert.Equal(List.ToJson(), reader.ReadToEnd());
    }

    [Fact]
    public void Slugs_are_the_names_as_mempool_spells_them() =>
        Assert.All(List.Pools, pool => Assert.Equal(
            string.Concat(pool.Name.ToLowerInvariant().Where(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c))), pool.Slug));

    // The slugs of the pools that mined the last 2016 blocks in blocks_post_2021.parquet of sorukumar/bitcoin-mining-pools.
    [Theory]
    [InlineData("foundryusa antpool f2pool viabtc spiderpool secpool marapool luxor sbicrypto binancepool braiinspool whitepool")]
    [InlineData("ultimuspool poolin btccom nicehash innopolistech solock redrockpool ocean")]
    public void Pools_that_mine_today_are_here(string slugs) => Assert.All(slugs.Split(' '), slug => Assert.NotNull(List.Find(slug)));

    [Fact]
    public void Every_tag_is_found_in_its_own_text()
    {
        var attributor = new PoolWatchAttributor(List);
        foreach (var pool in List.Pools)
        {
            foreach (var tag in pool.Tags)
            {
                var attribution = attributor.Attribute(PoolFixtures.Bytes("\u0003abc" + tag.Text), [new TxOut(1, new byte[] { 0x51 })], tag.From ?? 0);
                Assert.Equal(pool.Slug, attribution.Pool?.Slug);
            }
        }
    }

    /// <summary>All rules of a list; a pool itself counts as a rule without text.</summary>
    private static IEnumerable<Fact> Facts(PublicPoolList list) => list.Pools.SelectMany(pool => (Fact[])
    [
        new(list.Kind, pool.Id, null, ""),
        .. pool.Tags.Select(tag => new Fact(list.Kind, pool.Id, RuleKind.Tag, tag)),
        .. pool.Addresses.Select(address => new Fact(list.Kind, pool.Id, RuleKind.Address, address)),
    ]);

    private static bool IsHere(Fact fact)
    {
        var owner = List.Pools.SingleOrDefault(pool => (fact.Kind == PublicListKind.Mempool ? pool.Ids.Mempool : pool.Ids.BitcoinData).Contains(fact.Id));
        if (Moved.TryGetValue((fact.Kind, fact.Id, fact.Text), out var slug))
        {
            Assert.False(Holds(owner!, fact));
            owner = List.Find(slug);
        }

        return owner is not null && Holds(owner, fact);
    }

    private static bool Holds(Pool pool, Fact fact) => fact.Rule switch
    {
        null => true,
        RuleKind.Tag => pool.Tags.Any(rule => rule.Text == fact.Text),
        _ => pool.Addresses.Any(rule => PoolFixtures.Script(rule.Text).AsSpan().SequenceEqual(ScriptOnAnyNetwork(fact.Text))),
    };

    /// <summary>mempool's list holds a few addresses of test networks; ours holds the mainnet address of the same script.</summary>
    private static byte[] ScriptOnAnyNetwork(string address) =>
        Address.TryToScript(address, Network.Main, out var script) ? script : PoolFixtures.Script(address, Network.Signet);

    private readonly record struct Fact(PublicListKind Kind, int Id, RuleKind? Rule, string Text);
}
