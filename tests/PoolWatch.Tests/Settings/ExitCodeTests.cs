using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Settings;

/// <summary>The real program, as a user starts it.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task Wrong_settings_end_with_2_every_error_and_no_secret()
    {
        var (code, output) = await RunAsync(
            "--PoolWatch:Network=mainnet", "--PoolWatch:Node:Url=http://u:hunter2@127.0.0.1:99999", "--PoolWatch:Ingest=maybe",
            "--ConnectionStrings:PoolWatch=Host=db;Port=70000;Password=hunter2");
        Assert.Equal(2, code);
        Assert.Contains("4 settings are wrong", output, StringComparison.Ordinal);
        Assert.All(new[] { "PoolWatch:Network", "PoolWatch:Node:Url", "PoolWatch:Ingest", "ConnectionStrings:PoolWatch" }, s => Assert.Contains($"  {s} ", output, StringComparison.Ordinal));
        Assert.DoesNotContain("hunter2", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("frob")]
    [InlineData("serve frob")]
    [InlineData("serve --PoolWatch:Network")]
    [InlineData("--PoolWatch:Network main")]
    [InlineData("pools")]
    [InlineData("pools lint")]
    [InlineData("pools lint pools.json --as=other")]
    [InlineData("pools lint no-such-file.json")]
    [InlineData("pools lint a.json b.json")]
    [InlineData("pools import")]
    [InlineData("pools import no-such-file.json")]
    [InlineData("pools import a.json --as=poolwatch")]
    [InlineData("pools import a.json --output=")]
    [InlineData("pools export")]
    [InlineData("pools export --as=json")]
    [InlineData("pools export --as=mempool --as=mempool")]
    public async Task A_wrong_command_ends_with_2(string arguments) => Assert.Equal(2, (await RunAsync(arguments.Split(' '))).Code);

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    public async Task Help_and_version_end_with_0(string argument) => Assert.Equal(0, (await RunAsync(argument)).Code);

    [Theory]
    [InlineData("[]", 0, "0 errors, 0 warnings")]
    [InlineData("""[{"id": 1, "name": "A", "addresses": [], "tags": ["/$a/"], "link": ""}]""", 1, "does not even find its own text")]
    [InlineData("""[{"id": 1, "name": "A", "addresses": [], "tags": ["/$a/"], "link": ""}]""", 0, "0 errors", "--as=bitcoin-data")]
    [InlineData("""[{"id": "1", "name": "A", "addresses": [], "tags": []}]""", 1, "[0]: id has to be a whole number.")]
    [InlineData("""{"format": "poolwatch-pool-list/1", "pools": [{"slug": "a", "name": "A", "tags": [{"text": "abcd"}]}]}""", 0, "random bytes")]
    [InlineData("""{"format": "poolwatch-pool-list/1", "pools": [{"slug": "A"}]}""", 1, "name is missing")]
    public async Task A_pool_list_with_errors_ends_with_1_and_says_them(string list, int code, string said, params string[] more)
    {
        using var directory = new OpenDirectory();
        var file = Path.Combine(directory.Path, "list.json");
        await File.WriteAllTextAsync(file, list, TestContext.Current.CancellationToken);

        var result = await RunAsync(["pools", "lint", file, .. more]);

        Assert.Equal(code, result.Code);
        Assert.Contains(said, result.Output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(params IEnumerable<string> arguments)
    {
        var (code, output, errors) = await CommandLine.RunAsync(arguments);
        return (code, output + errors);
    }
}
