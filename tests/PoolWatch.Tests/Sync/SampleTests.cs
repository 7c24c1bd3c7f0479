using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

public sealed class SampleTests(TestPostgres postgres)
{
    [Fact]
    public async Task Every_sample_block_has_the_pool_of_its_label()
    {
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample");
        await service.WaitForSampleAsync();

        var pools = new List<(int Height, string Pool)>();
        for (int? before = int.MaxValue; before is not null;)
        {
            var page = await service.GetAsync($"/v1/blocks?limit=1000&before={before}");
            pools.AddRange(page.GetProperty("blocks").EnumerateArray()
                .Select(b => (b.GetProperty("height").GetInt32(), b.GetProperty("pool").GetProperty("slug").GetString()!)));
            before = page.GetProperty("next").ValueKind == System.Text.Json.JsonValueKind.Null ? null : page.GetProperty("next").GetInt32();
        }

        Assert.Equal(SampleLabels.Load().Reverse().Select(l => (l.Height, l.Pool)), pools);
    }
}
