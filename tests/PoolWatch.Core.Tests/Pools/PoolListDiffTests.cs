using CsCheck;
using PoolWatch.Core.Pools;
using PoolWatch.Core.Pools.Diff;
using PoolWatch.Core.Pools.PublicLists;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>What changed between two lists, and which changes look as if one pool took another's place.</summary>
public sealed class PoolListDiffTests
{
    private const string Alpha = """{ "slug": "alpha", "name": "Alpha", "ids": { "mempool": 1 }, "tags": [{ "text": "/Alpha/" }] }""";
    private const string Beta = """{ "slug": "beta", "name": "Beta", "ids": { "mempool": 2 }, "tags": [{ "text": "/Beta/" }] }""";

    /// <summary>mempool/mining-pools on 2023-12-02: id 141 was overwritten with OCEAN, name, tag and address.</summary>
    [Fact]
    public void An_id_that_is_given_to_another_pool_is_a_replacement_and_no_rename()
    {
        var diff = Diff(
            """{ "slug": "secpool", "name": "SECPOOL", "ids": { "mempool": 141 }, "tags": [{ "text": "SecPool" }, { "text": "SECPOOL" }] }""",
            """{ "slug": "ocean", "name": "OCEAN", "ids": { "mempool": 141 }, "tags": [{ "text": "OCEAN.XYZ" }], "addresses": [{ "text": "37dvwZZoT3D7RXpTCpN2yKzMmNs2i2Fd1n" }] }""");

        var problem = Assert.Single(diff.IdentityProblems);
        Assert.Equal(("replaced", IdentitySeverity.Error), (problem.Name, problem.Severity));
        Assert.Equal("mempool id 141 was SECPOOL (secpool) and is OCEAN (ocean), and no tag or address is common to both.", problem.Message);
        Assert.True(diff.ChangesIdentity);
        Assert.Empty(diff.Renames);
        Assert.Equal("ocean", Assert.Single(diff.Added).Slug);
        Assert.Equal("secpool", Assert.Single(diff.Removed).Slug);
    }

    /// <summary>SlushPool became Braiins Pool in 2022 and kept id, tag and addresses.</summary>
    [Fact]
    public void A_pool_with_its_id_and_a_rule_under_another_slug_is_renamed()
    {
        var diff = Diff(
            Alpha + """, { "slug": "slushpool", "name": "SlushPool", "ids": { "mempool": 43, "bitcoinData": 119 }, "tags": [{ "text": "/slush/" }] }""",
            Alpha + """, { "slug": "braiinspool", "name": "Braiins Pool", "ids": { "mempool": 43, "bitcoinData": 119 }, "tags": [{ "text": "/slush/" }, { "text": "/Braiins/" }] }""");

        Assert.Equal([new PoolRename("slushpool", "braiinspool")], diff.Renames);
        Assert.Equal(("renamed", IdentitySeverity.Notice), Assert.Single(diff.IdentityProblems.Select(problem => (problem.Name, problem.Severity))));
        Assert.False(diff.ChangesIdentity);
        Assert.Empty(diff.Added);
        Assert.Empty(diff.Removed);
        Assert.Equal("SlushPool", Assert.Single(diff.Details).From.Name);
        Assert.Equal(["Added /Braiins/ - braiinspool"], Lines(diff));
    }

    [Theory]
    [InlineData("/F2Pool/", "F2Pool")]
    [InlineData("/Binance/", "binance/")]
    [InlineData("SpiderPool", "/spiderpool/")]
    public void A_tag_in_another_frame_or_case_leaves_the_pool_what_it_is(string before, string after)
    {
        var diff = Diff($$"""{ "slug": "a", "name": "A", "tags": [{ "text": "{{before}}" }] }""", $$"""{ "slug": "a", "name": "A", "tags": [{ "text": "{{after}}" }] }""");

        Assert.Empty(diff.IdentityProblems);
        Assert.Equal([$"Added {after} - a", $"Removed {before} a -"], Lines(diff));
    }

