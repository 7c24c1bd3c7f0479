using System.Globalization;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>How long an undisturbed service takes on this machine today, from its start.</summary>
/// <param name="Begun">Until its schema's chain is begun.</param>
/// <param name="Done">Until the whole chain is stored.</param>
public sealed record Pace(TimeSpan Begun, TimeSpan Done);

/// <summary>What a round works on: node, database server, one database of its own, and the services that read and write it.</summary>
public sealed class Round(CampaignNode node, CampaignPostgres server, string database, string source, bool backfill, Pace pace, bool isLong, Random random) : IAsyncDisposable
{
    private const int SettleSeconds = 60;
    private const string Writing = ", in a write";
    private static readonly TimeSpan MiningTime = TimeSpan.FromMilliseconds(1000);
    private static readonly TimeSpan HearingTime = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(2);
    private readonly List<string> _notes = [];
    private readonly List<string> _complaints = [];
    private readonly List<ServiceProcess> _services = [];
    private readonly List<ServiceProcess> _ended = [];
    private readonly List<IAsyncDisposable> _kept = [];
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private long _serviceStart;
    private string _seen = "";
    private TimeSpan _slowest;
    private Task _mining = Task.CompletedTask;

    public CampaignNode Node => node;

    public CampaignPostgres Server => server;

    public string Database => database;

    public Random Random => random;

    /// <summary>The services that run, or should.</summary>
    public IReadOnlyList<ServiceProcess> Services => _services;

    public string ConnectionString => server.ConnectionString(database);

    /// <summary>What was done when, in the order in which it was done.</summary>
    public string Story => string.Join("; ", _notes);

    /// <summary>What the services did that no fault excuses.</summary>
    public IReadOnlyList<string> Complaints => [.. _complaints, .. _services.Concat(_ended).SelectMany(UnexpectedLines).Distinct().Take(3)];

    public int Faults { get; private set; }

    /// <summary>How many struck while a transaction was seen to write.</summary>
    public int FaultsInWrites { get; private set; }

    public string Output => string.Join("\n--\n", _ended.Concat(_services).Select(s => string.Join('\n', s.Output.Split('\n').TakeLast(15))));

    /// <summary>How often a fault strikes in this round: in a short campaign once.</summary>
    public int Times(int most) => random.Next(1, most + 1) is var times && isLong ? times : 1;

    public TimeSpan UpTo(int milliseconds) => TimeSpan.FromMilliseconds(random.Next(milliseconds));

    public static Task WaitAsync(TimeSpan time) => Task.Delay(time, TestContext.Current.CancellationToken);

    /// <summary>Something that the services need until the round is over.</summary>
    public T Keep<T>(T kept) where T : IAsyncDisposable
    {
        _kept.Add(kept);
        return kept;
    }

    /// <summary>Says what is done now, and counts it.</summary>
    public void Strike(string what)
    {
        var at = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{what} at {at:F2} s{_seen}"));
        (Faults, FaultsInWrites) = (Faults + 1, FaultsInWrites + (_seen.Contains(Writing, StringComparison.Ordinal) ? 1 : 0));
        _seen = "";
    }

    /// <summary>The last strike hit nothing: it does not count.</summary>
    public void Missed()
    {
        (Faults, FaultsInWrites) = (Faults - 1, FaultsInWrites - (_notes[^1].Contains(Writing, StringComparison.Ordinal) ? 1 : 0));
        _notes[^1] += " (nobody was there)";
    }

    /// <summary>Says what came of it.</summary>
    public void Note(string what) => _notes.Add(what);

    /// <summary>Starts a service on the round's database.</summary>
    /// <param name="environment">Variables of its own.</param>
    /// <param name="nodePort">Another port than the node's own: that of a proxy.</param>
    /// <param name="databasePort">The same for the database.</param>
    public async Task<ServiceProcess> StartServiceAsync(IEnumerable<string>? environment = null, int? nodePort = null, int? databasePort = null)
    {
        string[] settings =
        [
            .. RunningService.ReadingNode(new Uri($"http://127.0.0.1:{nodePort ?? node.Node.RpcPort}"), node.Node.CookieFile, source),
            $"ConnectionStrings:PoolWatch={server.ConnectionString(database, databasePort)}",
        ];
        _serviceStart = TimeProvider.System.GetTimestamp();
        var service = await ServiceProcess.StartInAsync(environment ?? [], settings);
        _services.Add(service);
        return service;
    }

    /// <summary>Starts a first service, and a chain that grows where it shall follow one.</summary>
    public async Task<ServiceProcess> BeginAsync(IEnumerable<string>? environment = null, int? nodePort = null, int? databasePort = null)
    {
        var service = await StartServiceAsync(environment, nodePort, databasePort);
        if (!backfill)
        {
            await service.WaitForTipAsync(node.Tip);
            _mining = MineAsync(new Random(random.Next()));
        }

        return service;
    }

