using System.Net;
using System.Net.Sockets;
using Npgsql;
using PoolWatch.Storage;

namespace PoolWatch.Tests.Storage;

public sealed class IngesterLeaseTests
{
    /// <summary>A database that hangs keeps a job longer than the stop lasts: that the job then ends is no fault to report.</summary>
    [Fact]
    public async Task A_job_that_outlasts_the_stop_ends_as_stopped()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var database = new Database();
        database.Open($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=u;Database=d;Timeout=2", "public");
        var lease = new IngesterLease(database);
        using var stop = new CancellationTokenSource();
        var job = lease.TryHoldAsync(stop.Token);
        using var asked = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        await lease.DisposeAsync();
        await stop.CancelAsync();

        // The driver does not hear of the end in all of its waits; some end by its time limit.
        var end = await Assert.ThrowsAnyAsync<Exception>(() => job);
        Assert.True(end is OperationCanceledException or NpgsqlException, end.ToString());
        Assert.True(Database.IsStop(end, stop.Token));
    }
}
