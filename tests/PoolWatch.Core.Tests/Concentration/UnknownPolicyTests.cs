using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class UnknownPolicyTests
{
    // 30 of 100 blocks unknown, six named pools: read as one entity they double the HHI; left out of the squares, or out of the total
    // as well, it comes out at less than half or about the same.
    private static readonly int[] Named = [14, 13, 12, 11, 10, 10];
    private static readonly ShareDistribution ThirtyUnknown =
        ShareDistribution.FromCounts(Named.Select(static (blocks, i) => new EntityBlocks(i, blocks)), unknown: 30);

    [Fact]
    public void Hhi_of_thirty_percent_unknown_depends_on_the_policy()
    {
        Assert.Equal(0.1730, ConcentrationMeasures.Hhi([.. Named, 30]));
        Assert.Equal(0.1694, ConcentrationMeasures.Hhi(Named)!.Value, 0.00005);
        Assert.Equal(0.0830, ThirtyUnknown.Hhi(UnknownPolicy.Excluded));
        Assert.Equal(0.0860, ThirtyUnknown.Hhi(UnknownPolicy.Separate));
        Assert.Equal(0.2570, ThirtyUnknown.Hhi(UnknownPolicy.Largest));
    }

    [Fact]
    public void Nakamoto_of_thirty_percent_unknown_depends_on_the_policy()
    {
        // Separate: 14 + 13 + 12 + 11 is exactly half, so a fifth is needed. Largest: 44 + 13.
        Assert.Equal(5, ThirtyUnknown.Nakamoto(UnknownPolicy.Separate, Threshold.Half));
        Assert.Equal(2, ThirtyUnknown.Nakamoto(UnknownPolicy.Largest, Threshold.Half));
    }

    [Fact]
    public void Majority_that_the_known_pools_do_not_reach_takes_unknown_miners_one_by_one()
    {
        var mostlyUnknown = ShareDistribution.FromCounts([new(1, 10), new(2, 5)], unknown: 85);
        Assert.Equal(2 + 36, mostlyUnknown.Nakamoto(UnknownPolicy.Separate, Threshold.Half));
        Assert.Equal(1, mostlyUnknown.Nakamoto(UnknownPolicy.Largest, Threshold.Half));
    }

    [Fact]
    public void Without_a_known_pool_the_largest_is_one_entity_that_holds_all()
    {
        var allUnknown = ShareDistribution.FromCounts([], unknown: 4);
        Assert.Equal(1, allUnknown.Hhi(UnknownPolicy.Largest));
        Assert.Equal(0.25, allUnknown.Hhi(UnknownPolicy.Separate));
        Assert.Equal(0, allUnknown.Hhi(UnknownPolicy.Excluded));
        Assert.Equal(1, allUnknown.Nakamoto(UnknownPolicy.Largest, Threshold.TwoThirds));
        Assert.Equal(3, allUnknown.Nakamoto(UnknownPolicy.Separate, Threshold.Half));
    }

    [Fact]
    public void Nothing_is_defined_without_a_block()
    {
        var nothing = ShareDistribution.Of([]);
        Assert.All(Enum.GetValues<UnknownPolicy>(), policy => Assert.Null(nothing.Hhi(policy)));
        Assert.Null(nothing.Nakamoto(UnknownPolicy.Separate, Threshold.Half));
        Assert.Null(nothing.Nakamoto(UnknownPolicy.Largest, Threshold.Half));
    }

    [Fact]
    public void Nakamoto_without_the_unknown_blocks_is_not_offered()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ThirtyUnknown.Nakamoto(UnknownPolicy.Excluded, Threshold.Half));
        Assert.Throws<ArgumentOutOfRangeException>(() => ThirtyUnknown.Hhi((UnknownPolicy)3));
    }

    [Fact]
    public void Separate_and_largest_bound_every_way_to_hand_out_the_unknown_blocks() =>
        Gen.Select(Gen.Int[1, 20].Array[0, 8], Gen.Int[0, 11].Array[1, 30]).Sample((known, owners) =>
        {
            // Owners beyond the known entities are new ones.
            var counts = new int[Math.Max(known.Length, 12)];
            known.CopyTo(counts, 0);
            foreach (var owner in owners)
            {
                counts[owner]++;
            }

            var distribution = ShareDistribution.FromCounts(known.Select(static (blocks, i) => new EntityBlocks(i, blocks)), owners.Length);
            var hhi = ConcentrationMeasures.Hhi(counts)!.Value;
            Assert.True(distribution.Hhi(UnknownPolicy.Excluded) <= distribution.Hhi(UnknownPolicy.Separate));
            Assert.InRange(hhi, distribution.Hhi(UnknownPolicy.Separate)!.Value, distribution.Hhi(UnknownPolicy.Largest)!.Value);
            Assert.InRange(
                ConcentrationMeasures.Nakamoto(counts, Threshold.Half)!.Value,
                distribution.Nakamoto(UnknownPolicy.Largest, Threshold.Half)!.Value,
                distribution.Nakamoto(UnknownPolicy.Separate, Threshold.Half)!.Value);
        });
}
