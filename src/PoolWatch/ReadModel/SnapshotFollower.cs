using Npgsql;
using PoolWatch.Storage;

namespace PoolWatch.ReadModel;

/// <summary>Keeps the current snapshot current: loads it, then again whenever the database announces a change, or after half a minute of silence.</summary>
internal sealed partial class SnapshotFollower(
    Installation installation, Database database, SnapshotLoader loader, CurrentSnapshot current, TimeProvider time, ILogger<SnapshotFollower> logger) : BackgroundService
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await installation.Ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (Database.IsOutage(e) && !stoppingToken.IsCancellationRequested)
            {
                if (current.DatabaseUp)
                {
                    Log.Lost(logger);
                }

                current.DatabaseUp = false;
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenUnpooledAsync(cancellationToken);
        // The channel is the schema's name, which was checked to be a plain identifier.
        await using (var listen = new NpgsqlCommand($"LISTEN \"{database.Schema}\"", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            await RefreshAsync(cancellationToken);
            current.DatabaseUp = true;
            await connection.WaitAsync(LongestSilence, cancellationToken);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var snapshot = await loader.LoadAsync(current.Value, cancellationToken);
        if (snapshot is not null && snapshot != current.Value)
        {
            await current.PublishAsync(snapshot, installation.Chain.Source.Name, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database does not answer; serving what was read before")]
        public static partial void Lost(ILogger logger);
    }
}
