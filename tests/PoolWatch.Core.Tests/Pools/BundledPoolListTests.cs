using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>The bundled list holds every fact of the two public lists, apart from the conflicts decided in docs/adr/0007-pool-list-merge.md.</summary>
public sealed class BundledPoolListTests
{
    private static readonly PoolList List = PoolList.LoadBundled();

    /// <summary>Facts that one list gives to the pool on the left and we give to the pool on the right.</summary>
    private static readonly Dictionary<(string List, int Id, string Text), string> Moved = new()
    {
        [("mempool", 3, "Validated with Clean Energy")] = "cleanincentive",
        [("mempool", 90, "bc1qwlrsvgtn99rqp3fgaxq6f6jkgms80rnej0a8tc")] = "togetherpool",
        [("bitcoin-data", 75, "1ApE99VM5RJzMRRtwd2JMgmkGabtJqoMEz")] = "miningkings",
        [("bitcoin-data", 75, "1EowSPumj9D9AMTpE64Jr7vT3PJDNopVcz")] = "miningkings",
        [("bitcoin-data", 75, "1KGbsDDAgJN2HDNBjmMHp9828qATo5B9c9")] = "miningkings",
        [("bitcoin-data", 111, "1M1Xw2rczxkF3p3wiNHaTmxvbpZZ7M6vaa")] = "1m1x",
    };

    [Theory]
    [InlineData("mempool", "pools-mempool-6abbdc8.tsv", 168, 197, 217)]
    [InlineData("bitcoin-data", "pools-bitcoin-data-330f61d.tsv", 148, 171, 200)]
    public void Every_fact_of_the_public_lists_is_here(string name, string file, int pools, int tags, int addresses)
    {
        var facts = File.ReadAllLines(PoolFixtures.OutputPath("Fixtures", file)).Skip(1).Select(line => line.Split('\t')).ToList();
        Assert.Equal((pools, tags, addresses), (Count(facts, "pool"), Count(facts, "tag"), Count(facts, "address")));

        var missing = facts.Where(fact => !IsHere(name, int.Parse(fact[0]), fact[2], fact[3])).Select(fact => string.Join(' ', fact));
        Assert.Empty(missing);
    }

    [Fact]
    public void Every_moved_fact_is_one_that_a_public_list_has()
    {
        var facts = new[] { ("mempool", "pools-mempool-6abbdc8.tsv"), ("bitcoin-data", "pools-bitcoin-data-330f61d.tsv") }
            .SelectMany(list => File.ReadAllLines(PoolFixtures.OutputPath("Fixtures", list.Item2)).Skip(1)
                .Select(line => line.Split('\t')).Select(fact => (list.Item1, int.Parse(fact[0]), fact[3])))
            .ToHashSet();

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

    private static int Count(List<string[]> facts, string kind) => facts.Count(fact => fact[2] == kind);

    private static bool IsHere(string list, int id, string kind, string text)
    {
        var owner = List.Pools.SingleOrDefault(pool => (list == "mempool" ? pool.Ids.Mempool : pool.Ids.BitcoinData).Contains(id));
        if (Moved.TryGetValue((list, id, text), out var slug))
        {
            Assert.False(Holds(owner!, kind, text));
            owner = List.Find(slug);
        }

        return owner is not null && Holds(owner, kind, text);
    }

    private static bool Holds(Pool pool, string kind, string text) => kind switch
    {
        "pool" => true,
        "tag" => pool.Tags.Any(rule => rule.Text == text),
        _ => pool.Addresses.Any(rule => PoolFixtures.Script(rule.Text).AsSpan().SequenceEqual(ScriptOnAnyNetwork(text))),
    };

    /// <summary>mempool's list holds a few addresses of test networks; ours holds the mainnet address of the same script.</summary>
    private static byte[] ScriptOnAnyNetwork(string address) =>
        Address.TryToScript(address, Network.Main, out var script) ? script : PoolFixtures.Script(address, Network.Signet);
}