    /// <summary>Each pool: slug, ids of mempool's list with +, tags.</summary>
    [Theory]
    [InlineData("a 1 /alpha/", "a 1 /other/", "replaced a a")]
    [InlineData("a - /alpha/", "a - /other/", "replaced a a")]
    [InlineData("a 1 /alpha/; b 2 /beta/", "a 2 /alpha/; b 1 /beta/", "ids-swapped a b")]
    [InlineData("a 1 /alpha/; b 2 /beta/", "a - /alpha/; b 1+2 /beta/", "id-moved a b")]
    [InlineData("a 1 /alpha/", "a 2 /alpha/; b 1 /beta/", "replaced a b")]
    [InlineData("a 1 /alpha/ /more/", "a - /alpha/; b 1 /more/", "id-moved a b")]
    [InlineData("a 1+2 /alpha/ /more/", "a 1 /alpha/; b 2 /more/", "split a b")]
    [InlineData("a 1+2 /alpha/", "a 1 /alpha/; b 2 /beta/", "replaced a b")]
    [InlineData("a 1 /alpha/; b 2 /beta/", "b 1 /alpha/", "slug-taken a b")]
    [InlineData("a 1 /alpha/; b 2 /beta/", "b 1+2 /beta/ /alpha/", "merged a b")]
    [InlineData("a 1 /alpha/; b 2 /beta/", "b 1+2 /beta/", "id-moved a b")]
    [InlineData("a 1 /alpha/; b 2 /beta/", "a 1 /beta/; b 2 /alpha/", "replaced a a, replaced b b")]
    [InlineData("a 1+2 /alpha/", "b 1 /alpha/; c 2 /alpha/pool", "renamed a b, replaced a c")]
    [InlineData("a 1 /alpha/", "b 1 /ALPHA/", "renamed a b")]
    [InlineData("a - /alpha/ /x1x/", "b 7 /alpha/", "renamed a b")]
    [InlineData("a 6 /alpha/", "b 7 /alpha/", "")]
    [InlineData("a - /alpha/ /x1x/ /x2x/", "b - /alpha/", "")]
    [InlineData("a 1 /alpha/", "a 1", "")]
    [InlineData("a 1 /alpha/", "b 2 /beta/", "")]
    [InlineData("a 1 /alpha/", "a 9 /alpha/", "")]
    [InlineData("a 1", "b 1 /beta/", "renamed a b")]
    [InlineData("a 1 /alpha/", "b 1", "replaced a b")]
    public void Each_way_to_change_identity_is_told_apart(string from, string to, string expected)
    {
        var diff = PoolListDiff.Between(Brief(from), Brief(to));

        Assert.Equal(expected, string.Join(", ", diff.IdentityProblems.Select(problem => $"{problem.Name} {problem.From.Slug} {problem.To.Slug}")));
        Assert.Equal(diff.IdentityProblems.Where(problem => problem.Kind == IdentityKind.Renamed).Select(problem => new PoolRename(problem.From.Slug, problem.To.Slug)), diff.Renames);
    }

    [Fact]
    public void Rules_that_came_went_moved_or_changed_are_listed_in_the_order_of_the_lists()
    {
        var diff = Diff(
            $$"""
            { "slug": "a", "name": "A", "tags": [{ "text": "/stays/", "note": "old" }, { "text": "/goes/" }, { "text": "/moves/" }, { "text": "/dated/" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "to": 5 }] },
            { "slug": "b", "name": "B", "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "from": 6 }] }
            """,
            $$"""
            { "slug": "a", "name": "A", "tags": [{ "text": "/stays/", "note": "new" }, { "text": "/dated/", "to": 9 }] },
            { "slug": "b", "name": "B", "tags": [{ "text": "/moves/" }, { "text": "/new/" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}", "from": 6 }] }
            """);

        Assert.Equal(["Changed /dated/ a a", "Moved /moves/ a b", "Added /new/ - b", "Removed /goes/ a -", $"Removed {PoolFixtures.FoundryAddress} a -"], Lines(diff));
        Assert.Equal((null, 9), (diff.RuleChanges[0].Before?.To, diff.RuleChanges[0].After?.To));
    }