    /// <summary>A moment while the service starts or catches up, or while the chain grows that it follows; often one in which it writes.</summary>
    public async Task MomentAsync()
    {
        var (kind, height, looks) = (random.Next(5), random.Next(-1, node.BaseHeight), random.Next(1, 12));
        var start = backfill ? (pace.Begun * random.NextDouble()) - TimeProvider.System.GetElapsedTime(_serviceStart) : MiningTime * random.NextDouble();
        switch (kind)
        {
            case 0:
                await WaitAsync(start > TimeSpan.Zero ? start : UpTo(200));
                await WatchAsync(_ => true, 1);
                break;
            case 1 or 2:
                await WatchAsync(seen => seen.Begun && seen.Writes, looks);
                break;
            default:
                await WaitAsync(backfill ? TimeSpan.Zero : start);
                await WatchAsync(seen => seen.Begun && seen.Height >= height, 1);
                break;
        }
    }

    /// <summary>A moment while the schema is made: soon after a service's first session on the database.</summary>
    public async Task FirstSessionAsync()
    {
        await WatchAsync(seen => seen.Sessions > 0, 1);
        await WaitAsync(UpTo(80));
    }

    public async Task KillAsync(ServiceProcess service)
    {
        await service.KillAsync();
        Retire(service);
    }

    /// <returns>The stored height; −1 before the first block, or where nobody can say.</returns>
    public async Task<int> StoredHeightAsync()
    {
        try
        {
            await using var view = await DatabaseView.OpenAsync(ConnectionString);
            return (await view.LookAsync()).Height;
        }
        catch (Npgsql.NpgsqlException)
        {
            return -1;
        }
    }

    /// <returns>How long it takes until a height is stored.</returns>
    public async Task<TimeSpan> StoredAsync(int height)
    {
        await using var view = await DatabaseView.OpenAsync(ConnectionString);
        while ((await view.LookAsync()).Height < height)
        {
            Assert.False(_services.Exists(s => s.HasExited), "The service ended before it stored the chain.");
            await WaitAsync(BetweenLooks);
        }

        return TimeProvider.System.GetElapsedTime(_serviceStart);
    }

    /// <summary>Looks at the database until something was seen so many times, or all is stored, or for a while.</summary>
    private async Task WatchAsync(Func<DatabaseSight, bool> wanted, int times)
    {
        var (start, longest) = (TimeProvider.System.GetTimestamp(), backfill ? (pace.Done * 2) + MiningTime : MiningTime);
        try
        {
            await using var view = await DatabaseView.OpenAsync(ConnectionString);
            while (TimeProvider.System.GetElapsedTime(start) < longest)
            {
                var seen = await view.LookAsync();
                _seen = string.Create(CultureInfo.InvariantCulture, $" ({(!seen.Begun ? "no schema" : seen.Height < 0 ? "no block" : $"height {seen.Height}")}{(seen.Writes ? Writing : "")})");
                if ((wanted(seen) && --times == 0) || (backfill && seen.Height >= node.BaseHeight))
                {
                    return;
                }

                await WaitAsync(BetweenLooks);
            }
        }
        catch (Npgsql.NpgsqlException)
        {
            _seen = " (database away)";
        }
    }

    /// <summary>Everything that was taken away is given back; then waits until every service follows the node's tip.</summary>
    /// <returns>How long that took, the slowest of the round.</returns>
    public async Task<TimeSpan> SettleAsync()
    {
        await _mining;
        await server.EnsureRunningAsync();
        foreach (var service in _services.Where(s => s.HasExited).ToList())
        {
            _complaints.Add($"a service ended by itself: {service.Output.Split('\n')[^1]}");
            Retire(service);
        }

        if (_services.Count == 0)
        {
            await StartServiceAsync();
        }

        var start = TimeProvider.System.GetTimestamp();
        await AllFollowAsync();
        // Again, as one may not have heard yet of what struck last when it was asked.
        await WaitAsync(HearingTime);
        await AllFollowAsync();
        var took = TimeProvider.System.GetElapsedTime(start) - HearingTime;
        return _slowest = took > _slowest ? took : _slowest;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.Concat(_ended))
        {
            await service.DisposeAsync();
        }

        foreach (var kept in _kept)
        {
            await kept.DisposeAsync();
        }
    }

    private async Task AllFollowAsync()
    {
        foreach (var service in _services)
        {
            await service.WaitAsync(s => Follows(s, mayOnlyRead: _services.Count > 1), SettleSeconds);
        }
    }

    private void Retire(ServiceProcess service)
    {
        _services.Remove(service);
        _ended.Add(service);
    }

    private bool Follows(JsonElement status, bool mayOnlyRead) =>
        ServiceStatus.Follows(status, node.Tip)
        && status.GetProperty("databaseUp").GetBoolean()
        && (status.GetProperty("problem").GetString() is not { } problem || (mayOnlyRead && problem == "other_ingester"));

    private async Task MineAsync(Random miner)
    {
        const int Bursts = 6;
        for (var burst = 0; burst < Bursts; burst++)
        {
            await WaitAsync(MiningTime / Bursts);
            await node.ExtendAsync(miner.Next(1, 4), miner);
        }
    }

    /// <summary>Whatever happens to it, a service knows what it is: an error that it does not expect, or the end of it, is a fault of its own.</summary>
    private static IEnumerable<string> UnexpectedLines(ServiceProcess service) =>
        service.Output.Split('\n').Where(l => l.Contains("Z ERROR ", StringComparison.Ordinal) || l.Contains("Z CRIT ", StringComparison.Ordinal))
            .Select(l => $"the log has: {l[(l.IndexOf('Z', StringComparison.Ordinal) + 2)..]}");
}
