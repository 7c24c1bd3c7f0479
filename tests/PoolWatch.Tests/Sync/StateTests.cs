using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Node;
using PoolWatch.PoolLists;
using PoolWatch.Storage;
using PoolWatch.Sync;
using PoolWatch.Telemetry;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Sync;

/// <summary>What the service says of itself where something is not as it should be.</summary>
public sealed class StateTests(TestPostgres postgres)
{
    [Fact]
    public async Task A_reader_that_starts_before_its_database_follows_once_it_is_there()
    {
        using var directory = new OpenDirectory();
        await using var server = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        await using var reader = await RunningService.StartAsync(server.ConnectionString, "PoolWatch:Ingest=false", "PoolWatch:Network=regtest");
        var away = await reader.WaitAsync(s => s.GetProperty("problem").GetString() == "database_unavailable");
        Assert.Equal("degraded", away.GetProperty("state").GetString());
        Assert.Contains("poolwatch_database_up 0", (await reader.GetTextAsync("/metrics")).Split('\n'));

        await server.EnsureRunningAsync(TestContext.Current.CancellationToken);
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(20), 1));
        await using var writer = await RunningService.StartAsync(server.ConnectionString, RunningService.ReadingNode(node));

        var status = await reader.WaitForTipAsync(mined[^1].Hash);
        Assert.Equal(JsonValueKind.Null, status.GetProperty("problem").ValueKind);
        Assert.False(status.GetProperty("sample").GetBoolean());
        var metrics = (await reader.GetTextAsync("/metrics")).Split('\n');
        Assert.Contains("poolwatch_sync_state{state=\"following\"} 1", metrics);
        // A node that nobody asked is neither up nor down.
        Assert.DoesNotContain(metrics, line => line.StartsWith("poolwatch_node_up ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_is_back_is_no_problem_until_the_next_run()
    {
        using var directory = new OpenDirectory();
        var server = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        await server.EnsureRunningAsync(TestContext.Current.CancellationToken);
        // At start, and then not before New Year.
        await using var service = await RunningService.StartAsync(server.ConnectionString, "PoolWatch:Source=sample", "PoolWatch:Schedule=0 0 0 1 1 ?");
        await service.WaitForSampleAsync();

        await server.DisposeAsync();
        await service.WaitAsync(s => s.GetProperty("problem").GetString() == "database_unavailable");
        await using var again = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
        await again.EnsureRunningAsync(TestContext.Current.CancellationToken);

        var status = await service.WaitAsync(s => s.GetProperty("problem").ValueKind == JsonValueKind.Null);
        Assert.True(status.GetProperty("databaseUp").GetBoolean());
    }

    [Fact]
    public async Task A_refused_login_is_said_and_tried_again()
    {
        var database = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Username = "nobody-of-that-name" }.ConnectionString;
        await using var service = await RunningService.StartAsync(database, "PoolWatch:Source=sample");

        var status = await service.WaitAsync(s => s.GetProperty("problem").GetString() == "database_unavailable");

        Assert.Contains("refuses", status.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_of_a_newer_version_is_left_alone()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using (var service = await RunningService.StartAsync(database, "PoolWatch:Source=sample"))
        {
            await service.WaitForSampleAsync();
        }

        Assert.Equal(1, await StoredState.ExecuteAsync(database, "poolwatch_sample", "UPDATE schema_migration SET version = '999' WHERE version ~ '2$'"));
        var refused = await Assert.ThrowsAsync<DatabaseSetupException>(() =>
            new SchemaMigrator(NullLogger<SchemaMigrator>.Instance).MigrateAsync(database, "poolwatch_sample", TestContext.Current.CancellationToken));
        Assert.Contains("newer PoolWatch (migration 999", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_itself_downloading_is_not_yet_followed()
    {
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample");
        await service.WaitForSampleAsync();
        var services = service.Services;
        var status = new SyncStatus(TimeProvider.System, NullLogger<SyncStatus>.Instance);
        var sync = new ChainSync(
            new DownloadingSource(), Network.Sample, 0, PoolAttributor.DefaultAlgorithm, PoolList.LoadBundled(), services.GetRequiredService<BlockStore>(), services.GetRequiredService<PoolListStore>(),
            services.GetRequiredService<PoolListChanges>(),
            status, services.GetRequiredService<OperationalMetrics>(), TimeProvider.System, NullLogger<ChainSync>.Instance);

        await sync.RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal((SyncState.CatchingUp, SyncProblem.None), (status.Report.State, status.Report.Problem));
        Assert.Equal(946236 + 50_000, status.Report.Progress!.TargetHeight);
        Assert.Contains("still downloading", status.Report.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_says_which_chain_it_shows_and_that_it_is_not_the_one_asked_for()
    {
        var database = await postgres.CreateDatabaseAsync();
        await using (var writer = await RunningService.StartAsync(database, "PoolWatch:Source=sample"))
        {
            await writer.WaitForSampleAsync();
        }

        await using var reader = await RunningService.StartAsync(database, "PoolWatch:Ingest=false", "PoolWatch:Schema=poolwatch_sample");
        var status = await reader.WaitAsync(s => s.GetProperty("problem").GetString() == "node_other_network");

        Assert.Equal("sample", status.GetProperty("network").GetString());
        Assert.True(status.GetProperty("sample").GetBoolean());
    }

    [Fact]
    public async Task A_first_height_above_the_tip_can_be_corrected_while_nothing_is_stored()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(20), 1));
        var database = await postgres.CreateDatabaseAsync();
        await using (var mistaken = await RunningService.StartAsync(database, [.. RunningService.ReadingNode(node), "PoolWatch:FromHeight=90000"]))
        {
            await mistaken.WaitAsync(s => s.GetProperty("problem").GetString() == "node_behind");
        }

        await using var corrected = await RunningService.StartAsync(database, [.. RunningService.ReadingNode(node), "PoolWatch:FromHeight=5"]);
        var status = await corrected.WaitForTipAsync(mined[^1].Hash);

        Assert.Equal(5, status.GetProperty("chain").GetProperty("fromHeight").GetInt32());
    }

    [Fact]
    public async Task A_folder_that_holds_something_else_is_refused_and_left_alone()
    {
        using var directory = new OpenDirectory();
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(directory.Path, "postgres")).FullName, "letter.txt");
        await File.WriteAllTextAsync(file, "mine", TestContext.Current.CancellationToken);
        await using var server = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);

        var refused = await Assert.ThrowsAsync<DatabaseSetupException>(() => server.EnsureRunningAsync(TestContext.Current.CancellationToken));

        Assert.Contains("PoolWatch:DataDirectory", refused.Message, StringComparison.Ordinal);
        Assert.False(Database.IsOutage(refused));
        Assert.Equal("mine", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/v1/shares?window=1%00")]
    [InlineData("/v1/shares?from=944221%00&to=944222%00")]
    [InlineData("/v1/blocks?limit=2%00")]
    [InlineData("/v1/blocks?before=946236%00")]
    public async Task A_number_with_nul_characters_is_no_number(string path)
    {
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample");
        await service.WaitForSampleAsync();

        var answer = await service.Http.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public void A_log_level_that_does_not_exist_is_an_error_like_any_other()
    {
        var (app, errors) = PoolWatch.Commands.ServeCommand.Build(["--Logging:LogLevel:PoolWatch=Bogus"], withConsole: false);

        Assert.Null(app);
        Assert.Contains("must be one of Trace", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("53300", true)]
    [InlineData("08006", true)]
    [InlineData("42P01", false)]
    [InlineData("57014", false)]
    public void An_outage_is_told_from_a_mistake(string sqlState, bool outage) =>
        Assert.Equal(outage, Database.IsOutage(new PostgresException("", "ERROR", "ERROR", sqlState)));

    [Fact]
    public void A_name_that_does_not_resolve_is_an_outage() =>
        Assert.True(Database.IsOutage(new SocketException((int)SocketError.HostNotFound)));

    /// <summary>The sample chain of a node that knows of more headers than it has blocks.</summary>
    private sealed class DownloadingSource : IBlockSource
    {
        private readonly SampleBlockSource _sample = new();

        public string Name => _sample.Name;

        public async Task<SourceChain> GetChainAsync(CancellationToken cancellationToken)
        {
            var chain = await _sample.GetChainAsync(cancellationToken);
            return chain with { HeadersHeight = chain.Height + 50_000, InitialDownload = true };
        }

        public Task<IReadOnlyList<BlockHash>> GetHashesAsync(int fromHeight, int count, CancellationToken cancellationToken) =>
            _sample.GetHashesAsync(fromHeight, count, cancellationToken);

        public async IAsyncEnumerable<BlockHead> ReadAsync(IReadOnlyList<BlockHash> hashes, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var head in _sample.ReadAsync(hashes, cancellationToken))
            {
                yield return head;
            }
        }
    }
}
