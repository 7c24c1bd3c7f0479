using System.Net;
using System.Net.Sockets;
using PoolWatch.Storage;

namespace PoolWatch.Tests.Storage;

public sealed class IngesterLeaseTests
{
    /// <summary>A database that hangs keeps a job longer than the stop lasts: that the job then ends is no fault to report.</summary>
    [Fact]
    public async Task A_job_that_outlasts_the_stop_ends_as_cancelled()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var database = new Database();
        database.Open($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=u;Database=d", "public");
        var lease = new IngesterLease(database);
        using var stop = new CancellationTokenSource();
        var job = lease.TryHoldAsync(stop.Token);
        using var asked = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await lease.DisposeAsync();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job);
    }
}
