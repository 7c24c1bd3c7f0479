namespace PoolWatch.Tests.Support;

/// <summary>The yardstick of everything that disturbs a service: the database must end as that of a service that starts now.</summary>
public static class FreshRun
{
    public static async Task AssertSameAsync(TestPostgres postgres, BitcoinNode node, string database, string tip)
    {
        var fresh = await postgres.CreateDatabaseAsync();
        await using (var service = await RunningService.StartAsync(fresh, RunningService.ReadingNode(node)))
        {
            await service.WaitForTipAsync(tip);
        }

        Assert.Equal(await StoredState.ReadAsync(fresh), await StoredState.ReadAsync(database));
    }
}
