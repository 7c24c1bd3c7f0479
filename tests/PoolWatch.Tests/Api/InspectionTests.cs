using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PoolWatch.Api;
using PoolWatch.Commands;
using PoolWatch.ReadModel;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Api;

/// <summary>Unknown miners, shared payees and disagreeing lists, on a chain that a real node holds.</summary>
public sealed class InspectionTests(TestPostgres postgres)
{
    private const int Whole = 2016;
    private const int Spare = 24;
    private static readonly IReadOnlyList<SampleLabel> Labels = SampleLabels.Load();

    [Fact]
    public async Task The_UUID_miner_is_found_ranked_and_followed()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, Plans());
        await using var service = await StartAsync(node);
        await service.WaitForTipAsync(mined[^1].Hash);

        var answer = await service.GetAsync("/v1/unknown");
        var found = answer.GetProperty("candidates").EnumerateArray().First();
        Assert.Equal(CountUuid(Spare + 1, Whole + Spare), found.GetProperty("blocks").GetInt32());
        Assert.Equal("://<uuid v4>", found.GetProperty("shape").GetProperty("text").GetString());
        Assert.Equal(3, found.GetProperty("payoutCount").GetInt32());
        Assert.All(found.GetProperty("payouts").EnumerateArray(), p => Assert.StartsWith("bcrt1", p.GetProperty("address").GetString(), StringComparison.Ordinal));
        Assert.All(found.GetProperty("suggestion").GetProperty("addresses").EnumerateArray(), a => Assert.StartsWith("bc1", a.GetProperty("text").GetString(), StringComparison.Ordinal));
        Assert.Equal(PoolsLargerThan(await service.GetAsync("/v1/shares"), found.GetProperty("blocks").GetInt32()) + 1, found.GetProperty("rank").GetInt32());
        var example = found.GetProperty("examples").EnumerateArray().First();
        Assert.Equal(mined[example.GetProperty("height").GetInt32() - 1].Hash, example.GetProperty("hash").GetString());
        Assert.Contains("://", example.GetProperty("text").GetString(), StringComparison.Ordinal);

        var page = new MetricsPage(await service.GetTextAsync("/metrics"));
        Assert.Equal(1, page.Value("poolwatch_unknown_candidates_top_ten", "window=2016"));
        Assert.Equal(found.GetProperty("share").GetDouble(), page.Value("poolwatch_unknown_candidate_largest_share_ratio", "window=2016"));
        Assert.Equal(answer.GetProperty("candidateCount").GetInt32(), page.Value("poolwatch_unknown_candidates", "window=2016"));

        // Another block, and the window moves: the same candidate under the same id.
        var next = await TagMiner.MineAsync(node, [UuidPlan(Whole + Spare + 1, mined[^1])]);
        await service.WaitForTipAsync(next[0].Hash);
        var later = (await service.GetAsync("/v1/unknown")).GetProperty("candidates").EnumerateArray().First();
        Assert.Equal(found.GetProperty("id").GetString(), later.GetProperty("id").GetString());
        Assert.Equal(Whole + Spare + 1, later.GetProperty("lastHeight").GetInt32());
    }

    [Fact]
    public async Task Windows_are_read_alike_from_memory_and_from_the_database()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, Plans());
        await using var service = await StartAsync(node);
        await service.WaitForTipAsync(mined[^1].Hash);

        // Of these windows the first two are in memory, the others are not.
        foreach (var (from, to) in new[] { (Spare + 1, Whole + Spare), (1000, 1999), (1, Whole + Spare), (1, 999), (Spare, Spare) })
        {
            var answer = await service.GetAsync($"/v1/unknown?from={from}&to={to}");
            var blocks = answer.GetProperty("candidates").EnumerateArray().Where(c => c.GetProperty("shape").ValueKind == JsonValueKind.Object).Sum(c => c.GetProperty("blocks").GetInt32());
            Assert.Equal(CountUuid(from, to) is var count and > 1 ? count : 0, blocks);
            var shares = await service.GetAsync($"/v1/shares?from={from}&to={to}");
            Assert.Equal(shares.GetProperty("unknown").GetProperty("blocks").GetInt32(), answer.GetProperty("unknownBlocks").GetInt32());

            var overlaps = (await service.GetAsync($"/v1/custody-overlaps?from={from}&to={to}")).GetProperty("overlaps").EnumerateArray().Where(o => !o.GetProperty("minor").GetBoolean());
            Assert.Equal(from <= 1500 && to >= 1501 ? 1 : 0, overlaps.Count());
        }

        var overlap = (await service.GetAsync("/v1/custody-overlaps")).GetProperty("overlaps").EnumerateArray().First();
        Assert.Equal(Convert.ToHexStringLower(Script(99)), overlap.GetProperty("script").GetString());
        Assert.Equal((1500, 1501), (overlap.GetProperty("firstHeight").GetInt32(), overlap.GetProperty("lastHeight").GetInt32()));
        Assert.Equal(["antpool", "foundryusa"], overlap.GetProperty("pools").EnumerateArray().Select(p => p.GetProperty("slug").GetString()).Order());
        Assert.Equal(1, new MetricsPage(await service.GetTextAsync("/metrics")).Value("poolwatch_custody_overlaps", "window=2016"));
    }

    [Fact]
    public async Task After_reorgs_everything_is_as_if_read_anew()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, Plans());
        await using var service = await StartAsync(node);
        await service.WaitForTipAsync(mined[^1].Hash);
        var before = await service.GetTextAsync("/v1/list-check?limit=1000");

        // Forty blocks are replaced by forty-one, most of them of the UUID miner.
        var fork = mined[^41];
        var branch = await TagMiner.MineAsync(node, [.. Enumerable.Range(1, 41).Select(i => i % 5 == 0
            ? LabelledPlans.ByTag("viabtc", (uint)(1_780_000_000 + i))
            : UuidPlan(fork.Height + i, fork) with { Time = (uint)(1_780_000_000 + i) })], fork);
        await service.WaitForTipAsync(branch[^1].Hash);

        await using var fresh = await StartAsync(node);
        await fresh.WaitForTipAsync(branch[^1].Hash);
        foreach (var address in new[] { "/v1/unknown", "/v1/custody-overlaps", "/v1/list-check?limit=1000" })
        {
            Assert.Equal(await fresh.GetTextAsync(address), await service.GetTextAsync(address));
        }

        Assert.NotEqual(before, await service.GetTextAsync("/v1/list-check?limit=1000"));
    }

    [Fact]
    public async Task A_long_window_is_never_read_from_another_chain_than_the_snapshots()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, Plans());
        await using var service = await StartAsync(node);
        await service.WaitForTipAsync(mined[^1].Hash);
        var (inspection, current) = (service.Services.GetRequiredService<WindowInspection>(), service.Services.GetRequiredService<CurrentSnapshot>());
        var (before, window) = (current.Value!, new BlockWindow(1, Whole + Spare));

        // The block in place of the last has the same time.
        var time = BitConverter.ToUInt32(mined[^1].Header, 68);
        var branch = await TagMiner.MineAsync(node, [LabelledPlans.ByTag("viabtc", time), LabelledPlans.ByTag("viabtc", time + 600)], mined[^2]);
        await service.WaitForTipAsync(branch[^1].Hash);

        var cancelled = TestContext.Current.CancellationToken;
        Assert.Equal(503, (await Assert.ThrowsAsync<ProblemException>(() => inspection.FindUnknownAsync(before, window, cancelled))).Status);
        Assert.Equal(503, (await Assert.ThrowsAsync<ProblemException>(() => inspection.FindOverlapsAsync(before, window, cancelled))).Status);
        Assert.NotEmpty((await inspection.FindUnknownAsync(current.Value!, window, cancelled)).Clusters);
    }

    [Fact]
    public async Task A_long_window_is_answered_before_the_next_one_is_read()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, Plans());
        await using var service = await StartAsync(node);
        await service.WaitForTipAsync(mined[^1].Hash);
        var inspection = service.Services.GetRequiredService<WindowInspection>();
        var (snapshot, window) = (service.Services.GetRequiredService<CurrentSnapshot>().Value!, new BlockWindow(1, Whole + Spare));

        // The first question reads the window twice, the second once.
        var first = inspection.FindUnknownAsync(snapshot, window, TestContext.Current.CancellationToken);
        var second = inspection.FindOverlapsAsync(snapshot, window, TestContext.Current.CancellationToken);

        Assert.Same(first, await Task.WhenAny(first, second));
        Assert.NotEmpty((await first).Clusters);
        Assert.NotEmpty(await second);
    }

    [Fact]
    public async Task Whatever_a_coinbase_says_the_answer_is_JSON_and_says_it_harmlessly()
    {
        var text = Encoding.Latin1.GetBytes("</script><img src=x>\"\\\0\r\n\u001b[31m\u0080\u00ff Wombat Works");
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, [.. Enumerable.Range(1, 3).Select(i => new CoinbasePlan((uint)(1_700_000_000 + i), text))]);
        await using var service = await StartAsync(node);
        await service.WaitForTipAsync(mined[^1].Hash);

        var answer = await service.GetTextAsync("/v1/unknown?window=3");
        var found = JsonDocument.Parse(answer).RootElement.GetProperty("candidates").EnumerateArray().Single();

        Assert.All(answer, c => Assert.InRange(c, ' ', '~'));
        Assert.All(found.GetProperty("text").GetProperty("text").GetString()!, c => Assert.InRange(c, ' ', '~'));
        Assert.All(found.GetProperty("examples").EnumerateArray(), e => Assert.All(e.GetProperty("text").GetString()!, c => Assert.InRange(c, ' ', '~')));
        Assert.DoesNotContain("Wombat", await service.GetTextAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_suggests_entries_that_the_pool_list_takes()
    {
        await using var node = await BitcoinNode.StartAsync();
        var mined = await TagMiner.MineAsync(node, [.. Enumerable.Range(1, 20).Select(height => Uuid(height, (uint)(1_700_000_000 + height)))]);
        var database = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(database, [.. RunningService.ReadingNode(node), "PoolWatch:FromHeight=1"]);
        await service.WaitForTipAsync(mined[^1].Hash);
        string[] settings = [$"--ConnectionStrings:PoolWatch={database}", "--PoolWatch:Network=regtest"];

        using var output = new StringWriter();
        var code = await SuggestCommand.RunAsync(settings, output);

        Assert.Equal(0, code);
        var text = output.ToString();
        Assert.Contains("20 of 20 blocks are unknown. Candidates: 1, with 20 of them; 0 stand alone.", text, StringComparison.Ordinal);
        Assert.Contains("shape ://<uuid v4> in 20; outputs p2wpkh in 20; 2 payees", text, StringComparison.Ordinal);
        var entry = text[text.IndexOf('{', StringComparison.Ordinal)..];
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "pools.json");
        await File.WriteAllTextAsync(file, $$"""{ "format": "{{PoolList.Format}}", "pools": [ {{entry}} ] }""", TestContext.Current.CancellationToken);
        await AssertFollowsAsync(service, ["apply", file, "--accept", .. settings]);
    }

    /// <summary>The entry names every block; neither public list does.</summary>
    private static async Task AssertFollowsAsync(RunningService service, string[] apply)
    {
        Assert.Equal(0, (await service.GetAsync("/v1/list-check")).GetProperty("differingBlocks").GetInt32());
        Assert.Equal(0, await ListChangeCommand.RunAsync(apply));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        JsonElement check;
        while ((check = await service.GetAsync("/v1/list-check")).GetProperty("differingBlocks").GetInt32() == 0)
        {
            await Task.Delay(50, limit.Token);
        }

        Assert.Equal(20, check.GetProperty("differingBlocks").GetInt32());
        Assert.All(check.GetProperty("blocks").EnumerateArray(), b => Assert.StartsWith("unknown", b.GetProperty("ours").GetString(), StringComparison.Ordinal));
        Assert.All(check.GetProperty("blocks").EnumerateArray(), b => Assert.Equal(
            ["mempool", "bitcoin_data"], b.GetProperty("why").EnumerateArray().Select(w => w.GetProperty("list").GetString())));
        Assert.Equal(0, (await service.GetAsync("/v1/unknown?window=20")).GetProperty("unknownBlocks").GetInt32());
    }

    [Theory]
    [InlineData("--window=0")]
    [InlineData("--window=52561")]
    [InlineData("--window")]
    [InlineData("file.json")]
    [InlineData("--PoolWatch:Nonsense=1")]
    public async Task The_command_refuses_what_it_does_not_know(string argument)
    {
        using var output = new StringWriter();
        Assert.Equal(2, await SuggestCommand.RunAsync([argument], output));
        Assert.Empty(output.ToString());
    }

    private async Task<RunningService> StartAsync(BitcoinNode node) => await RunningService.StartAsync(
        await postgres.CreateDatabaseAsync(), [.. RunningService.ReadingNode(node), "PoolWatch:FromHeight=1"]);

    /// <summary>The labels again and again; each twelfth block is the UUID miner's, and two pools pay the same address.</summary>
    private static CoinbasePlan[] Plans()
    {
        var labels = Labels.Concat(Labels.Take(Spare).Select(l => l with { Time = l.Time + 1_300_000 }));
        CoinbasePlan[] plans = [.. LabelledPlans.Of(labels, firstHeight: 1)];
        for (var height = 1; height <= plans.Length; height++)
        {
            plans[height - 1] = height switch
            {
                _ when IsUuid(height) => Uuid(height, plans[height - 1].Time),
                1500 => LabelledPlans.ByTag("foundryusa", plans[height - 1].Time) with { Outputs = Paying(height, 99) },
                1501 => LabelledPlans.ByTag("antpool", plans[height - 1].Time) with { Outputs = Paying(height, 99) },
                _ => plans[height - 1],
            };
        }

        return plans;
    }

    private static bool IsUuid(int height) => height % 12 == 5;

    private static int CountUuid(int from, int to) => Enumerable.Range(from, to - from + 1).Count(IsUuid);

    private static CoinbasePlan UuidPlan(int height, MinedBlock above) => Uuid(height, BitConverter.ToUInt32(above.Header, 68) + 600);

    private static CoinbasePlan Uuid(int height, uint time) =>
        new(time, Encoding.ASCII.GetBytes($"\u0001://{height:x8}-9abc-4def-8123-456789abcdef\u0002"), Paying(height, height / 12 % 3));

    private static CoinbaseOutput[] Paying(int height, int payee) => [new(TagMiner.RegtestSubsidy(height), Script(payee))];

    private static byte[] Script(int payee) => [0, 20, .. Enumerable.Repeat((byte)payee, 20)];

    private static int PoolsLargerThan(JsonElement shares, int blocks) =>
        shares.GetProperty("pools").EnumerateArray().Count(p => p.GetProperty("blocks").GetInt32() > blocks);
}
