using System.Text;

namespace PoolWatch.Tests.Support;

/// <summary>Plans of blocks that a label names the pool of: by tag, by address with the subsidy as value, or by both, turn by turn through all rules of the pool.</summary>
public static class LabelledPlans
{
    private static readonly Dictionary<string, Pool> Pools = PoolList.LoadBundled().Pools.ToDictionary(p => p.Slug);

    /// <summary>One plan for each label, for regtest heights from <paramref name="firstHeight"/> on. A label that no list defines gets no trace.</summary>
    public static IReadOnlyList<CoinbasePlan> Of(IEnumerable<SampleLabel> labels, int firstHeight) =>
        [.. labels.Select((label, i) => For(Pools.GetValueOrDefault(label.Pool), firstHeight + i, label.Time))];

    /// <summary>A plan for one block of a pool.</summary>
    public static CoinbasePlan ByTag(string pool, uint time) => new(time, TagOf(Pools[pool], 0));

    private static CoinbasePlan For(Pool? pool, int height, uint time)
    {
        // Rules with a range of heights hold for mainnet's heights, which these are not.
        var addresses = pool?.Addresses.Where(a => a.Covers(height)).ToList() ?? [];
        var tags = pool?.Tags.Where(t => t.Covers(height)).ToList() ?? [];
        var turn = height / 3;
        // Once the subsidy has run out nothing is paid to an address any more.
        var paid = TagMiner.RegtestSubsidy(height) > 0;
        var useTag = tags.Count > 0 && (height % 3 != 0 || addresses.Count == 0 || !paid);
        var useAddress = addresses.Count > 0 && (height % 3 != 1 || tags.Count == 0);
        return new CoinbasePlan(
            time,
            useTag ? Encoding.UTF8.GetBytes(tags[turn % tags.Count].Text) : [],
            useAddress ? [new CoinbaseOutput(TagMiner.RegtestSubsidy(height), ScriptOf(addresses[turn % addresses.Count].Text))] : null);
    }

    public static byte[] ScriptOf(string mainnetAddress) =>
        Address.TryToScript(mainnetAddress, Network.Main, out var script) ? script : throw new ArgumentException(mainnetAddress);

    private static byte[] TagOf(Pool pool, int index) => Encoding.UTF8.GetBytes(pool.Tags[index].Text);
}
