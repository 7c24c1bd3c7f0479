using System.Diagnostics;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Startup;

/// <summary>The service as a user starts it, with a database of its own: from the sample to a real node, through kills and Ctrl-C.</summary>
public sealed class PrivateInstallationTests
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Sample_first_then_a_real_node_by_one_setting_then_the_node_away_and_back()
    {
        using var directory = new OpenDirectory();
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load().Take(144), 1));
        string[] data = [$"PoolWatch:DataDirectory={directory.Path}"];

        await using (var sample = await ServiceProcess.StartAsync([.. data, "PoolWatch:Source=sample"]))
        {
            var status = await sample.WaitAsync(Follows);
            Assert.True(status.GetProperty("sample").GetBoolean());
            await sample.InterruptAsync();
            Assert.Contains("SAMPLE", sample.Output, StringComparison.Ordinal);
        }

        await using (var real = await ServiceProcess.StartAsync([.. data, .. RunningService.ReadingNode(node)]))
        {
            var status = await real.WaitForTipAsync(mined[^1].Hash);
            Assert.False(status.GetProperty("sample").GetBoolean());
            Assert.Equal(0, status.GetProperty("chain").GetProperty("fromHeight").GetInt32());
            await real.InterruptAsync();
        }

        await node.StopAsync();
        await using (var alone = await ServiceProcess.StartAsync([.. data, .. RunningService.ReadingNode(node).Where(s => !s.Contains("Cookie", StringComparison.Ordinal)), "PoolWatch:Node:User=u", "PoolWatch:Node:Password=p"]))
        {
            var status = await alone.WaitAsync(s => s.GetProperty("problem").GetString() == "node_unreachable" && s.GetProperty("chain").ValueKind == JsonValueKind.Object);
            Assert.False(status.GetProperty("sample").GetBoolean());
            Assert.Equal(mined[^1].Hash, status.GetProperty("chain").GetProperty("hash").GetString());
            await alone.InterruptAsync();
        }

        await node.RestartAsync();
        await using var again = await ServiceProcess.StartAsync([.. data, .. RunningService.ReadingNode(node)]);
        await again.WaitForTipAsync(mined[^1].Hash);
    }

    [Fact]
    public async Task A_real_installation_without_any_node_setting_never_becomes_a_sample()
    {
        using var directory = new OpenDirectory();
        await using (var prepared = await ServiceProcess.StartAsync($"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample"))
        {
            await prepared.WaitAsync(Follows);
        }

        // A main chain that was begun by a node which is now away, with nothing configured: what counts is the row in its schema.
        await PrivateDatabase.ExecuteAsync(directory.Path,
            "CREATE SCHEMA poolwatch; CREATE TABLE poolwatch.chain AS TABLE poolwatch_sample.chain; UPDATE poolwatch.chain SET network = 'main'");

        Assert.False(await PrivateDatabase.WouldShowSampleAsync(directory.Path));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_and_its_database_within_two_seconds()
    {
        using var directory = new OpenDirectory();
        await using var service = await ServiceProcess.StartAsync($"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample");
        await service.WaitAsync(_ => service.Output.Contains("Nakamoto coefficient", StringComparison.Ordinal));

        var duration = await service.InterruptAsync();

        Assert.InRange(duration, TimeSpan.Zero, LongestStop);
        Assert.Empty(PostgresProcesses.Of(directory.Path));
    }

    [Fact]
    public async Task Ctrl_C_ends_it_while_it_starts_and_while_it_catches_up()
    {
        using var directory = new OpenDirectory();
        await using var node = await BitcoinNode.StartAsync();
        await TagMiner.MineAsync(node, LabelledPlans.Of(SampleLabels.Load(), 1));
        foreach (var delay in new[] { 0, 500, 800, 1100 })
        {
            await using var service = await ServiceProcess.StartAsync([$"PoolWatch:DataDirectory={directory.Path}", .. RunningService.ReadingNode(node)]);
            await service.WaitAsync(_ => true);
            await Task.Delay(delay, TestContext.Current.CancellationToken);

            var duration = await service.InterruptAsync();

            Assert.InRange(duration, TimeSpan.Zero, LongestStop);
            Assert.Empty(PostgresProcesses.Of(directory.Path));
            Assert.DoesNotContain("ERROR", service.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Killed_with_its_database_it_starts_again_where_it_was()
    {
        using var directory = new OpenDirectory();
        string[] settings = [$"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample"];
        foreach (var delay in new[] { 0, 300, 600, 900 })
        {
            await using var victim = await ServiceProcess.StartAsync(settings);
            await victim.WaitAsync(_ => true);
            await Task.Delay(delay, TestContext.Current.CancellationToken);
            await victim.KillAsync();
        }

        await using var service = await ServiceProcess.StartAsync(settings);
        var status = await service.WaitAsync(Follows);

        Assert.Equal(946236, status.GetProperty("chain").GetProperty("height").GetInt32());
    }

    [Fact]
    public async Task A_private_database_that_dies_is_started_again()
    {
        using var directory = new OpenDirectory();
        await using var service = await ServiceProcess.StartAsync($"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample");
        await service.WaitAsync(Follows);

        await ProcessTree.SignalAsync("KILL", PostgresProcesses.Of(directory.Path));

        await service.WaitAsync(s => !s.GetProperty("databaseUp").GetBoolean());
        await service.WaitAsync(s => s.GetProperty("databaseUp").GetBoolean() && Follows(s));
    }

    [Fact]
    public async Task A_second_process_uses_the_database_of_the_first()
    {
        using var directory = new OpenDirectory();
        string[] settings = [$"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample"];
        await using var first = await ServiceProcess.StartAsync(settings);
        await first.WaitAsync(Follows);
        await using var second = await ServiceProcess.StartAsync(settings);

        await second.WaitAsync(s => s.GetProperty("problem").GetString() == "other_ingester");
        await first.InterruptAsync();
        await second.WaitAsync(Follows);
    }

    private static bool Follows(JsonElement status) =>
        status.GetProperty("state").GetString() == "following"
        && status.GetProperty("chain") is { ValueKind: JsonValueKind.Object } chain
        && status.GetProperty("node").GetProperty("height") is var node
        && (node.ValueKind == JsonValueKind.Null || chain.GetProperty("height").GetInt32() == node.GetInt32());
}
