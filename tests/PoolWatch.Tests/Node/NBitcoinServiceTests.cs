#if NBITCOIN
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

public sealed class NBitcoinServiceTests(TestPostgres postgres)
{
    [Theory]
    [InlineData("nbitcoin")]
    [InlineData("auto")]
    public async Task The_service_follows_a_real_node_through_NBitcoin_over_a_reorg(string source)
    {
        await using var node = await BitcoinNode.StartAsync();
        var old = await TagMiner.MineAsync(node, Plans("/old/", 1, 300));
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), RunningService.ReadingNode(node, source));
        await service.WaitForTipAsync(old[^1].Hash);

        var branch = await TagMiner.MineAsync(node, Plans("/new/", 295, 10), old[293]);

        await service.WaitForTipAsync(branch[^1].Hash);
        Assert.Contains(
            "poolwatch_chain_info{network=\"regtest\",sample=\"0\",source=\"nbitcoin\"} 1", await service.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    private static CoinbasePlan[] Plans(string tag, int firstHeight, int count) =>
        [.. Enumerable.Range(firstHeight, count).Select(height => new CoinbasePlan(1_700_000_000 + ((uint)height * 600), System.Text.Encoding.ASCII.GetBytes(tag)))];
}
#endif
