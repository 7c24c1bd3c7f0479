using Microsoft.Extensions.DependencyInjection;
using PoolWatch.PoolLists;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>A service with the sample chain, whose list a test changes.</summary>
internal sealed class ChangedSample : IAsyncDisposable
{
    public const string Schema = "poolwatch_sample";
    private readonly TestPostgres _postgres;

    private ChangedSample(TestPostgres postgres, RunningService service, string connectionString) =>
        (_postgres, Service, ConnectionString) = (postgres, service, connectionString);

    public RunningService Service { get; }

    public string ConnectionString { get; }

    public PoolListChanges Changes => Service.Services.GetRequiredService<PoolListChanges>();

    public static async Task<ChangedSample> StartAsync(TestPostgres postgres, params string[] settings)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        var service = await RunningService.StartAsync(connectionString, ["PoolWatch:Source=sample", .. settings]);
        await service.WaitForSampleAsync();
        return new ChangedSample(postgres, service, connectionString);
    }

    /// <summary>Applies a list, whatever it moves, and waits until the service serves it.</summary>
    public async Task<ApplyOutcome> ApplyAsync(PoolList list, string? algorithm = null)
    {
        var outcome = await Changes.ApplyAsync(list, algorithm, ChangeKind.Apply, accept: true, TestContext.Current.CancellationToken);
        Assert.True(outcome.Applied);
        await WaitForAsync(list);
        return outcome;
    }

    public Task WaitForAsync(PoolList list) =>
        Service.WaitAsync(s => s.GetProperty("poolList").GetProperty("version").GetString() == list.Version);

    /// <summary>What is stored equals what a service stores that begins with this list now.</summary>
    public async Task AssertAsBegunWithAsync(PoolList list)
    {
        using var directory = new OpenDirectory();
        var file = Path.Combine(directory.Path, "list.json");
        await File.WriteAllTextAsync(file, list.ToJson(), TestContext.Current.CancellationToken);
        await using var fresh = await StartAsync(_postgres, $"PoolWatch:PoolList={file}");
        Assert.Equal(await StoredState.ReadAsync(fresh.ConnectionString, Schema), await StoredState.ReadAsync(ConnectionString, Schema));
    }

    public async Task<string> PoolOfAsync(int height) => (await Service.GetAsync($"/v1/blocks/{height}")).GetProperty("pool").GetProperty("slug").GetString()!;

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}
