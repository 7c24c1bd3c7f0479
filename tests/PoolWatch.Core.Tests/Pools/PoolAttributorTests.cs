using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

public sealed class PoolAttributorTests
{
    private const string A1 = PoolFixtures.FoundryAddress;
    private const string A2 = "1FFxkVijzvUPUeHgkFjBk2Qw8j3wQY2cDw";
    private const string B1 = PoolFixtures.AntPoolAddress;
    private const string C1 = "1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC";

    private static readonly PoolWatchAttributor Attributor = new(PoolFixtures.List($$"""
        { "slug": "a", "name": "A", "tags": [{ "text": "/Alpha/" }, { "text": "/alpha-two/" }], "addresses": [{ "text": "{{A1}}" }, { "text": "{{A2}}" }] },
        { "slug": "b", "name": "B", "tags": [{ "text": "/Betas/" }, { "text": "Bet" }, { "text": "/Exact/", "exact": true }], "addresses": [{ "text": "{{B1}}" }] },
        { "slug": "c", "name": "C", "tags": [{ "text": "/Alpha/ of C" }, { "text": "🐟" }], "addresses": [{ "text": "{{C1}}", "from": 100, "to": 199 }] },
        { "slug": "d", "name": "D", "tags": [{ "text": "/dated/", "from": 100, "to": 199 }], "addresses": [{ "text": "{{C1}}", "from": 200 }] }
        """));

