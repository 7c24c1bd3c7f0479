using System.Text;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Tests.Pools;
using PoolWatch.Core.Unknown;
using static PoolWatch.Core.Tests.Unknown.UnknownFixtures;

namespace PoolWatch.Core.Tests.Unknown;

public sealed class UnknownClustersTests
{
    [Fact]
    public void The_UUID_miner_with_rotating_payees_is_one_candidate()
    {
        // mempool/mining-pools pull request 88: 167 blocks, three payout addresses or more, another UUID in each.
        var blocks = Enumerable.Range(0, 167).Select(i => Block(900_000 + (i * 12), $"\x04\x1c\xee://{Uuid(i)}\x02\x9a", i % 5)).ToArray();

        var found = Assert.Single(Find(blocks));

        Assert.Equal((167, 900_000, 900_000 + (166 * 12)), (found.Blocks.Count, found.FirstHeight, found.LastHeight));
        Assert.Equal(new SharedTrace("://<uuid v4>", 167), found.Shape);
        Assert.Null(found.Text);
        Assert.Equal(new SharedTrace("p2wpkh", 167), found.Structure);
        Assert.Equal(5, found.Payouts.Count);
        Assert.Equal(found.Id, Find(blocks[..20])[0].Id);
        Assert.Equal(found.Id, Find(blocks[100..])[0].Id);
    }

    [Fact]
    public void Blocks_that_pay_the_same_script_are_one_candidate() =>
        Assert.Equal([3], Find(Block(1000, "abc", 1), Block(1001, "xyz", 2), Block(1002, "", 1), Block(1003, "\xff", 1)).Select(c => c.Blocks.Count));

    [Fact]
    public void A_bare_key_and_the_hash_of_it_are_one_payee()
    {
        byte[] key = [2, .. new byte[31], 7];
        byte[] bare = [33, .. key, 0xac];
        var hashed = new byte[25];
        Assert.True(OutputScript.TryGetKeyHashScript(bare, hashed));

        Assert.Single(Find(Block(1000, "", new TxOut(50, bare)), Block(1001, "", new TxOut(50, hashed))));
    }

    [Theory]
    [InlineData("/Acme/ one", "\x01/Acme/ two", "/Acme/ ")]
    [InlineData("Mined by Xylophon7", "Mined by Xylophon9\xff", "Mined by Xylophon")]
    [InlineData("k/AcmePool.io/\x01", "\x01\x02z/AcmePool.io/", "/AcmePool.io/")]
    public void Blocks_that_share_a_text_are_one_candidate(string one, string other, string shared)
    {
        var found = Assert.Single(Find(Block(1000, one, 1), Block(1001, other, 2)));

        Assert.Equal(new SharedTrace(shared, 2), found.Text);
        Assert.Null(found.Shape);
    }

    [Theory]
    [InlineData("by nodeStratum", "by nodeStratum")]
    [InlineData("ckpool", "/ckpool/")]
    [InlineData("/P2SH/", "/P2SH/")]
    [InlineData("btcpool/abc", "btcpool/xyz")]
    [InlineData("mined by anna", "Mined by bert")]
    [InlineData("https://www.a.com", "https://www.b.com")]
    [InlineData("00112233445566778899", "00112233445566778899")]
    [InlineData("deadbeefcafe", "deadbeefcafe")]
    [InlineData("          aaaaaaaa", "          aaaaaaaa")]
    [InlineData("\xfa\xbemmthe same commitment to others!", "\xfa\xbemmthe same commitment to others!")]
    [InlineData("short", "short")]
    [InlineData("", "")]
    public void What_strangers_share_too_joins_nothing(string one, string other) => Assert.Empty(Find(Block(1000, one, 1), Block(1001, other, 2)));

    [Fact]
    public void A_text_of_very_many_payees_joins_nothing()
    {
        UnknownBlock[] Blocks(int payees) => [.. Enumerable.Range(0, 20).Select(i => Block(1000 + i, "Wallabee v1.2", i % payees))];

        Assert.Empty(Find(Blocks(20)));
        Assert.DoesNotContain(Find(Blocks(18)), c => c.Blocks.Count > 2);
        Assert.Equal(20, Assert.Single(Find(Blocks(16))).Blocks.Count);
    }

