using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>However the node changes its mind, the end is that of a fresh run, and what became stale is kept with its pool.</summary>
public sealed class ReorgTests(TestPostgres postgres)
{
    private const uint Time = 1_700_000_000;
    private const int Height = 320;

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(300)]
    public async Task A_longer_branch_replaces_the_old_one(int depth)
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("foundryusa", 1, Height));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(old[^1].Hash);

        var branch = await TagMiner.MineAsync(node, Plans("antpool", Height - depth + 1, depth + 1), old[^(depth + 1)]);
        await service.WaitForTipAsync(branch[^1].Hash);

        await FreshRun.AssertSameAsync(postgres, node, database, branch[^1].Hash);
        await AssertStaleAsync(database, service, old.TakeLast(depth), "foundryusa");
        await AssertMetricsAsync(service, reorgs: 1, depth, "foundryusa");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(300)]
    public async Task An_invalidated_branch_gives_way_even_to_a_shorter_one(int depth)
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("foundryusa", 1, Height));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(old[^1].Hash);

        // Alone, this only takes blocks away: the node is behind, and what is stored stands.
        await node.CallAsync("invalidateblock", old[^depth].Hash);
        var behind = await service.WaitAsync(s => s.GetProperty("problem").GetString() == "node_behind");
        Assert.Equal(old[^1].Hash, behind.GetProperty("chain").GetProperty("hash").GetString());
        var branch = await TagMiner.MineAsync(node, Plans("antpool", Height - depth + 1, 1));
        await service.WaitForTipAsync(branch[^1].Hash);

        await FreshRun.AssertSameAsync(postgres, node, database, branch[^1].Hash);
        await AssertStaleAsync(database, service, old.TakeLast(depth), "foundryusa");
    }

    [Fact]
    public async Task A_branch_that_comes_back_is_active_again()
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("foundryusa", 1, 20));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(old[^1].Hash);

        var branch = await TagMiner.MineAsync(node, Plans("antpool", 16, 6), old[14]);
        await service.WaitForTipAsync(branch[^1].Hash);
        var back = await TagMiner.MineAsync(node, Plans("f2pool", 21, 2), old[^1]);
        await service.WaitForTipAsync(back[^1].Hash);

        await FreshRun.AssertSameAsync(postgres, node, database, back[^1].Hash);
        await AssertStaleAsync(database, service, branch, "antpool");
    }

    [Fact]
    public async Task Another_tip_at_the_same_height_is_followed()
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("foundryusa", 1, 20));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(old[^1].Hash);

        await node.CallAsync("invalidateblock", old[^1].Hash);
        var other = await TagMiner.MineAsync(node, Plans("viabtc", 20, 1));
        await service.WaitForTipAsync(other[0].Hash);

        await FreshRun.AssertSameAsync(postgres, node, database, other[0].Hash);
        var stale = await service.GetAsync($"/v1/blocks/{old[^1].Hash}");
        Assert.False(stale.GetProperty("active").GetBoolean());
        Assert.Equal("foundryusa", stale.GetProperty("pool").GetProperty("slug").GetString());
    }

    private static IReadOnlyList<CoinbasePlan> Plans(string pool, int firstHeight, int count) =>
        [.. Enumerable.Range(firstHeight, count).Select(h => LabelledPlans.ByTag(pool, Time + (uint)(600 * h)))];

    private static async Task AssertStaleAsync(string database, RunningService service, IEnumerable<MinedBlock> blocks, string pool)
    {
        var expected = blocks.Select(b => $"({b.Height},\"\\\\x{ByteOrder.Reversed(b.Hash)}\",{pool})");
        Assert.Equal(expected, await StoredState.ReadStaleAsync(database));
        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"poolwatch_stale_blocks{{pool=\"{pool}\"}} {blocks.Count()}"),
            await service.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    private static async Task AssertMetricsAsync(RunningService service, int reorgs, int depth, string pool)
    {
        var metrics = (await service.GetTextAsync("/metrics")).Split('\n');
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"poolwatch_reorgs_total {reorgs}"), metrics);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"poolwatch_reorg_depth_blocks_sum {depth}"), metrics);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"poolwatch_stale_blocks{{pool=\"{pool}\"}} {depth}"), metrics);
    }
}
