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
    [InlineData("frob", "'frob' is no command")]
    [InlineData("serve frob", "frob")]
    [InlineData("serve --PoolWatch:Network", "--PoolWatch:Network")]
    [InlineData("--PoolWatch:Network main", "--PoolWatch:Network")]
    [InlineData("pools", "'pools' needs to know what to do.")]
    [InlineData("pools frob", "'pools frob' is no command.")]
    [InlineData("pools lint", "pools lint needs a file")]
    [InlineData("pools lint pools.json --as=other", "--as is 'other'; it must be mempool or bitcoin-data.")]
    [InlineData("pools lint no-such-file.json", "no-such-file.json")]
    [InlineData("pools lint a.json b.json", "pools lint takes one file, and not 2: 'a.json', 'b.json'.")]
    [InlineData("pools lint a.json --output=b", "pools lint takes no '--output=b', only --as=….")]
    [InlineData("pools import", "pools import needs a file")]
    [InlineData("pools import no-such-file.json", "no-such-file.json")]
    [InlineData("pools import a.json --as=poolwatch", "--as is 'poolwatch'; it must be mempool or bitcoin-data.")]
    [InlineData("pools import a.json --output=", "--output needs a value")]
    [InlineData("pools export", "pools export needs --as=…")]
    [InlineData("pools export --as=json", "--as is 'json'; it must be poolwatch or mempool or bitcoin-data.")]
    [InlineData("pools export --as=mempool --as=mempool", "--as is given more than once.")]
    [InlineData("export", "export needs to know what: openmetrics, measures, shares, blocks.")]
    [InlineData("export csv", "'csv' is none of them")]
    public async Task A_wrong_command_ends_with_2_and_says_what_is_wrong(string arguments, string said)
    {
        var (code, output) = await RunAsync(arguments.Split(' '));

        Assert.Equal(2, code);
        Assert.Contains(said, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_call_of_a_command_shows_how_it_is_called_and_no_other()
    {
        var (_, output) = await RunAsync("pools", "export");

        Assert.Contains("poolwatch pools export [FILE] --as=FORM", output, StringComparison.Ordinal);
        Assert.Contains("without FILE of the bundled one", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pools import", output, StringComparison.Ordinal);
    }

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
