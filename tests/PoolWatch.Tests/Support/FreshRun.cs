namespace PoolWatch.Tests.Support;

/// <summary>The yardstick of everything that disturbs a service: the database must end as that of a service that starts now.</summary>
public static class FreshRun
{
    public static async Task AssertSameAsync(TestPostgres postgres, BitcoinNode node, string database, string tip) =>
        Assert.Equal(await ReadAsync(postgres, node, tip), await StoredState.ReadAsync(database));

    /// <returns>What a service stores that starts now, by whichever source, and that nothing happens to.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(TestPostgres postgres, BitcoinNode node, string tip, string source = "rpc")
    {
        var fresh = await postgres.CreateDatabaseAsync();
        await using (var service = await RunningService.StartAsync(fresh, RunningService.ReadingNode(node, source)))
        {
            await service.WaitForTipAsync(tip);
        }

        return await StoredState.ReadAsync(fresh);
    }
}
