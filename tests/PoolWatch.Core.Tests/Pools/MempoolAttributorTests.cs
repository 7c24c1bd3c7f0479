using System.Text;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

public sealed class MempoolAttributorTests
{
    private const string A1 = PoolFixtures.FoundryAddress;
    private const string A2 = "1FFxkVijzvUPUeHgkFjBk2Qw8j3wQY2cDw";
    private const string B1 = PoolFixtures.AntPoolAddress;
    private const string C1 = "1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC";

    private static readonly PoolAttributor Mempool = PoolAttributor.Create("mempool/1", MempoolList.Load());

    private static readonly PoolAttributor Attributor = PoolAttributor.Create("mempool/1", PoolFixtures.List($$"""
        { "slug": "a", "name": "A", "tags": [{ "text": "/Alpha/" }, { "text": "/alpha-two/" }], "addresses": [{ "text": "{{A1}}" }, { "text": "{{A2}}" }] },
        { "slug": "b", "name": "B", "tags": [{ "text": "Bet.s" }, { "text": "/Exact/", "exact": true }], "addresses": [{ "text": "{{B1}}" }] },
        { "slug": "c", "name": "C", "tags": [{ "text": "/Alpha/ of C" }, { "text": "/dated/", "from": 100, "to": 199 }], "addresses": [{ "text": "{{C1}}", "from": 100, "to": 199 }] }
        """));

