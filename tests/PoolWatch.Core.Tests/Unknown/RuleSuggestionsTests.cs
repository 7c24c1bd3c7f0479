using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Unknown;
using static PoolWatch.Core.Tests.Unknown.UnknownFixtures;

namespace PoolWatch.Core.Tests.Unknown;

public sealed class RuleSuggestionsTests
{
    private static readonly UnknownBlock[] Acme = [Block(1000, "/Acme One/", 1), Block(1001, "/Acme One/\x01", 2), Block(1002, "/Acme One/", 2)];

    [Fact]
    public void An_entry_attributes_every_block_that_it_was_made_of()
    {
        var pool = Suggest(Acme)!;
        var list = PoolList.Parse(System.Text.Encoding.UTF8.GetBytes($$"""{ "format": "poolwatch-pool-list/1", "pools": [ {{PoolList.EntryToJson(pool)}} ] }"""));

        var attributor = PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, list);

        Assert.All(Acme, b => Assert.Equal(pool.Slug, attributor.Attribute(b.Traces.ScriptSig.Span, [new TxOut(1, b.Traces.Payouts[0].Script)], b.Height).Pool?.Slug));
        Assert.Equal(["/Acme One/"], pool.Tags.Select(t => t.Text));
        Assert.Equal([AddressOf(2), AddressOf(1)], pool.Addresses.Select(a => a.Text));
        Assert.Equal(pool.Slug, $"unknown{pool.Name["Unknown ".Length..]}");
    }

    [Fact]
    public void A_text_that_stands_in_an_attributed_block_is_no_rule()
    {
        var pool = Suggest(Acme, Block(500, "by ACME ONE", 50), Block(501, "x/acme one/x", 51))!;

        Assert.Empty(pool.Tags);
        Assert.Equal(2, pool.Addresses.Count);
    }

    [Fact]
    public void An_address_that_an_attributed_block_paid_most_is_no_rule() =>
        Assert.Equal([AddressOf(1)], Suggest(Acme, Block(500, "", 2))!.Addresses.Select(a => a.Text));

    [Fact]
    public void A_small_payment_of_an_attributed_block_spoils_no_rule() =>
        Assert.Equal(2, Suggest(Acme, Block(500, "", Paying(50), Paying(2, Subsidy / 3)))!.Addresses.Count);

    [Fact]
    public void There_is_no_entry_where_no_rule_is_safe()
    {
        Assert.Null(Suggest(Acme, Block(500, "/Acme One/", 1), Block(501, "", 2)));
        Assert.Null(Suggest([.. Enumerable.Range(0, 4).Select(i => Block(1000 + i, $"://{Uuid(i)}", new TxOut(1, new byte[] { 0x51 })))]));
    }

    [Fact]
    public void An_address_that_gets_no_majority_is_no_rule() =>
        Assert.Empty(Suggest([Block(1000, "/Acme One/", Paying(1, 50), Paying(2, 50)), Block(1001, "/Acme One/", Paying(1, 50), Paying(2, 50))])!.Addresses);

    [Fact]
    public void Only_the_largest_candidates_get_a_suggestion()
    {
        var clusters = UnknownClusters.Find([.. Enumerable.Range(0, 2 * RuleSuggestions.MaxClusters + 20).Select(i => Block(1000 + i, "", i / 2))]);
        var suggestions = new RuleSuggestions(clusters);

        Assert.NotNull(suggestions.For(clusters[RuleSuggestions.MaxClusters - 1]));
        Assert.Null(suggestions.For(clusters[RuleSuggestions.MaxClusters]));
    }

    private static Pool? Suggest(UnknownBlock[] unknown, params UnknownBlock[] attributed)
    {
        var clusters = UnknownClusters.Find(unknown);
        var suggestions = new RuleSuggestions(clusters);
        foreach (var block in attributed)
        {
            suggestions.Check(block.Traces);
        }

        return suggestions.For(Assert.Single(clusters));
    }

    private static string AddressOf(int payee) => Address.FromScript(ScriptOf(payee), Network.Main)!;
}
