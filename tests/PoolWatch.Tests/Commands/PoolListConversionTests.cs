using System.Text;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Commands;

/// <summary><c>poolwatch pools import</c> and <c>export</c>, as a user runs them.</summary>
public sealed class PoolListConversionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mempool", PublicListKind.Mempool, "168 pools, 197 tags, 210 addresses; 9 changes")]
    [InlineData("bitcoin-data", PublicListKind.BitcoinData, "148 pools, 171 tags, 200 addresses; 1 change")]
    public async Task A_public_list_becomes_ours_and_the_changes_are_told(string form, PublicListKind kind, string counts)
    {
        var (file, output) = (PathOf("public.json"), PathOf("ours.json"));
        var list = PublicPoolList.LoadBundled(kind);
        await File.WriteAllTextAsync(file, list.ToJson(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(output, "what was there before", TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync("pools", "import", file, $"--as={form}", $"--output={output}");

        Assert.Equal((0, ""), (result.Code, result.Output));
        Assert.EndsWith(counts, result.Errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains("became https://", result.Errors, StringComparison.Ordinal);
        Assert.Equal(list.ToPoolList().List.ToJson(), await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
        Assert.Equal(["ours.json", "public.json"], Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_that_was_not_there_is_made()
    {
        var result = await CommandLine.RunAsync("pools", "export", "--as=poolwatch", $"--output={PathOf("new.json")}");

        Assert.Equal(0, result.Code);
        Assert.Equal(PoolList.LoadBundled().ToJson(), await File.ReadAllTextAsync(PathOf("new.json"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_bundled_list_goes_to_standard_output_in_each_form()
    {
        var mempool = await CommandLine.RunAsync("pools", "export", "--as=mempool");
        var ours = await CommandLine.RunAsync("pools", "export", "--as=poolwatch");

        Assert.Equal((0, 0), (mempool.Code, ours.Code));
        Assert.Equal(173, PublicPoolList.Parse(Encoding.UTF8.GetBytes(mempool.Output), PublicListKind.Mempool).Pools.Count);
        Assert.Contains("tigerpool.net: Its other id 138 is left out.", mempool.Errors, StringComparison.Ordinal);
        Assert.Equal(PoolList.LoadBundled().ToJson(), ours.Output);
        Assert.Equal("173 pools, 214 tags, 243 addresses; 0 changes", ours.Errors.Trim());
    }

    [Fact]
    public async Task A_file_of_ours_is_exported()
    {
        var file = PathOf("ours.json");
        await File.WriteAllTextAsync(file, """{"format":"poolwatch-pool-list/1","pools":[{"slug":"a","name":"A","tags":[{"text":"/a/","exact":true}]}]}""", TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync("pools", "export", file, "--as=bitcoin-data");

        Assert.Equal(
            "[\n {\n  \"id\": 1,\n  \"name\": \"A\",\n  \"addresses\": [],\n  \"tags\": [\n   \"/a/\"\n  ],\n  \"link\": \"\"\n }\n]\n", result.Output);
    }

    [Theory]
    [InlineData("import", "[{\"id\":1,\"name\":\"A\",\"addresses\":[],\"tags\":[]},{\"id\":1,\"name\":\"B\",\"addresses\":[],\"tags\":[]}]", "mempool id 1 belongs to a already")]
    [InlineData("import", "[{\"id\":1,\"name\":\"A\",\"addresses\":[],\"ta", "The list is no JSON: line 1, byte 39: ")]
    [InlineData("export", "[]", "has to be an object")]
    public async Task A_list_that_is_none_ends_with_1_and_leaves_the_output_alone(string verb, string list, string said)
    {
        var (file, output) = (PathOf("list.json"), PathOf("output.json"));
        await File.WriteAllTextAsync(file, list, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(output, "before", TestContext.Current.CancellationToken);

        var result = await CommandLine.RunAsync("pools", verb, file, "--as=mempool", $"--output={output}");

        Assert.Equal(1, result.Code);
        Assert.Contains(said, result.Errors, StringComparison.Ordinal);
        Assert.Equal("before", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_output_keeps_its_mode_a_link_its_target_and_a_device_is_written_into()
    {
        var (file, link) = (PathOf("kept.json"), PathOf("link.json"));
        await File.WriteAllTextAsync(file, "what was there before", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(link, file);

        Assert.Equal(0, (await CommandLine.RunAsync("pools", "export", "--as=poolwatch", $"--output={link}")).Code);
        Assert.Equal(PoolList.LoadBundled().ToJson(), (await CommandLine.RunAsync("pools", "export", "--as=poolwatch", "--output=/dev/stdout")).Output);

        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(PoolList.LoadBundled().ToJson(), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_ends_with_1()
    {
        var result = await CommandLine.RunAsync("pools", "export", "--as=mempool", $"--output={PathOf("no-such-folder/list.json")}");

        Assert.Equal(1, result.Code);
        Assert.Contains("can't be written", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>A file of 100 MB that takes no room: nothing but NUL.</summary>
    [Theory]
    [InlineData("pools", "import")]
    [InlineData("pools", "lint")]
    [InlineData("pools", "export", "--as=mempool")]
    public async Task A_hundred_megabytes_are_refused_without_reading_them(params string[] command)
    {
        var file = PathOf("large.json");
        await using (var large = File.Create(file))
        {
            large.SetLength(100 << 20);
        }

        var (code, output, errors) = await CommandLine.RunAsync([.. command, file]);

        Assert.Equal((1, ""), (code, output));
        Assert.Equal("The list is larger than 16777216 bytes, the most that is read.", errors.Trim());
    }

    private string PathOf(string name) => Path.Combine(_directory.Path, name);
}