    // The same coinbases and sources as in AttributionVectorTests.
    [Theory]
    [InlineData(10_000, "04ffff001d026f03", "", null, null)]
    [InlineData(300_000, "03e09304062f503253482f0403c86d53087ceca141295a00002e522cfabe6d6d7561cf262313da1144026c8f7a43e3899c44f6145f39a36507d36679a8b700610400000000000000", "1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC", 29, "address 1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC")]
    [InlineData(670_718, "03fe3b0a04c16b2a6065752f4254432e636f6d2ffabe6d6d5793cfdad17c5272fca204a71fb04e88a5955239c018b8e5186ce838e789f7d4020000008e9b20aa04f5d252bb00000000000000", "1Bf9sZvBHPFGVPX71WX2njhd1NXKv5y7v5", 6, "address 1Bf9sZvBHPFGVPX71WX2njhd1NXKv5y7v5")]
    [InlineData(670_828, "036c3c0a1c2f5669614254432f4d696e6564206279206c6565686f6f343434342f2cfabe6d6d41f647100ea398435411f0297fd9d798625e1b82c82451f7c6ccb59c0c67ec07100000000000000010d02cfe0845dca9281bb0ee077c090000", "18cBEMRxXHqzWWCxZNtU91F5sbUNKhL5PX", 73, "tag /ViaBTC/")]
    [InlineData(670_987, "030b3d0afabe6d6d87a2773b0dfb971a762db2fd5a473882417a86aa7e1a2993feec04bfa383f93701000000000000002b6501031eb6e5300303000000000002c54ac6082f736c7573682f", "1CK6KHY6MHgYvmRQ4PAafKYDrg1ejbH1cE", 43, "address 1CK6KHY6MHgYvmRQ4PAafKYDrg1ejbH1cE")]
    [InlineData(729_910, "0336230b315c20506f7765726564206279204c75786f722054656368205c000000002103a960b06341e200000e744596150000000000", "", 4, "tag Luxor Tech")]
    [InlineData(856_604, "031c120d048867bb662f466f756e6472792055534120506f6f6c202364726f70676f6c642f4892b78e0000b3b25d010000", "", 111, "tag Foundry USA Pool")]
    [InlineData(856_720, "0390120d182f5669614254432f4d696e6564206279206173646c31372f2cfabe6d6d038689c77c851fb85eef5e10eade9efb405e21994412c978983b2e71881f471610000000000000001046b1dc05df138865a39bb08f551f080000000000", "", 73, "tag /ViaBTC/")]
    [InlineData(856_739, "03a3120d1b4d696e656420627920416e74506f6f6c3837349f00010293f49debfabe6d6d7ce2d695ffb032041ea85db181f3aea78cf47946d5e610fe32292d95db1eca551000000000000000540c00005737000000000000", "", 44, "tag Mined By AntPool")]
    [InlineData(856_740, "03a4120d04b5a2bc667c204d41524120506f6f6c207c204d61646520696e2055534120f09f87baf09f87b8207c202876303331393234293c39dbd326a3c601527b7112d4f11f911356a5e9450000000000ffffffff", "", 115, "tag MARA Pool")]
    [InlineData(174_359, "0317a9020a2f7369676e65743a332f", "", null, null)]
    public void Published_coinbases_have_their_pool(int height, string scriptSig, string address, int? id, string? evidence)
    {
        TxOut[] outputs = [address.Length == 0 ? new TxOut(1, new byte[] { 0x51 }) : PoolFixtures.Pay(address, 1)];

        var attribution = Mempool.Attribute(Convert.FromHexString(scriptSig), outputs, height);

        Assert.Equal((id, evidence), (attribution.Pool?.Ids.Mempool[0], attribution.Winner is { } winner ? $"{attribution.Method} {winner.Text}" : null));
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void A_pool_that_is_paid_by_the_second_output_is_found()
    {
        // Block 455860: output 0 is a worthless OP_RETURN, output 1 pays BitcoinRussia.
        TxOut[] outputs = [new(0, new byte[] { 0x6a, 0x01, 0x00 }), PoolFixtures.Pay("14R2r9FkyDmyxGB9xUVwVLdgsX9YfdVamk", 1_250_000_000)];

        var attribution = Mempool.Attribute("..nodeStratum/"u8, outputs, 455_860);

        Assert.Equal((18, "address", 1), (attribution.Pool?.Ids.Mempool[0], attribution.Method, attribution.Winner?.Index));
    }

    [Fact]
    public void Five_tags_of_mempool_never_match_their_own_text_and_all_others_do()
    {
        var deaf = Mempool.List.Pools.SelectMany(pool => pool.Tags)
            .Where(tag => !Matching(Mempool.Attribute(Encoding.UTF8.GetBytes(tag.Text), [], 0)).Contains(tag));

        Assert.Equal(["/$Mined by 7pool.com/", "/八宝池 8baochi.com/", "七彩神仙鱼", "🐟", "🐵🚀"], deaf.Select(tag => tag.Text).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ghash.io", "GHashXIO", 29)]
    [InlineData("Titan.io", "titan io", 119)]
    [InlineData("OCEAN.XYZ", "ocean\u0085xyz", 142)]
    [InlineData("Emzy was here.", "Emzy was here\n", null)]
    [InlineData("OCEAN.XYZ", "ocean\rxyz", null)]
    public void A_dot_is_any_character_but_a_line_end(string tag, string scriptSig, int? id)
    {
        Assert.Contains(Mempool.List.Pools.SelectMany(pool => pool.Tags), rule => rule.Text == tag);
        Assert.Equal(id, Mempool.Attribute(Encoding.Latin1.GetBytes(scriptSig), [], 0).Pool?.Ids.Mempool[0]);
    }

    [Fact]
    public void TATMAS_is_found_only_because_it_stands_before_ViaBTC()
    {
        var tatmas = """{ "slug": "t", "name": "T", "tags": [{ "text": "/ViaBTC/TATMAS Pool/" }] }""";
        var viaBtc = """{ "slug": "v", "name": "V", "tags": [{ "text": "/ViaBTC/" }] }""";
        string? Found(string pools) => PoolAttributor.Create("mempool/1", PoolFixtures.List(pools)).Attribute("../ViaBTC/TATMAS Pool/"u8, [], 0).Pool?.Slug;

        Assert.Equal(72, Mempool.Attribute("../ViaBTC/TATMAS Pool/"u8, [], 0).Pool?.Ids.Mempool[0]);
        Assert.Equal(("t", "v"), (Found($"{tatmas}, {viaBtc}"), Found($"{viaBtc}, {tatmas}")));
    }

    [Fact]
    public void A_tag_within_the_deciding_one_is_no_conflict_but_one_around_it_is()
    {
        var inner = """{ "slug": "i", "name": "I", "tags": [{ "text": "pha" }] }""";
        var outer = """{ "slug": "o", "name": "O", "tags": [{ "text": "/Alpha/" }], "addresses": [{ "text": "12KKDt4Mj7N5UAkQMN7LtPZMayenXHa8KL" }] }""";
        AttributionConflicts Conflicts(string pools, string scriptSig, string address) =>
            PoolAttributor.Create("mempool/1", PoolFixtures.List(pools)).Attribute(PoolFixtures.Bytes(scriptSig), [PoolFixtures.Pay(address, 9)], 0).Conflicts;

        Assert.Equal(AttributionConflicts.None, Conflicts($"{outer}, {inner}", "../Alpha/", PoolFixtures.UnlistedAddress));
        Assert.Equal(AttributionConflicts.None, Conflicts($"{outer}, {inner}", "../Alpha/", A1));
        Assert.Equal(AttributionConflicts.TagAgainstTag, Conflicts($"{outer}, {inner}", "pha/Alpha/", PoolFixtures.UnlistedAddress));
        Assert.Equal(AttributionConflicts.TagAgainstTag, Conflicts($"{inner}, {outer}", "../Alpha/", PoolFixtures.UnlistedAddress));
    }

    [Fact]
    public void Nothing_listed_is_unknown() => Assert.Same(Attribution.Unknown, Judge("no tag", (PoolFixtures.UnlistedAddress, 50)));

    [Fact]
    public void The_first_pool_of_the_list_wins_whatever_matched()
    {
        AssertAttribution(Judge("xx/ALPHA/", (B1, 50)), "a tag /Alpha/ @2 0", ["b address " + B1 + " @0 50"], AttributionConflicts.AddressAgainstTag);
        AssertAttribution(Judge("Betas/Exact/", (A1, 50)), "a address " + A1 + " @0 50", ["b tag Bet.s @0 0", "b tag /Exact/ @5 0"], AttributionConflicts.AddressAgainstTag);
        AssertAttribution(Judge("betxs /alpha/", (PoolFixtures.UnlistedAddress, 50)), "a tag /Alpha/ @6 0", ["b tag Bet.s @0 0"], AttributionConflicts.TagAgainstTag);
    }

    [Fact]
    public void Of_one_pool_an_address_comes_before_a_tag_and_then_the_order_of_the_list()
    {
        AssertAttribution(
            Judge("/alpha-two//Alpha/", (A2, 30), (A1, 20)), $"a address {A1} @1 20", [$"a address {A2} @0 30", "a tag /alpha-two/ @0 0", "a tag /Alpha/ @11 0"], AttributionConflicts.None);
        AssertAttribution(Judge("/alpha-two//Alpha/", (C1, 1)), "a tag /Alpha/ @11 0", ["a tag /alpha-two/ @0 0"], AttributionConflicts.None);
    }

    [Fact]
    public void One_satoshi_buys_an_attribution_and_it_is_flagged()
    {
        AssertAttribution(Judge("", (A1, 1), (PoolFixtures.UnlistedAddress, 312_500_000)), $"a address {A1} @0 1", [], AttributionConflicts.MinorAddress);
        AssertAttribution(
            Judge("", (A1, 1), (B1, 312_500_000)), $"a address {A1} @0 1", [$"b address {B1} @1 312500000"],
            AttributionConflicts.MinorAddress | AttributionConflicts.AddressAgainstAddress);
        AssertAttribution(
            Judge("Betas", (A1, 1), (PoolFixtures.UnlistedAddress, 312_500_000)), $"a address {A1} @0 1", ["b tag Bet.s @0 0"],
            AttributionConflicts.MinorAddress | AttributionConflicts.AddressAgainstTag);
    }

    [Fact]
    public void A_small_payment_to_a_pool_that_has_its_tag_there_too_is_no_conflict() =>
        Assert.Equal(AttributionConflicts.None, Judge("/Alpha/", (A1, 1), (PoolFixtures.UnlistedAddress, 312_500_000)).Conflicts);

    [Fact]
    public void A_large_payment_to_a_later_pool_is_no_minor_one()
    {
        Assert.Equal(AttributionConflicts.AddressAgainstTag, Judge("/Alpha/", (B1, 50), (PoolFixtures.UnlistedAddress, 49)).Conflicts);
        Assert.Equal(
            AttributionConflicts.AddressAgainstTag | AttributionConflicts.MinorAddress, Judge("/Alpha/", (B1, 50), (PoolFixtures.UnlistedAddress, 50)).Conflicts);
    }

    [Fact]
    public void Outputs_without_value_or_without_an_address_are_no_evidence()
    {
        Assert.Equal("unknown", Judge("", (A1, 0), (PoolFixtures.UnlistedAddress, 5)).Method);
        Assert.Equal("unknown", Attributor.Attribute("x"u8, [new TxOut(50, new byte[] { 0x6a, 0x01, 0x00 }), new TxOut(1, ReadOnlyMemory<byte>.Empty)], 0).Method);
    }

    [Fact]
    public void A_payment_to_a_bare_key_has_no_address()
    {
        // The coinbase of block 1 pays this key, whose address is 12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX.
        var script = Convert.FromHexString(
            "410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac");
        var list = PoolFixtures.List("""{ "slug": "s", "name": "S", "addresses": [{ "text": "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX" }] }""");

        Assert.Equal("unknown", PoolAttributor.Create("mempool/1", list).Attribute("x"u8, [new TxOut(50, script)], 1).Method);
        Assert.Equal("address", PoolAttributor.Create("poolwatch/1", list).Attribute("x"u8, [new TxOut(50, script)], 1).Method);
    }

    [Theory]
    [InlineData("/exact/")]
    [InlineData("/EXACT/")]
    public void Case_never_counts_not_even_where_a_rule_says_so(string scriptSig) =>
        Assert.Equal("b", Judge(scriptSig, (PoolFixtures.UnlistedAddress, 1)).Pool?.Slug);

    [Theory]
    [InlineData(99, null)]
    [InlineData(100, "c")]
    [InlineData(199, "c")]
    [InlineData(200, null)]
    public void Rules_hold_from_their_first_to_their_last_height(int height, string? slug)
    {
        Assert.Equal(slug, Judge("", height, (C1, 1)).Pool?.Slug);
        Assert.Equal(slug, Judge("/dated/", height, (PoolFixtures.UnlistedAddress, 1)).Pool?.Slug);
    }

    [Fact]
    public void Many_hits_are_all_kept()
    {
        var list = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{ "slug": "p{{i}}", "name": "P", "tags": [{ "text": "{{new string('x', i + 1)}}" }] }"""));
        var attribution = PoolAttributor.Create("mempool/1", PoolFixtures.List(list)).Attribute(PoolFixtures.Bytes(new string('x', 100)), [PoolFixtures.Pay(A1, 1)], 0);

        Assert.Equal("p0", attribution.Pool!.Slug);
        Assert.Equal(39, attribution.Others.Count);
        Assert.All(attribution.Others, other => Assert.Equal(0, other.Index));
    }

    [Fact]
    public void A_negative_height_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Judge("", -1));

    [Fact]
    public void It_says_its_name() => Assert.Equal(("mempool/1", true), (Attributor.Algorithm, PoolAttributor.Algorithms.Contains(Attributor.Algorithm)));

    private static IEnumerable<PoolRule> Matching(Attribution attribution) =>
        attribution.Others.Append(attribution.Winner).OfType<Candidate>().Select(candidate => candidate.Rule);

    private static Attribution Judge(string scriptSig, params (string Address, long Value)[] outputs) => Judge(scriptSig, 0, outputs);

    private static Attribution Judge(string scriptSig, int height, params (string Address, long Value)[] outputs) =>
        Attributor.Attribute(PoolFixtures.Bytes(scriptSig), [.. outputs.Select(o => PoolFixtures.Pay(o.Address, o.Value))], height);

    private static void AssertAttribution(Attribution attribution, string winner, string[] others, AttributionConflicts conflicts)
    {
        Assert.Equal(winner, Text(attribution.Winner!));
        Assert.Equal(others, attribution.Others.Select(Text));
        Assert.Equal(conflicts, attribution.Conflicts);
    }

    private static string Text(Candidate candidate) =>
        $"{candidate.Pool} {(candidate.Kind == RuleKind.Tag ? "tag" : "address")} {candidate.Text} @{candidate.Index} {candidate.Value}";
}
