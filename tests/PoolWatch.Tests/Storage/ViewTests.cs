using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Storage;

/// <summary>What people who write SQL see: the same numbers as everybody else, day by day.</summary>
public sealed class ViewTests(TestPostgres postgres)
{
    private const string Schema = "poolwatch_sample";

    [Fact]
    public async Task The_views_by_day_count_what_the_blocks_say()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using (var service = await RunningService.StartAsync(database, "PoolWatch:Source=sample"))
        {
            await service.WaitForSampleAsync();
        }

        var days = (await RowsAsync(database, "SELECT (median_time AT TIME ZONE 'UTC')::date, pool FROM v_block WHERE active ORDER BY height"))
            .GroupBy(row => row[0], row => new SampleLabel(0, 0, row[1])).ToDictionary(g => g.Key, g => new LabelMeasures([.. g]));

        var shares = await RowsAsync(database, "SELECT day, pool, blocks, day_blocks, share FROM v_pool_share_day");
        Assert.Equal(
            days.SelectMany(d => d.Value.Pools.Select(p => (d.Key, p.Key, p.Value, d.Value.Blocks))).Order(),
            shares.Where(r => r[1] != "unknown").Select(r => (r[0], r[1], Integer(r[2]), Integer(r[3]))).Order());
        Assert.All(shares, r => Assert.Equal(Integer(r[2]) / (double)Integer(r[3]), Number(r[4]), 12));

        var concentration = await RowsAsync(database, "SELECT day, blocks, hhi, top_share, unknown_share, nakamoto FROM v_concentration_day");
        Assert.Equal(days.Keys.Order(), concentration.Select(r => r[0]).Order());
        Assert.All(concentration, r =>
        {
            var expected = days[r[0]];
            Assert.Equal(expected.Blocks, Integer(r[1]));
            Assert.Equal(expected.HhiSeparate, Number(r[2]), 12);
            Assert.Equal(expected.Top(1), Number(r[3]), 12);
            Assert.Equal((double)expected.Unknown / expected.Blocks, Number(r[4]), 12);
            Assert.Equal(expected.Nakamoto(1, 2), Integer(r[5]));
        });
    }

    [Theory]
    [InlineData(new[] { 3, 1 }, 0, 1)]
    [InlineData(new[] { 2, 2 }, 0, 2)]
    [InlineData(new[] { 3 }, 3, 2)]
    [InlineData(new[] { 2 }, 6, 4)]
    [InlineData(new int[0], 5, 3)]
    public async Task Days_with_many_unknown_blocks_have_the_right_coefficient(int[] pools, int unknown, int expected)
    {
        var database = await postgres.CreateDatabaseAsync();
        await new PoolWatch.Storage.SchemaMigrator(Microsoft.Extensions.Logging.Abstractions.NullLogger<PoolWatch.Storage.SchemaMigrator>.Instance)
            .MigrateAsync(database, Schema, TestContext.Current.CancellationToken);
        var values = pools.Select((blocks, i) => $"({i + 1}, {blocks})").Append($"(0, {unknown})");

        await StoredState.ExecuteAsync(database, Schema, "INSERT INTO pool (id, slug, name, link) SELECT id, 'p' || id, 'P', '' FROM generate_series(1, 9) AS id");
        await StoredState.ExecuteAsync(database, Schema, $"INSERT INTO pool_day SELECT '2026-01-01', id, n FROM (VALUES {string.Join(", ", values)}) AS v (id, n)");

        Assert.Equal(expected, Integer(Assert.Single(await RowsAsync(database, "SELECT nakamoto FROM v_concentration_day"))[0]));
    }

    [Fact]
    public async Task The_block_view_shows_hash_and_script_as_explorers_do()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, "PoolWatch:Source=sample");
        await service.WaitForSampleAsync();
        var block = await service.GetAsync("/v1/blocks/946236");

        var row = Assert.Single(await RowsAsync(database, "SELECT hash, encode(script_sig, 'hex'), pool, method, rule, active FROM v_block WHERE height = 946236"));

        Assert.Equal(
            [block.GetProperty("hash").GetString()!, block.GetProperty("coinbase").GetProperty("scriptSig").GetString()!, "poolin", "tag", "/poolin.com", "t"],
            row);
    }

    private static async Task<List<string[]>> RowsAsync(string database, string sql) =>
        [.. (await StoredState.RowsAsync(database, Schema, sql)).Select(row => row.Trim('(', ')').Split(','))];

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
