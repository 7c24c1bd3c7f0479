using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary><c>poolwatch pools diff | apply | rollback</c> as a person calls them, beside a running service and without one.</summary>
public sealed class ListCommandTests(TestPostgres postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_looks_applies_and_goes_back_while_the_service_runs()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        using var directory = new OpenDirectory();
        string[] settings = [$"--ConnectionStrings:PoolWatch={sample.ConnectionString}", "--PoolWatch:Source=sample"];
        var list = new EditedList().WithoutPool("luxor").ToList();
        var file = await WriteAsync(directory, list);

        var diff = await ListCommand.RunAsync(["diff", file, .. settings]);
        Assert.Equal(0, diff.Code);
        Assert.Contains("pools gone: luxor", diff.Output, StringComparison.Ordinal);
        Assert.Matches(@"\d+  luxor +unknown +94\d{4} to 94\d{4}", diff.Output);
        Assert.Contains("unknownShare", diff.Output, StringComparison.Ordinal);
        Assert.Equal(EditedList.Bundled.Version, await ActiveAsync(sample));

        Assert.Equal(0, (await ListCommand.RunAsync(["apply", file, .. settings])).Code);
        await sample.WaitForAsync(list);
        Assert.Contains("active already", (await ListCommand.RunAsync(["apply", file, .. settings])).Output, StringComparison.Ordinal);

        var json = JsonDocument.Parse((await ListCommand.RunAsync(["rollback", "--json", .. settings])).Output).RootElement;
        Assert.True(json.GetProperty("applied").GetBoolean());
        await sample.WaitForAsync(EditedList.Bundled);
        Assert.Equal(0, (await ListCommand.RunAsync(["rollback", list.Version, .. settings])).Code);
        await sample.WaitForAsync(list);
        var kinds = (await sample.Service.GetAsync("/v1/pool-lists")).GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("kind").GetString());
        Assert.Equal(["rollback", "rollback", "apply", "begin"], kinds);
    }

    [Fact]
    public async Task What_looks_wrong_ends_with_1_and_the_reason()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        using var directory = new OpenDirectory();
        string[] settings = [$"--ConnectionStrings:PoolWatch={sample.ConnectionString}", "--PoolWatch:Source=sample"];
        var file = await WriteAsync(directory, new EditedList().WithoutPool("foundryusa").ToList());

        var refused = await ListCommand.RunAsync(["apply", file, .. settings]);

        Assert.Equal(1, refused.Code);
        Assert.Contains("doubtful: ", refused.Output, StringComparison.Ordinal);
        Assert.Contains("--accept", refused.Output, StringComparison.Ordinal);
        Assert.Equal(EditedList.Bundled.Version, await ActiveAsync(sample));
        Assert.Equal(0, (await ListCommand.RunAsync(["apply", file, "--accept", .. settings])).Code);
    }

    [Fact]
    public async Task Another_rule_is_applied_by_its_name()
    {
        await using var sample = await ChangedSample.StartAsync(postgres);
        string[] settings = [$"--ConnectionStrings:PoolWatch={sample.ConnectionString}", "--PoolWatch:Source=sample"];

        Assert.Equal(0, (await ListCommand.RunAsync(["apply", "--algorithm=mempool/1", "--accept", .. settings])).Code);

        await sample.Service.WaitAsync(s => s.GetProperty("algorithm").GetString() == "mempool/1");
        var block = await sample.Service.GetAsync("/v1/blocks/946236");
        Assert.Equal("mempool/1", block.GetProperty("algorithm").GetString());
        Assert.Equal("mempool/1", (await sample.Service.GetAsync("/v1/shares")).GetProperty("attributedBy").GetProperty("algorithm").GetString());
    }

    [Fact]
    public async Task The_private_database_is_used_beside_its_service_and_started_without_it()
    {
        using var directory = new OpenDirectory();
        string[] settings = [$"--PoolWatch:DataDirectory={directory.Path}", "--PoolWatch:Source=sample"];
        Assert.Contains("no database", (await ListCommand.RunAsync(["diff", .. settings])).Output, StringComparison.Ordinal);
        var file = await WriteAsync(directory, new EditedList().WithoutPool("luxor").ToList());
        await using (var service = await ServiceProcess.StartAsync($"PoolWatch:DataDirectory={directory.Path}", "PoolWatch:Source=sample"))
        {
            await service.WaitAsync(ServiceStatus.FollowsSample);
            Assert.Equal(0, (await ListCommand.RunAsync(["diff", file, .. settings])).Code);
            await service.InterruptAsync();
        }

        var applied = await ListCommand.RunAsync(["apply", file, .. settings]);
        Assert.True(applied.Code == 0, applied.Output);
    }

    [Theory]
    [InlineData("apply a b", "takes one file")]
    [InlineData("diff ", "pools diff got an empty text where the name of a file stands")]
    [InlineData("apply ", "pools apply got an empty text")]
    [InlineData("rollback ", "the name of a version stands")]
    [InlineData("diff --as=other", "mempool or bitcoin-data")]
    [InlineData("apply --algorithm=best/1", "poolwatch/1, mempool/1")]
    [InlineData("diff --accept", "changes nothing")]
    [InlineData("apply --accept=false", "take no value")]
    [InlineData("apply --algorithm", "need a value")]
    [InlineData("rollback --PoolWatch:Network=moon", "PoolWatch:Network is 'moon'")]
    public async Task A_wrong_call_ends_with_2(string arguments, string said)
    {
        var (code, output) = await ListCommand.RunAsync(arguments.Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollback", "No list was active here before this one.")]
    [InlineData("rollback 0123456789abcdef", "No list '0123456789abcdef' was ever active")]
    [InlineData("apply no-such-file.json", "can't be read")]
    public async Task What_can_t_be_done_ends_with_1(string arguments, string said)
    {
        await using var sample = await ChangedSample.StartAsync(postgres);

        var (code, output) = await ListCommand.RunAsync([.. arguments.Split(' '), $"--ConnectionStrings:PoolWatch={sample.ConnectionString}", "--PoolWatch:Source=sample"]);

        Assert.Equal(1, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(OpenDirectory directory, PoolList list)
    {
        var file = Path.Combine(directory.Path, "list.json");
        await File.WriteAllTextAsync(file, list.ToJson(), Cancellation);
        return file;
    }

    private static async Task<string?> ActiveAsync(ChangedSample sample) => (await sample.Service.StatusAsync()).GetProperty("poolList").GetProperty("version").GetString();
}
