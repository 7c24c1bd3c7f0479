using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PoolWatch.History;
using PoolWatch.ReadModel;
using PoolWatch.Storage;
using PoolWatch.Tests.PoolLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.History;

/// <summary>v_concentration is right at every moment, and whole a moment after each change.</summary>
public sealed class ConcentrationTableTests(TestPostgres postgres)
{
    private const string Regtest = "poolwatch_regtest";

    [Fact]
    public async Task Lists_that_come_and_go_leave_only_rows_of_the_active_one()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        await StoredHistory.WaitAsync(sample.ConnectionString, ChangedSample.Schema);
        Assert.True(await StoredHistory.AssertRightAsync(sample.ConnectionString, ChangedSample.Schema, whole: true) > 10_000);

        await sample.ApplyAsync(new EditedList().WithoutPool("foundryusa").ToList());
        await AssertRightThenWholeAsync(sample.ConnectionString, ChangedSample.Schema);
        await sample.ApplyAsync(EditedList.Bundled);
        await AssertRightThenWholeAsync(sample.ConnectionString, ChangedSample.Schema);
    }

    [Fact]
    public async Task Appends_and_reorgs_leave_only_rows_of_the_active_chain()
    {
        await using var node = await BitcoinNode.StartAsync();
        // Two hours a block, so that many of them are the last of their day.
        var labels = SampleLabels.Load().Select((l, i) => l with { Time = 1_773_000_000 + (7_200 * (uint)i) }).ToList();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(labels.Take(500), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(mined[^1].Hash);
        await AssertRightThenWholeAsync(database, Regtest);

        var more = await TagMiner.MineAsync(node, LabelledPlans.Of(labels.Skip(500).Take(1), 501));
        await service.WaitForTipAsync(more[^1].Hash);
        await AssertRightThenWholeAsync(database, Regtest);

        // The branch begins at another hour, so that its days end at other heights.
        var branch = await TagMiner.MineAsync(node, LabelledPlans.Of(labels.Skip(700).Take(40).Select((l, i) => l with { Time = labels[470].Time + 11_000 + (9_000 * (uint)i) }), 471), mined[469]);
        await service.WaitForTipAsync(branch[^1].Hash);
        await AssertRightThenWholeAsync(database, Regtest);
    }

    [Fact]
    public async Task A_process_that_is_killed_while_it_writes_leaves_nothing_wrong_and_the_next_one_finishes()
    {
        var database = await postgres.CreateDatabaseAsync();
        string[] settings = [$"ConnectionStrings:PoolWatch={database}", "PoolWatch:Source=sample"];
        await using (var killed = await ServiceProcess.StartAsync(settings))
        {
            await WaitForWritingAsync(database);
            await killed.KillAsync();
        }

        await StoredHistory.AssertRightAsync(database, ChangedSample.Schema, whole: false);
        await using var service = await RunningService.StartAsync(database, "PoolWatch:Source=sample");
        await StoredHistory.WaitAsync(database, ChangedSample.Schema);
        await StoredHistory.AssertRightAsync(database, ChangedSample.Schema, whole: true);
    }

    [Fact]
    public async Task Written_bit_by_bit_it_is_as_written_at_once()
    {
        var database = await postgres.CreateDatabaseAsync();
        const int Blocks = 4_900;
        await GeneratedChain.StoreAsync(database, Blocks, 1_776_000_000, 1_700, storedAtOnce: 50);
        await using var service = await RunningService.StartAsync(database, GeneratedChain.Reading);
        var current = service.Services.GetRequiredService<CurrentSnapshot>();
        await service.WaitAsync(_ => current.Value is { Chain.Count: Blocks + 1 });
        var whole = current.Value!;
        var table = service.Services.GetRequiredService<ConcentrationTable>();

        var written = 0;
        foreach (var revision in new[] { 1, 3, 4, 80, 97, 98, (int)whole.Stored.Revision })
        {
            written = await table.UpdateAsync(UpTo(whole, revision), TestContext.Current.CancellationToken);
        }

        Assert.InRange(written, 4, 10_000);
        Assert.Equal(0, await table.UpdateAsync(UpTo(whole, 98), TestContext.Current.CancellationToken));
        var bitByBit = await RowsAsync(database);
        await StoredState.ExecuteAsync(database, Regtest, "UPDATE concentration_state SET edition = 0");
        Assert.Equal(bitByBit.Count, await table.UpdateAsync(whole, TestContext.Current.CancellationToken));
        Assert.Equal(bitByBit, await RowsAsync(database));
        var older = bitByBit.Where(r => Height(r) <= Blocks - ConcentrationRows.BlocksKept).ToList();
        Assert.All(older, r => Assert.EndsWith(",t)", r, StringComparison.Ordinal));
        Assert.Equal(4 * ConcentrationRows.BlocksKept, bitByBit.Except(older).Count(r => r.Split(',')[1] == "144"));
    }

    [Fact]
    public async Task With_other_layers_every_row_is_counted_anew()
    {
        var database = await postgres.CreateDatabaseAsync();
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "layers.json");
        await File.WriteAllTextAsync(file, """{ "format": "poolwatch-layers/1", "layers": [ { "name": "own", "entities": [] } ] }""", TestContext.Current.CancellationToken);
        await using (var service = await RunningService.StartAsync(database, "PoolWatch:Source=sample", $"PoolWatch:Layers={file}"))
        {
            await service.WaitForSampleAsync();
            await StoredHistory.WaitAsync(database, ChangedSample.Schema);
        }

        Assert.Equal(["own", "pool"], await StoredState.TextsAsync(database, ChangedSample.Schema, "SELECT DISTINCT layer FROM v_concentration ORDER BY layer"));
        await using var bundled = await RunningService.StartAsync(database, "PoolWatch:Source=sample");
        await bundled.WaitAsync(_ => StoredState.TextsAsync(database, ChangedSample.Schema, "SELECT DISTINCT layer FROM v_concentration").GetAwaiter().GetResult().Count == 4);
        await StoredHistory.AssertRightAsync(database, ChangedSample.Schema, whole: true);
    }

    private static async Task AssertRightThenWholeAsync(string database, string schema)
    {
        await StoredHistory.AssertRightAsync(database, schema, whole: false);
        await StoredHistory.WaitAsync(database, schema);
        await StoredHistory.AssertRightAsync(database, schema, whole: true);
    }

    /// <summary>The snapshot of an earlier revision of a chain that only grew, by 50 blocks each time.</summary>
    private static Snapshot UpTo(Snapshot whole, int revision)
    {
        var chain = revision == whole.Stored.Revision ? whole.Chain : whole.Chain.TruncateTo((50 * revision) - 1);
        return new Snapshot
        {
            Stored = whole.Stored with { Revision = revision, Tip = whole.Stored.Tip! with { Height = chain.TipHeight } },
            Algorithm = whole.Algorithm,
            List = whole.List,
            ListSince = whole.ListSince,
            Chain = chain,
            Pools = whole.Pools,
            FormerNames = whole.FormerNames,
            StaleBlocks = whole.StaleBlocks,
            Windows = whole.Windows,
            Layers = whole.Layers,
            Inspection = whole.Inspection,
        };
    }

    private static Task<IReadOnlyList<string>> RowsAsync(string database) => StoredState.RowsAsync(
        database, Regtest, $"SELECT layer, window_blocks, height, time, {string.Join(", ", HistoryMeasure.All.Select(m => m.Name))}, day_end FROM v_concentration ORDER BY 1, 2, 3");

    private static int Height(string row) => int.Parse(row.Split(',')[2]);

    private static async Task WaitForWritingAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY concentration%' AND state = 'active'", connection);
            if ((long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! > 0)
            {
                return;
            }

            Assert.False(limit.IsCancellationRequested, "The table was never seen being written.");
        }
    }
}
