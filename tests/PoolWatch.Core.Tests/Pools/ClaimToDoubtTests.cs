using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Tests.Pools;

/// <summary>A tag of a pool that is always paid at its listed addresses, in a coinbase that does not pay them.</summary>
public sealed class ClaimToDoubtTests
{
    private const string Paid = PoolFixtures.FoundryAddress;
    private const string PaidUntil199 = PoolFixtures.AntPoolAddress;

    private static readonly PoolList List = PoolFixtures.List($$"""
        { "slug": "a", "name": "A", "tags": [{ "text": "/Alpha/" }], "addresses": [{ "text": "{{Paid}}" }, { "text": "{{PaidUntil199}}", "to": 199 }], "paidFrom": 100 },
        { "slug": "b", "name": "B", "tags": [{ "text": "/Betas/" }], "addresses": [{ "text": "1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC" }] }
        """);

    public static TheoryData<string> Algorithms => [.. PoolAttributor.Algorithms];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void It_is_flagged_from_the_height_that_the_list_names(string algorithm)
    {
        Assert.Equal(AttributionConflicts.None, Judge(algorithm, "/Alpha/", 99, (PoolFixtures.UnlistedAddress, 50)).Conflicts);

        var attribution = Judge(algorithm, "/Alpha/", 100, (PoolFixtures.UnlistedAddress, 50));

        Assert.Equal(("a", "tag", AttributionConflicts.ClaimToDoubt), (attribution.Pool?.Slug, attribution.Method, attribution.Conflicts));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void One_satoshi_to_a_listed_address_is_a_payment(string algorithm)
    {
        Assert.False(IsToDoubt(algorithm, "/Alpha/", 100, (Paid, 1), (PoolFixtures.UnlistedAddress, 50)));
        Assert.True(IsToDoubt(algorithm, "/Alpha/", 100, (Paid, 0), (PoolFixtures.UnlistedAddress, 50)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void An_address_counts_only_at_its_heights(string algorithm)
    {
        Assert.False(IsToDoubt(algorithm, "/Alpha/", 199, (PaidUntil199, 50)));
        Assert.True(IsToDoubt(algorithm, "/Alpha/", 200, (PaidUntil199, 50)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_coinbase_that_pays_nobody_does_not_tell(string algorithm)
    {
        Assert.False(IsToDoubt(algorithm, "/Alpha/", 100));
        Assert.False(IsToDoubt(algorithm, "/Alpha/", 100, (PoolFixtures.UnlistedAddress, 0)));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Nothing_is_expected_of_other_pools_or_of_a_tag_that_did_not_decide(string algorithm)
    {
        Assert.False(IsToDoubt(algorithm, "/Betas/", 100, (PoolFixtures.UnlistedAddress, 50)));
        Assert.False(IsToDoubt(algorithm, "", 100, (Paid, 50)));
        Assert.False(IsToDoubt("poolwatch/1", "/Alpha/", 100, ("1CjPR7Z5ZSyWk6WtXvSFgkptmpoi4UM9BC", 50)));
    }

    [Fact]
    public void Its_number_is_stored_and_stays() => Assert.Equal(32, (int)AttributionConflicts.ClaimToDoubt);

    private static bool IsToDoubt(string algorithm, string scriptSig, int height, params (string Address, long Value)[] outputs) =>
        Judge(algorithm, scriptSig, height, outputs).Conflicts.HasFlag(AttributionConflicts.ClaimToDoubt);

    private static Attribution Judge(string algorithm, string scriptSig, int height, params (string Address, long Value)[] outputs) =>
        PoolAttributor.Create(algorithm, List).Attribute(PoolFixtures.Bytes(scriptSig), [.. outputs.Select(o => PoolFixtures.Pay(o.Address, o.Value))], height);
}
