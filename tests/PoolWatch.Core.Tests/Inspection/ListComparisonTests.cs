using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.Core.Tests.Bitcoin;
using PoolWatch.Core.Tests.Pools;
using PoolWatch.Core.Tests.Unknown;

namespace PoolWatch.Core.Tests.Inspection;

public sealed class ListComparisonTests
{
    private const string Acme = """{ "slug": "acme", "name": "Acme", "ids": { "mempool": 1, "bitcoinData": 9 }, "tags": [{ "text": "/Acme/" }] }""";
    private const string Best = """{ "slug": "best", "name": "Best", "ids": { "mempool": 2 }, "tags": [{ "text": "/Best/" }, { "text": "Rest12" }] }""";

    [Fact]
    public void Lists_that_give_the_same_pool_under_other_names_agree()
    {
        var mempool = PoolFixtures.List("""{ "slug": "acmeinc", "name": "ACME Inc.", "ids": { "mempool": 1 }, "tags": [{ "text": "/ACME/" }] }""");
        var bitcoinData = PoolFixtures.List("""{ "slug": "x", "name": "X", "ids": { "bitcoinData": 9 }, "tags": [{ "text": "/Acme" }] }""");

        Assert.Null(Compare(PoolFixtures.List(Acme), mempool, bitcoinData, "/Acme/"));
        Assert.Null(Compare(PoolFixtures.List(Acme), mempool, bitcoinData, "nobody"));
    }

    [Fact]
    public void A_pool_without_an_id_of_ours_is_known_by_its_name() =>
        Assert.Null(Compare(PoolFixtures.List(Acme), List(1, "Acme", "/Acme/"), PoolFixtures.List("""{ "slug": "a", "name": "aCME", "tags": [{ "text": "/Acme/" }] }"""), "/Acme/"));

    [Fact]
    public void A_rule_that_a_list_lacks_is_missing_there()
    {
        var found = Compare(PoolFixtures.List(Acme), List(1, "Acme", "/Acme/"), List(9, "Acme", "other12"), "/Acme/")!;

        Assert.Equal(("acme", "acme", "unknown"), (found.Ours, found.Mempool, found.BitcoinData));
        Assert.Equal([(DifferenceKind.MissingRule, ListName.BitcoinData, "/Acme/", null)], Reasons(found));
    }

    [Fact]
    public void A_pool_that_our_list_does_not_know_stands_under_its_own_name()
    {
        var found = Compare(PoolFixtures.List(Acme), List(77, "Zeta", "/Zeta/"), List(78, "zeta", "/Zeta/"), "/Zeta/")!;

        Assert.Equal(("unknown", "Zeta", "zeta"), (found.Ours, found.Mempool, found.BitcoinData));
        Assert.Equal([(DifferenceKind.MissingRule, ListName.Ours, "/Zeta/", null)], Reasons(found));
    }

    [Fact]
    public void A_rule_of_another_pool_is_named_with_its_owner()
    {
        var found = Compare(PoolFixtures.List($"{Acme}, {Best}"), List(2, "Best", "/Acme/"), List(9, "Acme", "/Acme/"), "/Acme/")!;

        Assert.Equal(("acme", "best", "acme"), (found.Ours, found.Mempool, found.BitcoinData));
        Assert.Equal(
            [(DifferenceKind.OtherOwner, ListName.Mempool, "/Acme/", "best"), (DifferenceKind.OtherOwner, ListName.Ours, "/Acme/", "acme")], Reasons(found));
    }

    [Fact]
    public void Lists_with_the_same_rules_can_differ_by_their_order()
    {
        var mempool = PoolFixtures.List($"{Best}, {Acme}".Replace("\"bitcoinData\": 9", "\"bitcoinData\": 10", StringComparison.Ordinal));

        var found = Compare(PoolFixtures.List($"{Acme}, {Best}"), mempool, PoolFixtures.List(Acme), "/Acme/Rest12")!;

        Assert.Equal(("acme", "best", "acme"), (found.Ours, found.Mempool, found.BitcoinData));
        Assert.Equal([(DifferenceKind.Order, ListName.Mempool, "Rest12", null)], Reasons(found));
    }

