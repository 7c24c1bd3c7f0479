using Microsoft.Extensions.Logging.Abstractions;
using PoolWatch.Storage;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Storage;

public sealed class PrivatePostgresTests
{
    /// <summary>initdb starts one server after the other; none of them may go on to write after the service has ended.</summary>
    [Fact]
    public async Task Given_up_while_it_is_created_nothing_of_it_goes_on()
    {
        var rounds = 0;
        for (var delay = 0; delay < 400; delay += 20)
        {
            using var directory = new OpenDirectory();
            await using var server = new PrivatePostgres(directory.Path, null, TimeProvider.System, NullLogger<PrivatePostgres>.Instance);
            using var giveUp = new CancellationTokenSource();
            var running = server.EnsureRunningAsync(giveUp.Token);
            await Task.WhenAny(running, Task.Delay(delay, TestContext.Current.CancellationToken));
            await giveUp.CancelAsync();

            var end = await Record.ExceptionAsync(() => running);

            if (Directory.Exists(PrivatePostgres.DataFolder(directory.Path)))
            {
                // It is made: this machine is too quick for the rest.
                break;
            }

            Assert.IsType<OperationCanceledException>(end, exactMatch: false);
            Assert.All(PostgresProcesses.Of(directory.Path), process => Assert.True(ProcessTree.IsKilled(process)));
            rounds++;
        }

        Assert.NotEqual(0, rounds);
    }
}