    [Fact]
    public void Order_and_details_are_changes_too()
    {
        Assert.True(Diff($"{Alpha}, {Beta}", $"{Beta}, {Alpha}").OrderChanged);
        Assert.False(Diff($"{Alpha}, {Beta}", Beta).OrderChanged);
        Assert.False(Diff(Beta, $"{Alpha}, {Beta}").OrderChanged);
    }

    [Fact]
    public void Every_field_that_differs_is_told_with_what_it_was_and_is()
    {
        var diff = Diff(
            $$"""{ "slug": "a", "name": "A", "link": "https://a.example", "ids": { "mempool": 1, "bitcoinData": 2 }, "tags": [{ "text": "/a/" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}" }], "paidFrom": 5, "note": "old" }""",
            $$"""{ "slug": "a", "name": "Alpha", "ids": { "mempool": [1, 7] }, "tags": [{ "text": "/a/" }], "addresses": [{ "text": "{{PoolFixtures.FoundryAddress}}" }], "paidFrom": 6, "note": "new" }""");

        Assert.Equal(
            [("name", "A", "Alpha"), ("link", "https://a.example", null), ("ids.mempool", "1", "1, 7"), ("ids.bitcoinData", "2", null), ("paidFrom", "5", "6"), ("note", "old", "new")],
            diff.Details.Select(detail => (detail.Field, detail.Before, detail.After)));
        Assert.All(diff.Details, detail => Assert.Equal(("a", "a"), (detail.From.Slug, detail.To.Slug)));
        Assert.False(diff.IsEmpty);
        Assert.Empty(diff.IdentityProblems);
    }

    [Fact]
    public void Two_pools_that_exchange_their_names_are_refused()
    {
        var diff = Diff(
            """{ "slug": "a", "name": "Alpha", "tags": [{ "text": "/a/" }] }, { "slug": "b", "name": "Beta", "tags": [{ "text": "/b/" }] }""",
            """{ "slug": "a", "name": "beta", "tags": [{ "text": "/a/" }] }, { "slug": "b", "name": "Alpha", "tags": [{ "text": "/b/" }] }""");

        Assert.Equal(["name-taken", "name-taken"], diff.IdentityProblems.Select(problem => problem.Name));
        Assert.Equal("Alpha (a) is called beta now, as b was.", diff.IdentityProblems[0].Message);
        Assert.True(diff.ChangesIdentity);
    }

    [Fact]
    public void The_name_of_a_pool_that_is_gone_is_free()
    {
        var diff = Diff(
            """{ "slug": "a", "name": "Alpha", "tags": [{ "text": "/a/" }] }, { "slug": "b", "name": "Beta", "tags": [{ "text": "/b/" }] }""",
            """{ "slug": "a", "name": "Beta", "tags": [{ "text": "/a/" }] }""");

        Assert.Empty(diff.IdentityProblems);
    }

    /// <summary>Whoever comes from our list to mempool's, which it was made from, should not be stopped by what was merged on purpose.</summary>
    [Fact]
    public void Mempools_list_is_the_bundled_one_without_what_was_merged()
    {
        var diff = PoolListDiff.Between(PoolList.LoadBundled(), PublicPoolList.LoadBundled(PublicListKind.Mempool).ToPoolList().List);

        Assert.Equal(["split bitcoinindia bitcoinindia135", "split tigerpoolnet tiger"], diff.IdentityProblems.Select(p => $"{p.Name} {p.From.Slug} {p.To.Slug}").Order(StringComparer.Ordinal));
        Assert.Equal(7, diff.Removed.Count);
    }

    [Fact]
    public void A_list_does_not_differ_from_itself()
    {
        var diff = PoolListDiff.Between(PoolList.LoadBundled(), PoolList.LoadBundled());

        Assert.True(diff.IsEmpty);
        Assert.Empty(diff.IdentityProblems);
    }