    [Fact]
    public void A_rule_for_other_heights_is_missing()
    {
        var mempool = PoolFixtures.List("""{ "slug": "acme", "name": "Acme", "ids": { "mempool": 1 }, "tags": [{ "text": "/Acme/", "to": 5 }] }""");

        Assert.Equal(DifferenceKind.MissingRule, Compare(PoolFixtures.List(Acme), mempool, PoolFixtures.List(Acme), "/Acme/", 6)!.Reasons[0].Kind);
        Assert.Null(Compare(PoolFixtures.List(Acme), mempool, PoolFixtures.List(Acme), "/Acme/", 5));
    }

    [Fact]
    public void The_same_address_in_another_spelling_is_the_same_rule()
    {
        const string Address = "bc1qjl8uwezzlech723lpnyuza0h2cdkvxvh54v3dn";
        var ours = PoolFixtures.List($$"""{ "slug": "a", "name": "A", "addresses": [{ "text": "{{Address}}" }] }""");
        var upper = PoolFixtures.List($$"""{ "slug": "b", "name": "B", "addresses": [{ "text": "{{Address.ToUpperInvariant()}}" }] }""");
        var coinbase = CoinbaseOf("", PoolFixtures.Script(Address));

        Assert.Equal([DifferenceKind.OtherOwner], Comparison(ours, upper, ours).Compare(coinbase, 1)!.Reasons.Select(r => r.Kind).Distinct());
    }

    [Fact]
    public void The_lists_disagree_on_these_real_coinbases()
    {
        var comparison = Comparison(PoolList.LoadBundled(), Bundled(PublicListKind.Mempool), Bundled(PublicListKind.BitcoinData));
        var lines = UnknownFixtures.ReadReal().Select(c => (c.Height, Difference: comparison.Compare(c.Coinbase, c.Height))).Where(c => c.Difference is not null)
            .Select(c => $"{c.Height} ours {c.Difference!.Ours}, mempool {c.Difference.Mempool}, bitcoin-data {c.Difference.BitcoinData}: "
                + string.Join("; ", c.Difference.Reasons.Select(r => $"{r.Kind} {r.List} {r.Rule.Kind} \"{r.Rule.Text}\" {r.Owner}".TrimEnd())))
            .Prepend("# height, the answers of the three lists, why; UPDATE_GOLDEN=1 writes it anew").Append("");
        var text = string.Join('\n', lines);

        var path = PoolFixtures.SourcePath("Golden", "list-differences.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), text);
    }

    private static PoolList Bundled(PublicListKind kind) => PublicPoolList.LoadBundled(kind).ToPoolList().List;

    private static PoolList List(int id, string name, string tag) => PoolFixtures.List(
        $$"""{ "slug": "p", "name": "{{name}}", "ids": { "mempool": {{id}}, "bitcoinData": {{id}} }, "tags": [{ "text": "{{tag}}" }] }""");

    private static ListDifference? Compare(PoolList ours, PoolList mempool, PoolList bitcoinData, string tag, int height = 1000) =>
        Comparison(ours, mempool, bitcoinData).Compare(CoinbaseOf(tag, [0x51]), height);

    private static ListComparison Comparison(params PoolList[] lists)
    {
        var compiled = Array.ConvertAll(lists, list => PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, list));
        return new ListComparison(compiled[0], compiled[1], compiled[2]);
    }

    private static Coinbase CoinbaseOf(string tag, byte[] script) =>
        Coinbase.Decode(BlockBytes.Coinbase(1, [0, 0, .. PoolFixtures.Bytes(tag)], [(50, script)], 0, null));

    private static IEnumerable<(DifferenceKind, ListName, string, string?)> Reasons(ListDifference found) =>
        found.Reasons.Select(r => (r.Kind, r.List, r.Rule.Text, r.Owner));
}
