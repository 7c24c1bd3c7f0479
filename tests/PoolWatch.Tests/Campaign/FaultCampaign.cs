using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>
/// Round after round: a real service on a real node and a real database, a fault at a random moment, and then the comparison with a run that
/// nothing happened to. A seed decides everything that a program can decide; the machine's own timing is not in it.
/// </summary>
public sealed class FaultCampaign : IAsyncDisposable
{
    private readonly CampaignNode _node;
    private readonly CampaignPostgres _server;
    private readonly Verification _verification;
    private readonly string _source;
    private readonly bool _isLong;
    private string _template = "";
    private Pace _pace = new(TimeSpan.Zero, TimeSpan.Zero);

    private FaultCampaign(CampaignNode node, CampaignPostgres server, TestPostgres undisturbed, string source, bool isLong)
    {
        (_node, _server, _source, _isLong) = (node, server, source, isLong);
        _verification = new Verification(undisturbed, node, source);
    }

    /// <param name="undisturbed">Where the databases lie that nothing happens to.</param>
    /// <param name="source">The block source of every service.</param>
    /// <param name="isLong">Whether rounds strike several times, and begin with a chain of twice the length.</param>
    public static async Task<FaultCampaign> StartAsync(TestPostgres undisturbed, string source, bool isLong)
    {
        var starting = (Node: CampaignNode.StartAsync(copies: isLong ? 2 : 1), Server: CampaignPostgres.StartAsync());
        var campaign = new FaultCampaign(await starting.Node, await starting.Server, undisturbed, source, isLong);
        await campaign.MeasurePaceAsync();
        return campaign;
    }

    /// <param name="number">From 1.</param>
    /// <param name="seed">What decides kind, phase, moment and everything else.</param>
    public async Task<RoundResult> RunAsync(int number, int seed)
    {
        var (kind, random) = (FaultKind.Of(seed), new Random(seed));
        var backfill = random.Next(2) == 0 ? kind.Phase != Phase.Following : kind.Phase == Phase.Backfill;
        await _node.ResetAsync();
        await _server.EnsureRunningAsync();
        var database = await _server.CreateDatabaseAsync(backfill ? "template1" : _template);
        RoundResult result;
        await using (var round = new Round(_node, _server, database, _source, backfill, _pace, _isLong, random))
        {
            var (settled, findings) = await StrikeAndVerifyAsync(kind, round);
            result = new RoundResult(number, seed, kind.Name, backfill, round.Faults, round.FaultsInWrites, round.Story, settled, findings);
        }

        await _server.EnsureRunningAsync();
        await _server.DropDatabaseAsync(database);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _node.DisposeAsync();
    }

    /// <summary>Whatever goes wrong is a result: the next round begins anew.</summary>
    private async Task<(TimeSpan Settled, Findings Findings)> StrikeAndVerifyAsync(FaultKind kind, Round round)
    {
        try
        {
            await kind.StrikeAsync(round);
            var settled = await round.SettleAsync();
            var pages = await Task.WhenAll(round.Services.Select(s => s.GetTextAsync("/metrics")));
            var findings = await _verification.FindAsync(round.ConnectionString, pages);
            return (settled, findings with { Sentences = [.. findings.Sentences, .. round.Complaints] });
        }
        catch (Exception e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return (TimeSpan.Zero, new Findings(0, 0, [$"{e.GetType().Name}: {e.Message}", .. round.Complaints, round.Output]));
        }
    }

    /// <summary>An undisturbed run: what it stores is what rounds begin with that follow a chain.</summary>
    private async Task MeasurePaceAsync()
    {
        _template = await _server.CreateDatabaseAsync();
        await using var round = new Round(_node, _server, _template, _source, backfill: true, _pace, _isLong, new Random(0));
        var service = await round.StartServiceAsync();
        _pace = new Pace(await round.StoredAsync(0), await round.StoredAsync(_node.BaseHeight));
        await service.WaitForTipAsync(_node.Tip);
        await round.KillAsync(service);
        await _server.TerminateAsync(_template);
    }
}
