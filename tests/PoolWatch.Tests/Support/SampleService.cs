namespace PoolWatch.Tests.Support;

/// <summary>One service with the whole sample chain, shared by the tests that only read it.</summary>
public sealed class SampleService(TestPostgres postgres) : IAsyncLifetime
{
    private RunningService? _service;

    public RunningService Service => _service!;

    public string ConnectionString { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        ConnectionString = await postgres.CreateDatabaseAsync();
        _service = await RunningService.StartAsync(ConnectionString, "PoolWatch:Source=sample");
        await _service.WaitForSampleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.DisposeAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class SampleCollection : ICollectionFixture<SampleService>
{
    public const string Name = "the sample chain, read only";
}
