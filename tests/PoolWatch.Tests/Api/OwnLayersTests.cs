using PoolWatch.Core.Layers;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

/// <summary>A service whose user has layers of his own.</summary>
public sealed class OwnLayersTests(TestPostgres postgres)
{
    private const string Own =
        """
        { "format": "poolwatch-layers/1", EXTENDS "layers": [ { "name": "country", "about": "where it is said to be", "entities": [
          { "slug": "us", "name": "United States", "members": [
            { "pool": "foundryusa", "confidence": "medium", "source": "its name" },
            { "pool": "marapool", "from": "2026-04-20", "confidence": "low", "source": "a guess" },
            { "pool": "fuondryusa", "confidence": "low", "source": "misspelled" } ] } ] } ] }
        """;

    [Theory]
    [InlineData("", "pool country")]
    [InlineData("\"extends\": \"bundled\",", "pool legal template custody country")]
    public async Task A_file_adds_a_layer_to_every_measure(string extends, string layers)
    {
        using var folder = new TemporaryDirectory();
        var (path, json) = (Path.Combine(folder.Path, "layers.json"), Own.Replace("EXTENDS", extends, StringComparison.Ordinal));
        await File.WriteAllTextAsync(path, json, TestContext.Current.CancellationToken);
        await using var service = await RunningService.StartAsync(await postgres.CreateDatabaseAsync(), "PoolWatch:Source=sample", $"PoolWatch:Layers={path}");
        await service.WaitForSampleAsync();

        var answer = await service.GetAsync("/v1/layers");
        Assert.Equal(layers.Split(' '), answer.GetProperty("layers").EnumerateArray().Select(l => l.GetProperty("name").GetString()));
        Assert.Equal(LayerSet.Parse(System.Text.Encoding.UTF8.GetBytes(json)).Version, answer.GetProperty("version").GetString());
        var members = answer.GetProperty("layers").EnumerateArray().Last().GetProperty("entities")[0].GetProperty("members").EnumerateArray();
        Assert.Equal([true, true, false], members.Select(m => m.GetProperty("listed").GetBoolean()));

        var page = new MetricsPage(await service.GetTextAsync("/metrics"));
        Assert.Equal(layers.Split(' ').Order(), page.Of("poolwatch_pool_blocks").Select(s => s.Labels[0].Value).Distinct().Order());
        Assert.Equal(ExpectedBlocks(), page.Value("poolwatch_pool_blocks", "layer=country,pool=us,window=2016"));
        Assert.True(page.Value("poolwatch_pool_blocks", "layer=country,pool=marapool,window=2016") > 0);
    }

    /// <summary>Foundry's blocks, and MARA's from the first block on whose median time is of 2026-04-20.</summary>
    private static int ExpectedBlocks()
    {
        var labels = SampleLabels.Load();
        var day = new DateTimeOffset(2026, 4, 20, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        return labels.Where((l, i) => l.Pool == "foundryusa"
            || (l.Pool == "marapool" && i >= 10 && labels.Skip(i - 10).Take(11).Select(b => b.Time).Order().ElementAt(5) >= day)).Count();
    }
}
