using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>
/// Coinbases of mainnet as published in the test suites of rust-bitcoin-pool-identification (0xB10C, MIT), mempool's mining-pools and
/// block explorers; where no address stands, the source has the scriptSig only.
/// </summary>
public sealed class AttributionVectorTests
{
    private static readonly PoolWatchAttributor Attributor = new(PoolList.LoadBundled());

    [Theory]
    [InlineData(10_000, "04ffff001d026f03", "", null, "unknown")]
    [InlineData(300_000, "03e09304062f503253482f0403c86d53087ceca141295a00002e522cfabe6d6d7561cf262313da1144026c8f7a43e3899c44f6145f39a36507d36679a8b700610400000000000000", "1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC", "ghashio", "address")]
    [InlineData(670_718, "03fe3b0a04c16b2a6065752f4254432e636f6d2ffabe6d6d5793cfdad17c5272fca204a71fb04e88a5955239c018b8e5186ce838e789f7d4020000008e9b20aa04f5d252bb00000000000000", "1Bf9sZvBHPFGVPX71WX2njhd1NXKv5y7v5", "btccom", "address")]
    [InlineData(670_828, "036c3c0a1c2f5669614254432f4d696e6564206279206c6565686f6f343434342f2cfabe6d6d41f647100ea398435411f0297fd9d798625e1b82c82451f7c6ccb59c0c67ec07100000000000000010d02cfe0845dca9281bb0ee077c090000", "18cBEMRxXHqzWWCxZNtU91F5sbUNKhL5PX", "viabtc", "tag")]
    [InlineData(670_987, "030b3d0afabe6d6d87a2773b0dfb971a762db2fd5a473882417a86aa7e1a2993feec04bfa383f93701000000000000002b6501031eb6e5300303000000000002c54ac6082f736c7573682f", "1CK6KHY6MHgYvmRQ4PAafKYDrg1ejbH1cE", "braiinspool", "address")]
    [InlineData(729_910, "0336230b315c20506f7765726564206279204c75786f722054656368205c000000002103a960b06341e200000e744596150000000000", "", "luxor", "tag")]
    [InlineData(856_604, "031c120d048867bb662f466f756e6472792055534120506f6f6c202364726f70676f6c642f4892b78e0000b3b25d010000", "", "foundryusa", "tag")]
    [InlineData(856_720, "0390120d182f5669614254432f4d696e6564206279206173646c31372f2cfabe6d6d038689c77c851fb85eef5e10eade9efb405e21994412c978983b2e71881f471610000000000000001046b1dc05df138865a39bb08f551f080000000000", "", "viabtc", "tag")]
    [InlineData(856_739, "03a3120d1b4d696e656420627920416e74506f6f6c3837349f00010293f49debfabe6d6d7ce2d695ffb032041ea85db181f3aea78cf47946d5e610fe32292d95db1eca551000000000000000540c00005737000000000000", "", "antpool", "tag")]
    [InlineData(856_740, "03a4120d04b5a2bc667c204d41524120506f6f6c207c204d61646520696e2055534120f09f87baf09f87b8207c202876303331393234293c39dbd326a3c601527b7112d4f11f911356a5e9450000000000ffffffff", "", "marapool", "tag")]
    [InlineData(174_359, "0317a9020a2f7369676e65743a332f", "", null, "unknown")]
    public void Published_coinbases_have_their_pool(int height, string scriptSig, string address, string? slug, string method)
    {
        TxOut[] outputs = address.Length == 0 ? [] : [PoolFixtures.Pay(address, 1)];

        var attribution = Attributor.Attribute(Convert.FromHexString(scriptSig), outputs, height);

        Assert.Equal((slug, method), (attribution.Pool?.Slug, attribution.Method));
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void A_pool_that_is_paid_by_the_second_output_is_found()
    {
        // Block 455860: output 0 is a worthless OP_RETURN, output 1 pays BitcoinRussia.
        var scriptSig = Convert.FromHexString(
            "03b4f40604f4fbbb5808fabe6d6dc6c7031efbd1de4725926e45c2ba9443fd84234cfb4cfb606e7d873cbdbdb88001000000000000005fffff799b3703000d2f6e6f64655374726174756d2f");
        TxOut[] outputs = [new(0, new byte[] { 0x6a, 0x01, 0x00 }), PoolFixtures.Pay("14R2r9FkyDmyxGB9xUVwVLdgsX9YfdVamk", 1_250_000_000)];

        var attribution = Attributor.Attribute(scriptSig, outputs, 455_860);

        Assert.Equal(("bitcoinrussia", "address", 1), (attribution.Pool?.Slug, attribution.Method, attribution.Winner?.Index));
    }

    [Fact]
    public void A_part_of_ViaBTC_is_not_ViaBTC()
    {
        var attribution = Attributor.Attribute("..../ViaBTC/TATMAS Pool/"u8, [PoolFixtures.Pay(PoolFixtures.UnlistedAddress, 1)], 700_000);

        Assert.Equal("tatmaspool", attribution.Pool?.Slug);
        Assert.Equal("viabtc", Assert.Single(attribution.Others).Pool.Slug);
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }
}
