using System.Threading.Channels;
using Npgsql;
using NpgsqlTypes;

namespace PoolWatch.Storage;

/// <summary>What an attribution is made of, as it is stored.</summary>
/// <param name="Id">The block's number in the database.</param>
/// <param name="Height">Its height.</param>
/// <param name="Active">Whether it is on the active chain.</param>
/// <param name="MedianTime">Median time past.</param>
/// <param name="Transaction">The coinbase without its witness.</param>
internal readonly record struct StoredCoinbase(int Id, int Height, bool Active, DateTime MedianTime, byte[] Transaction);

/// <summary>Reads the coinbases of all stored blocks, stale ones included, in no order.</summary>
internal static class StoredCoinbases
{
    private const int ReadAtOnce = 2_048;
    private const int BatchesAhead = 8;

    /// <summary>Batches, read while the ones before are worked on, by any number of workers.</summary>
    /// <returns>The batches; and the reading itself, which never fails and after which the connection is free again.</returns>
    public static (ChannelReader<IReadOnlyList<StoredCoinbase>> Batches, Task Reading) ReadAhead(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var batches = Channel.CreateBounded<IReadOnlyList<StoredCoinbase>>(new BoundedChannelOptions(BatchesAhead) { SingleWriter = true });
        return (batches.Reader, Task.Run(() => FillAsync(connection, batches.Writer, cancellationToken), CancellationToken.None));
    }

    /// <summary>A failure goes through the channel to whoever reads it.</summary>
    private static async Task FillAsync(NpgsqlConnection connection, ChannelWriter<IReadOnlyList<StoredCoinbase>> batches, CancellationToken cancellationToken)
    {
        try
        {
            await using var rows = await connection.BeginBinaryExportAsync(
                "COPY (SELECT id, height, active, median_time, coinbase_tx FROM block) TO STDOUT (FORMAT BINARY)", cancellationToken);
            var batch = new List<StoredCoinbase>(ReadAtOnce);
            while (await rows.StartRowAsync(cancellationToken) >= 0)
            {
                // Not awaited: what follows is nearly always in the buffer, and an await for each column costs more than the column.
                batch.Add(new StoredCoinbase(
                    rows.Read<int>(NpgsqlDbType.Integer), rows.Read<int>(NpgsqlDbType.Integer), rows.Read<bool>(NpgsqlDbType.Boolean),
                    rows.Read<DateTime>(NpgsqlDbType.TimestampTz), rows.Read<byte[]>(NpgsqlDbType.Bytea)));
                if (batch.Count == ReadAtOnce)
                {
                    await batches.WriteAsync(batch, cancellationToken);
                    batch = new List<StoredCoinbase>(ReadAtOnce);
                }
            }

            await batches.WriteAsync(batch, cancellationToken);
            batches.Complete();
        }
        catch (Exception e)
        {
            batches.Complete(e);
        }
    }
}
