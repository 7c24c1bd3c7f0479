using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PoolWatch.ReadModel;
using PoolWatch.Telemetry;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Telemetry;

/// <summary>The page of the sample chain, as if pools had lost blocks.</summary>
[Collection(SampleCollection.Name)]
public sealed class StaleSeriesTests(SampleService sample)
{
    private const string Name = "poolwatch_stale_blocks";

    [Fact]
    public async Task Beyond_the_hundred_with_most_stale_blocks_pools_share_a_series()
    {
        var pools = Present.Pools.Values.OrderBy(p => p.Slug, StringComparer.Ordinal).ToList();
        Assert.True(pools.Count > 130, "The list is too short for this test.");

        // Every pool has one, and each third two more.
        var stale = pools.Select((p, i) => (p.Id, Blocks: i % 3 == 0 ? 3 : 1)).ToDictionary(p => p.Id, p => p.Blocks);
        var page = await PageAsync(stale.Append(KeyValuePair.Create(ChainView.UnknownPool, 7)).ToDictionary());

        Assert.Equal(102, page.Of(Name).Count());
        Assert.Equal(7, page.Value(Name, "pool=unknown"));
        Assert.All(pools.Where((_, i) => i % 3 == 0), p => Assert.Equal(3, page.Value(Name, $"pool={p.Slug}")));
        var ones = pools.Where((_, i) => i % 3 != 0).ToList();
        var own = 100 - (pools.Count - ones.Count);
        Assert.All(ones.Take(own), p => Assert.Equal(1, page.Value(Name, $"pool={p.Slug}")));
        Assert.Equal(ones.Count - own, page.Value(Name, "pool=_rest"));
        Assert.Equal(stale.Values.Sum() + 7, page.Of(Name).Sum(s => s.Value));
    }

    [Fact]
    public async Task A_hundred_pools_all_have_their_own()
    {
        var stale = Present.Pools.Values.Take(100).ToDictionary(p => p.Id, _ => 1);
        var page = await PageAsync(stale);
        Assert.Equal(stale.Keys.Select(id => Present.Pools[id].Slug).Order(StringComparer.Ordinal), page.Of(Name).Select(s => s.Labels.Single().Value).Order(StringComparer.Ordinal));
    }

    private Snapshot Present => sample.Service.Services.GetRequiredService<CurrentSnapshot>().Value!;

    private async Task<MetricsPage> PageAsync(IReadOnlyDictionary<ushort, int> stale)
    {
        var now = Present;
        var snapshot = new Snapshot
        {
            Stored = now.Stored,
            Algorithm = now.Algorithm,
            List = now.List,
            ListSince = default,
            Chain = now.Chain,
            Pools = now.Pools,
            FormerNames = now.FormerNames,
            StaleBlocks = stale,
            Windows = now.Windows,
            Layers = now.Layers,
            Inspection = now.Inspection,
        };
        return new MetricsPage(Encoding.UTF8.GetString((await ConcentrationPage.WriteAsync(snapshot, "sample", TestContext.Current.CancellationToken)).Span));
    }
}