    [Fact]
    public void A_small_payment_to_many_is_a_gift_and_joins_nothing()
    {
        UnknownBlock[] blocks = [.. Enumerable.Range(0, 20).Select(i => Block(1000 + i, "", Paying(i), Paying(99, Subsidy / 50)))];

        Assert.Empty(Find(blocks));
        Assert.Single(Find(blocks[..16]));
    }

    [Fact]
    public void A_payment_below_a_hundredth_joins_nothing()
    {
        Assert.Empty(Find(Block(1000, "", Paying(1), Paying(9, 546)), Block(1001, "", Paying(2), Paying(9, 546))));
        Assert.Empty(Find(Block(1000, "", Paying(9)), Block(1001, "", Paying(2), Paying(9, 546))));
    }

    [Fact]
    public void The_same_layout_of_outputs_joins_nothing() =>
        Assert.Empty(Find([.. Enumerable.Range(0, 50).Select(i => Block(1000 + i, "", Paying(i), new TxOut(0, new byte[] { 0x6a, 4, 1, 2, 3, 4 })))]));

    [Fact]
    public void A_script_that_everybody_can_spend_joins_nothing() =>
        Assert.Empty(Find(Block(1000, "", new TxOut(Subsidy, new byte[] { 0x51 })), Block(1001, "", new TxOut(Subsidy, new byte[] { 0x51 }))));

    [Fact]
    public void Traces_join_over_other_blocks()
    {
        var found = Assert.Single(Find(Block(1000, "/Acme/1", 1), Block(1001, "/Acme/2", 2), Block(1002, "", 2), Block(1003, $"/{Uuid(3)}/", 2), Block(1004, $"/{Uuid(4)}/", 4)));

        Assert.Equal(5, found.Blocks.Count);
        Assert.Equal("/<uuid v4>", found.Shape?.Text);
    }

    [Fact]
    public void Of_the_real_coinbases_only_those_of_one_maker_are_joined()
    {
        var attributor = PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, PoolList.LoadBundled());
        var unknown = ReadReal().Where(c => attributor.Attribute(c.Coinbase, c.Height).Pool is null)
            .Select(c => new UnknownBlock(c.Height, c.Coinbase.Txid, CoinbaseTraces.Of(c.Coinbase))).ToList();

        Assert.True(unknown.Count >= 15, "Fixtures are missing.");
        // 91812 and 91842 hold the same coinbase transaction, byte for byte (BIP 30); 499956 and 549400 are P2Pool's and pay a miner of both.
        Assert.Equal(["91812 91842", "499956 549400"], UnknownClusters.Find(unknown).Select(c => string.Join(' ', c.Blocks.Select(b => b.Height))));
    }

    [Fact]
    public void Real_pools_that_no_list_would_know_are_found_again_and_never_mixed()
    {
        var attributor = PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, PoolList.LoadBundled());
        var real = ReadReal().Select(c => (c.Height, c.Coinbase, Pool: attributor.Attribute(c.Coinbase, c.Height).Pool?.Slug)).Where(c => c.Pool is not null).ToList();
        var pools = real.GroupBy(c => c.Coinbase.Txid).ToDictionary(g => g.Key, g => g.First().Pool);

        var found = UnknownClusters.Find([.. real.Select(c => new UnknownBlock(c.Height, c.Coinbase.Txid, CoinbaseTraces.Of(c.Coinbase)))]);

        // Wayi.cn's 668692 says "E2M & BTC.TOP".
        Assert.All(found, c => Assert.True(
            c.Text?.Text == "BTC.TOP/" || c.Blocks.Select(b => pools[b.Hash]).Distinct().Count() == 1, $"{c.Text} of {string.Join(' ', c.Blocks.Select(b => b.Height))}"));
        Assert.Subset(found.Select(c => pools[c.Blocks[0].Hash]).ToHashSet(), new HashSet<string?> { "antpool", "foundryusa", "viabtc", "f2pool", "binancepool" });
    }
}