    /// <summary>Whatever is done to a list: its rules and the changes give the rules of the other.</summary>
    [Fact]
    public void The_changes_lead_from_one_list_to_the_other()
    {
        var genPool = Gen.Select(Gen.Int[1, 6], Gen.Int[0, 6], Gen.Int[0, 255], (slug, id, tags) => (Slug: slug, Id: id, Tags: tags));
        var genList = genPool.Array[0, 6].Select(pools => List(pools));
        Gen.Select(genList, genList).Sample((from, to) =>
        {
            var diff = PoolListDiff.Between(from, to);

            var renames = diff.Renames.ToDictionary(rename => rename.OldSlug, rename => rename.NewSlug);
            var rules = Rules(from).Select(rule => (Slug: renames.GetValueOrDefault(rule.Slug, rule.Slug), rule.Text)).ToList();
            foreach (var change in diff.RuleChanges)
            {
                Assert.True(change.From is null || rules.Remove((renames.GetValueOrDefault(change.From.Slug, change.From.Slug), change.Rule.Text)));
                rules.AddRange(change.To is null ? [] : [(change.To.Slug, change.Rule.Text)]);
            }

            Assert.Equal(Rules(to).Order(), rules.Order());
            var slugs = from.Pools.Except(diff.Removed).Select(pool => renames.GetValueOrDefault(pool.Slug, pool.Slug)).Concat(diff.Added.Select(pool => pool.Slug));
            Assert.Equal(to.Pools.Select(pool => pool.Slug).Order(), slugs.Order());
            Assert.Equal(from.Version == to.Version, diff.IsEmpty);
        });

        static PoolList List((int Slug, int Id, int Tags)[] pools)
        {
            var left = 255;
            return PoolFixtures.List(string.Join(",", pools.DistinctBy(pool => pool.Slug).DistinctBy(pool => pool.Id == 0 ? pool.Slug + 10 : pool.Id).Select(pool =>
            {
                var mine = pool.Tags & left;
                left &= ~mine;
                var tags = string.Join(",", Enumerable.Range(0, 8).Where(bit => (mine >> bit & 1) == 1).Select(bit => $$"""{ "text": "/tag {{bit}}/" }"""));
                return $$"""{ "slug": "p{{pool.Slug}}", "name": "p{{pool.Slug}}", {{(pool.Id == 0 ? "" : $$"""
                    "ids": { "mempool": {{pool.Id}} },
                    """)}} "tags": [{{tags}}] }""";
            })));
        }
    }

    [Fact]
    public void Long_lists_are_compared_in_a_moment()
    {
        var from = PoolFixtures.List(string.Join(",", Enumerable.Range(1, 3000).Select(i => $$"""{ "slug": "a{{i}}", "name": "A", "ids": { "mempool": {{i}} }, "tags": [{ "text": "/from {{i}}/" }] }""")));
        var to = PoolFixtures.List(string.Join(",", Enumerable.Range(1, 3000).Select(i => $$"""{ "slug": "b{{i}}", "name": "B", "ids": { "mempool": {{i}} }, "tags": [{ "text": "/to {{i}}/" }] }""")));
        var start = TimeProvider.System.GetTimestamp();

        Assert.Equal(3000, PoolListDiff.Between(from, to).IdentityProblems.Count);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 2);
    }

    private static PoolListDiff Diff(string from, string to) => PoolListDiff.Between(PoolFixtures.List(from), PoolFixtures.List(to));

    private static PoolList Brief(string pools) => PoolFixtures.List(string.Join(",", pools.Split("; ").Select(pool =>
    {
        var parts = pool.Split(' ');
        var ids = parts[1] == "-" ? "" : $$"""
            "ids": { "mempool": [{{parts[1].Replace('+', ',')}}] },
            """;
        return $$"""{ "slug": "{{parts[0]}}", "name": "{{parts[0]}}", {{ids}} "tags": [{{string.Join(",", parts[2..].Select(tag => $$"""{ "text": "{{tag}}" }"""))}}] }""";
    })));

    private static IEnumerable<string> Lines(PoolListDiff diff) =>
        diff.RuleChanges.Select(change => $"{change.Kind} {change.Rule.Text} {change.From?.Slug ?? "-"} {change.To?.Slug ?? "-"}");

    private static IEnumerable<(string Slug, string Text)> Rules(PoolList list) => list.Pools.SelectMany(pool => pool.Tags.Concat(pool.Addresses).Select(rule => (pool.Slug, rule.Text)));
}