    [Fact]
    public void Nothing_listed_is_unknown()
    {
        var attribution = Judge("no tag", (PoolFixtures.UnlistedAddress, 50));

        Assert.Null(attribution.Pool);
        Assert.Null(attribution.Winner);
        Assert.Equal("unknown", attribution.Method);
        Assert.Empty(attribution.Others);
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void An_address_beats_a_tag_and_says_so()
    {
        var attribution = Judge("xx/Betas/", (A1, 50));

        AssertWinner(attribution, "a", "address", A1, 0, 50);
        Assert.Equal("b tag /Betas/ @2 0", Text(Assert.Single(attribution.Others, other => other.Text == "/Betas/")));
        Assert.Equal(AttributionConflicts.AddressAgainstTag, attribution.Conflicts);
    }

    [Fact]
    public void Address_and_tag_of_one_pool_are_no_conflict()
    {
        var attribution = Judge("/Alpha/", (A1, 50));

        AssertWinner(attribution, "a", "address", A1, 0, 50);
        Assert.Equal(["a tag /Alpha/ @0 0"], attribution.Others.Select(Text));
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void Exactly_half_is_not_more_than_half()
    {
        Assert.Equal("unknown", Judge("", (A1, 50), (PoolFixtures.UnlistedAddress, 50)).Method);
        Assert.Equal("address", Judge("", (A1, 51), (PoolFixtures.UnlistedAddress, 50)).Method);
    }

    [Fact]
    public void Several_addresses_of_a_pool_and_several_outputs_of_an_address_add_up()
    {
        var attribution = Judge("", (A1, 20), (PoolFixtures.UnlistedAddress, 49), (A2, 15), (A1, 16));

        AssertWinner(attribution, "a", "address", A1, 0, 36);
        Assert.Equal([$"a address {A2} @2 15"], attribution.Others.Select(Text));
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void The_larger_payment_is_the_evidence_and_the_earlier_rule_among_equals()
    {
        AssertWinner(Judge("", (A1, 20), (A2, 30)), "a", "address", A2, 1, 30);
        AssertWinner(Judge("", (A2, 30), (A1, 30)), "a", "address", A1, 1, 30);
    }

    [Theory]
    [InlineData("/Alpha/", "a", "tag")]
    [InlineData("nothing", null, "unknown")]
    public void One_satoshi_buys_no_attribution(string scriptSig, string? slug, string method)
    {
        var attribution = Judge(scriptSig, (B1, 1), (PoolFixtures.UnlistedAddress, 312_500_000));

        Assert.Equal((slug, method), (attribution.Pool?.Slug, attribution.Method));
        Assert.Equal([$"b address {B1} @0 1"], attribution.Others.Select(Text));
        Assert.True(attribution.Conflicts.HasFlag(AttributionConflicts.MinorAddress));
        Assert.Equal(slug is not null, attribution.Conflicts.HasFlag(AttributionConflicts.AddressAgainstTag));
    }

    [Fact]
    public void A_minor_payment_to_the_winner_itself_is_no_conflict()
    {
        var attribution = Judge("/Alpha/", (A1, 1), (PoolFixtures.UnlistedAddress, 9));

        AssertWinner(attribution, "a", "tag", "/Alpha/", 0, 0);
        Assert.Equal([$"a address {A1} @0 1"], attribution.Others.Select(Text));
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void Payments_to_two_pools_are_a_conflict()
    {
        Assert.Equal(AttributionConflicts.AddressAgainstAddress | AttributionConflicts.MinorAddress, Judge("", (A1, 60), (B1, 40)).Conflicts);
        Assert.Equal(AttributionConflicts.AddressAgainstAddress | AttributionConflicts.MinorAddress, Judge("", (A1, 50), (B1, 50)).Conflicts);
        Assert.Equal(
            AttributionConflicts.AddressAgainstAddress | AttributionConflicts.MinorAddress | AttributionConflicts.AddressAgainstTag,
            Judge("/Alpha/", (A1, 50), (B1, 50)).Conflicts);
    }

    [Fact]
    public void Worthless_outputs_are_no_evidence()
    {
        Assert.Equal("unknown", Judge("", (A1, 0)).Method);
        Assert.Empty(Judge("", (A1, 0), (PoolFixtures.UnlistedAddress, 5)).Others);
        AssertWinner(Judge("", (B1, 0), (A1, 5)), "a", "address", A1, 1, 5);
    }

    [Fact]
    public void Value_in_OP_RETURN_and_unknown_scripts_counts_for_nobody()
    {
        TxOut[] outputs = [new(50, new byte[] { 0x6a, 0x01, 0x00 }), PoolFixtures.Pay(A1, 50), new(1, ReadOnlyMemory<byte>.Empty)];

        Assert.Equal("unknown", Attributor.Attribute(PoolFixtures.Bytes("x"), outputs, 0).Method);
    }

    [Fact]
    public void A_payment_to_a_bare_key_counts_as_one_to_its_address()
    {
        // The coinbase of block 1 pays this key, whose address is 12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX.
        var script = Convert.FromHexString(
            "410496b538e853519c726a2c91e61ec11600ae1390813a627c66fb8be7947be63c52da7589379515d4e0a604f8141781e62294721166bf621e73a82cbf2342c858eeac");
        var attributor = new PoolWatchAttributor(PoolFixtures.List(
            """{ "slug": "s", "name": "S", "addresses": [{ "text": "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX" }] }"""));

        var attribution = attributor.Attribute(PoolFixtures.Bytes("x"), [new TxOut(5_000_000_000, script)], 1);

        AssertWinner(attribution, "s", "address", "12c6DSiU4Rq3P4ZxziKxzrL5LmMBrzjrJX", 0, 5_000_000_000);
    }

    [Fact]
    public void Values_are_added_without_overflow()
    {
        Assert.Equal("unknown", Judge("", (A1, long.MaxValue / 2), (PoolFixtures.UnlistedAddress, (long.MaxValue / 2) + 1)).Method);
        Assert.Equal("address", Judge("", (A1, (long.MaxValue / 2) + 1), (PoolFixtures.UnlistedAddress, long.MaxValue / 2)).Method);
        Assert.Throws<OverflowException>(() => Judge("", (A1, long.MaxValue), (PoolFixtures.UnlistedAddress, 1)));
    }

    [Fact]
    public void The_longest_tag_wins_and_what_lies_within_it_is_no_conflict()
    {
        var attribution = Judge("../Alpha/ of C", (PoolFixtures.UnlistedAddress, 1));

        AssertWinner(attribution, "c", "tag", "/Alpha/ of C", 2, 0);
        Assert.Equal(["a tag /Alpha/ @2 0"], attribution.Others.Select(Text));
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void The_shorter_tag_outside_the_longer_one_is_a_conflict()
    {
        var attribution = Judge("/Alpha/ of C/Alpha/", (PoolFixtures.UnlistedAddress, 1));

        AssertWinner(attribution, "c", "tag", "/Alpha/ of C", 0, 0);
        Assert.Equal(["a tag /Alpha/ @0 0"], attribution.Others.Select(Text));
        Assert.Equal(AttributionConflicts.TagAgainstTag, attribution.Conflicts);
    }

    [Fact]
    public void A_tag_within_the_tag_of_the_paid_pool_is_no_conflict_either() =>
        Assert.Equal(AttributionConflicts.None, Judge("/Alpha/ of C", 150, (C1, 1)).Conflicts);

    [Fact]
    public void Of_equally_long_tags_the_earlier_in_the_list_wins_and_it_is_flagged()
    {
        var attribution = Judge("/betas//ALPHA/", (PoolFixtures.UnlistedAddress, 1));

        AssertWinner(attribution, "a", "tag", "/Alpha/", 7, 0);
        Assert.Equal(AttributionConflicts.TagAgainstTag | AttributionConflicts.TagTie, attribution.Conflicts);
    }

    [Fact]
    public void Two_tags_of_one_pool_are_no_conflict()
    {
        var attribution = Judge("/Alpha//alpha-two/", (PoolFixtures.UnlistedAddress, 1));

        AssertWinner(attribution, "a", "tag", "/alpha-two/", 7, 0);
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Theory]
    [InlineData("/ALPHA/", "a")]
    [InlineData("Bet", "b")]
    [InlineData("BET", null)]
    [InlineData("bet", null)]
    [InlineData("/Exact/", "b")]
    [InlineData("/exact/", null)]
    [InlineData("🐟", "c")]
    [InlineData("/Alpha", null)]
    public void Case_counts_only_in_short_and_exact_tags(string scriptSig, string? slug) =>
        Assert.Equal(slug, Judge(scriptSig, (PoolFixtures.UnlistedAddress, 1)).Pool?.Slug);

    [Fact]
    public void An_exact_tag_is_found_behind_one_in_other_case() =>
        AssertWinner(Judge("/exact//Exact/", (PoolFixtures.UnlistedAddress, 1)), "b", "tag", "/Exact/", 7, 0);

    [Theory]
    [InlineData(99, null, null)]
    [InlineData(100, "c", "d")]
    [InlineData(199, "c", "d")]
    [InlineData(200, "d", null)]
    public void Rules_hold_from_their_first_to_their_last_height(int height, string? byAddress, string? byTag)
    {
        Assert.Equal(byAddress, Judge("", height, (C1, 1)).Pool?.Slug);
        Assert.Equal(byTag, Judge("/dated/", height, (PoolFixtures.UnlistedAddress, 1)).Pool?.Slug);
    }

    [Fact]
    public void Others_come_by_place_addresses_first()
    {
        var attribution = Judge("Bet /Betas/ /Alpha/", (B1, 1), (PoolFixtures.UnlistedAddress, 50), (A1, 60), (A2, 2));

        Assert.Equal(
            [$"b address {B1} @0 1", $"a address {A2} @3 2", "b tag Bet @0 0", "b tag /Betas/ @4 0", "a tag /Alpha/ @12 0"],
            attribution.Others.Select(Text));
    }

    [Fact]
    public void Many_hits_are_all_kept()
    {
        var list = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{ "slug": "p{{i}}", "name": "P", "tags": [{ "text": "{{new string('x', i + 1)}}" }] }"""));
        var attribution = new PoolWatchAttributor(PoolFixtures.List(list))
            .Attribute(PoolFixtures.Bytes(new string('x', 100)), [PoolFixtures.Pay(A1, 1)], 0);

        Assert.Equal("p39", attribution.Pool!.Slug);
        Assert.Equal(39, attribution.Others.Count);
        Assert.Equal(AttributionConflicts.None, attribution.Conflicts);
    }

    [Fact]
    public void A_list_without_rules_leaves_all_unknown() =>
        Assert.Equal("unknown", new PoolWatchAttributor(PoolFixtures.List("")).Attribute("x"u8, [PoolFixtures.Pay(A1, 1)], 0).Method);

    [Fact]
    public void A_negative_height_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Judge("", -1));

    private static Attribution Judge(string scriptSig, params (string Address, long Value)[] outputs) => Judge(scriptSig, 0, outputs);

    private static Attribution Judge(string scriptSig, int height, params (string Address, long Value)[] outputs) =>
        Attributor.Attribute(PoolFixtures.Bytes(scriptSig), [.. outputs.Select(o => PoolFixtures.Pay(o.Address, o.Value))], height);

    private static string Text(Candidate candidate) =>
        $"{candidate.Pool} {(candidate.Kind == RuleKind.Tag ? "tag" : "address")} {candidate.Text} @{candidate.Index} {candidate.Value}";

    private static void AssertWinner(Attribution attribution, string slug, string method, string text, int index, long value) =>
        Assert.Equal((slug, method, $"{slug} {method} {text} @{index} {value}"), (attribution.Pool?.Slug, attribution.Method, Text(attribution.Winner!)));
}
