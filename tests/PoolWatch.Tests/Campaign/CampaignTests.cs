using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>
/// The fault campaign: each kind of fault once, or with <c>CAMPAIGN_FAULTS</c> as many rounds as wanted (docs/fault-campaign.md).
/// </summary>
public sealed class CampaignTests(TestPostgres postgres)
{
    private const int DefaultSeed = 20_260_000;

    [Fact]
    public async Task Whatever_breaks_nothing_is_lost_and_nothing_is_there_twice()
    {
        var (seed, count) = (Number("CAMPAIGN_SEED", DefaultSeed), Number("CAMPAIGN_FAULTS", FaultKind.All.Count));
        var source = Environment.GetEnvironmentVariable("CAMPAIGN_SOURCE") is { Length: > 0 } named ? named : "rpc";
        var isLong = Environment.GetEnvironmentVariable("CAMPAIGN_FAULTS") is { Length: > 0 } && Number("CAMPAIGN_SHORT", 0) == 0;
        var start = TimeProvider.System.GetTimestamp();
        var results = new List<RoundResult>();
        await using var campaign = await FaultCampaign.StartAsync(postgres, source, isLong);
        for (var number = 1; number <= count; number++)
        {
            results.Add(await campaign.RunAsync(number, seed + number - 1));
            Say(results[^1].ToString());
        }

        var report = new CampaignReport(results, TimeProvider.System.GetElapsedTime(start));
        Say($"{report.Summary(seed, source)}\n\n{report.Table()}");
        Assert.True(report.Passed, string.Join("\n\n", report.Failed.Select(r => $"{r}\nRepeat: CAMPAIGN_SEED={r.Seed} CAMPAIGN_FAULTS=1{(isLong ? "" : " CAMPAIGN_SHORT=1")}")));
    }

    /// <summary>Into the test's output, and into the report, which can be read while the campaign runs.</summary>
    private static void Say(string text)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(text);
        if (Environment.GetEnvironmentVariable("CAMPAIGN_REPORT") is { Length: > 0 } path)
        {
            File.AppendAllText(path, $"{text}\n");
        }
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
