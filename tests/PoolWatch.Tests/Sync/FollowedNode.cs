using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PoolWatch.Sync;
using PoolWatch.Tests.Node;
using PoolWatch.Tests.Support;
using Quartz;

namespace PoolWatch.Tests.Sync;

/// <summary>
/// A service that follows a <see cref="FakeNode"/>, through one test of a class after the other: each lets the node's chain grow a little. Beside
/// it what a service stores that nothing disturbs.
/// </summary>
public sealed class FollowedNode(TestPostgres postgres) : IAsyncLifetime
{
    /// <summary>The height at which the first test begins.</summary>
    public const int FirstHeight = 60;

    private const int Height = 260;
    private Run? _shared;

    /// <summary>All that will ever be mined; coinbases of one to tens of KB, too.</summary>
    public FakeChain Chain { get; } = FakeChain.Genesis.Mine(LabelledPlans.Of(SampleLabels.Load().Take(Height), 1).Select(WithLargeCoinbases));

    /// <summary>The rows of the database of a service that read the whole chain undisturbed.</summary>
    public IReadOnlyList<string> Stored { get; private set; } = [];

    public async ValueTask InitializeAsync() => Stored = await StoreAsync(Chain);

    public async ValueTask DisposeAsync()
    {
        if (_shared is { } run)
        {
            await run.DisposeAsync();
        }
    }

    /// <summary>The database of a service that starts now and reads this chain.</summary>
    public async Task<IReadOnlyList<string>> StoreAsync(FakeChain chain)
    {
        await using var run = await StartAsync("rpc", parts: false, chain);
        return await StoredState.ReadAsync(run.Database);
    }

    /// <summary>The service that all tests of a class share, and its node, both well.</summary>
    public async Task<Run> SharedAsync(string source, bool parts)
    {
        _shared ??= await StartAsync(source, parts, Chain.UpTo(FirstHeight));
        _shared.Node.Recover();
        await _shared.WaitForTipAsync();
        return _shared;
    }

    /// <summary>A service of its own, at the tip of the node's chain.</summary>
    public async Task<Run> StartAsync(string source, bool parts, FakeChain chain)
    {
        var node = await FakeNode.StartAsync(chain);
        node.Parts = parts;
        var database = await postgres.CreateDatabaseAsync();
        var run = new Run(node, await RunningService.StartAsync(database, node.Settings(source)), database);
        await run.WaitForTipAsync();
        return run;
    }

    private static CoinbasePlan WithLargeCoinbases(CoinbasePlan plan, int index) => (index % 20) switch
    {
        10 => plan with { Outputs = [.. Enumerable.Repeat(new CoinbaseOutput(0, [0x6a, .. new byte[60]]), 300)] },
        11 => plan with { Outputs = [new CoinbaseOutput(0, new byte[60_000])] },
        var turn when turn % 2 == 0 => plan with { Outputs = [.. plan.Outputs ?? [], new CoinbaseOutput(0, [0x6a, .. new byte[1_200]])] },
        _ => plan,
    };

    /// <summary>A node, a service that reads it, and its database.</summary>
    public sealed record Run(FakeNode Node, RunningService Service, string Database) : IAsyncDisposable
    {
        private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

        /// <summary>How often the service was told to ask its node, besides its schedule.</summary>
        public int Nudges { get; private set; }

        /// <summary>Waits until the service follows the node's chain to its tip, and has nothing to complain of.</summary>
        public Task<JsonElement> WaitForTipAsync() => WaitAsync(status => ServiceStatus.Follows(status, Node.Chain.Tip.Hash)
            && status.GetProperty("problem").ValueKind == JsonValueKind.Null && status.GetProperty("detail").ValueKind == JsonValueKind.Null);

        /// <summary>Waits for a status, and lets the service ask its node more often than each second meanwhile.</summary>
        public async Task<JsonElement> WaitAsync(Func<JsonElement, bool> wanted)
        {
            using var limit = new CancellationTokenSource(Limit);
            for (var polls = 0; ; polls++)
            {
                var status = await Service.StatusAsync();
                if (wanted(status))
                {
                    return status;
                }

                Assert.False(limit.IsCancellationRequested, $"Not reached within {Limit.TotalSeconds} s; the status is {status}");
                if (polls % 10 == 1)
                {
                    await NudgeAsync();
                }

                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        /// <summary>The stored blocks, active or not, are exactly those of the node's chain, with what an undisturbed service says of them.</summary>
        public async Task AssertStoredAsync(IReadOnlyList<string> undisturbed)
        {
            // After the row of the chain comes one for each block.
            var blocks = Node.Chain.Blocks.Count;
            var rows = await StoredState.ReadAsync(Database);
            Assert.Equal(undisturbed.Skip(1).Take(blocks), rows.Skip(1).Take(blocks));
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $",{Node.Chain.Tip.Height},"), rows[0], StringComparison.Ordinal);
            Assert.Empty(await StoredState.ReadStaleAsync(Database));
        }

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await Node.DisposeAsync();
        }

        // Before the service has got as far as its schedule there is no job to trigger.
        private async Task NudgeAsync()
        {
            var scheduler = await Service.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(TestContext.Current.CancellationToken);
            if (await scheduler.GetJobDetail(SyncJob.Key, TestContext.Current.CancellationToken) is not null)
            {
                await scheduler.TriggerJob(SyncJob.Key, cancellationToken: TestContext.Current.CancellationToken);
                Nudges++;
            }
        }
    }
}
