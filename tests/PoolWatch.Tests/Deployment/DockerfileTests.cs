using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

public sealed partial class DockerfileTests(TestPostgres postgres)
{
    private static readonly string Dockerfile = Repository.Read("Dockerfile");

    [Fact]
    public void It_copies_what_exists_and_what_dockerignore_lets_through()
    {
        var ignore = Repository.Read(".dockerignore");
        var sources = CopyLine().Matches(Dockerfile).SelectMany(m => m.Groups[1].Value.Split(' ')).Select(s => s.TrimEnd('/')).ToList();
        Assert.Contains("src", sources);
        Assert.All(sources, s => Assert.True(Path.Exists(Repository.PathOf(s)), $"{s} does not exist."));
        Assert.All(sources, s => Assert.Contains($"\n!{s}\n", ignore, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_that_the_build_reads_from_the_root_is_copied()
    {
        string[] notForTheBuild = ["PoolWatch.sln", "build", "Dockerfile", "docker-compose.yml"];
        var read = Directory.EnumerateFiles(Repository.Root).Select(Path.GetFileName)
            .Where(f => f is "global.json" or ".editorconfig" || f!.EndsWith(".props", StringComparison.Ordinal) || f.EndsWith(".targets", StringComparison.Ordinal) || f == "BannedSymbols.txt");
        Assert.All(read.Except(notForTheBuild), f => Assert.Contains($" {f} ", Dockerfile, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_file_outside_of_src_that_is_embedded_is_copied()
    {
        var embedded = Repository.Files("src", "*.csproj").SelectMany(f => Embedded().Matches(Repository.Read(f))).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(embedded);
        Assert.All(embedded, folder => Assert.Contains($"\nCOPY {folder}/ {folder}/\n", Dockerfile, StringComparison.Ordinal));
    }

    [Fact]
    public void It_builds_with_NBitcoin_and_runs_without_root()
    {
        Assert.Contains("ARG NBITCOIN=true", Dockerfile, StringComparison.Ordinal);
        Assert.Contains("-p:NBitcoin=${NBITCOIN}", Dockerfile, StringComparison.Ordinal);
        var runtime = Dockerfile[Dockerfile.LastIndexOf("FROM ", StringComparison.Ordinal)..];
        Assert.Contains("\nUSER $APP_UID\n", runtime, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_health_check_says_whether_the_service_lives()
    {
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample");
        Assert.Equal(0, await DockerHealthCheck.RunAsync(service.Http.BaseAddress!.Port, "/health/live"));
        Assert.NotEqual(0, await DockerHealthCheck.RunAsync(service.Http.BaseAddress!.Port, "/no/such/page"));
        Assert.NotEqual(0, await DockerHealthCheck.RunAsync(Ports.Free(1)[0], "/health/live"));
    }

    [GeneratedRegex("EmbeddedResource Include=\"\\.\\./\\.\\./([^\"]+)/[^/\"]+\"")]
    private static partial Regex Embedded();

    [GeneratedRegex("^COPY (?!--from)(.+) \\S+$", RegexOptions.Multiline)]
    private static partial Regex CopyLine();
}
