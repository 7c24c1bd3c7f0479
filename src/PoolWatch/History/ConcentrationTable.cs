using Npgsql;
using NpgsqlTypes;
using PoolWatch.ReadModel;
using PoolWatch.Storage;

namespace PoolWatch.History;

/// <summary>
/// The table <c>concentration</c>: brought to a snapshot in one transaction, from what it was brought to before. What changed since is known from
/// the chain's changes, as readers know it; a reorganization or another list needs nothing else.
/// </summary>
internal sealed class ConcentrationTable(Database database)
{
    /// <summary>Grows when rows are counted otherwise or have more columns: then all are written anew.</summary>
    private const short Edition = 1;

    private const int RowsWorthAnalyzing = 10_000;

    private static readonly string Columns = string.Join(", ", ["layer", "window_blocks", "height", "time", "day_end", .. HistoryMeasure.All.Select(m => m.Name)]);

    /// <param name="Revision">The chain's revision that the rows were counted at.</param>
    /// <param name="Layers">Version of the layers.</param>
    /// <param name="Edition">How they were counted.</param>
    /// <param name="FromHeight">From here on each block has rows.</param>
    /// <param name="TipHeight">The highest of them.</param>
    private sealed record State(long Revision, string Layers, short Edition, int FromHeight, int TipHeight);

    /// <summary>Writes what a snapshot adds or changes. Another process that wrote a newer one is left alone.</summary>
    /// <returns>How many rows were written.</returns>
    public async Task<int> UpdateAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var state = await ReadStateAsync(connection, cancellationToken);
        var layers = snapshot.Layers.Set.Version;
        var same = state.Layers == layers && state.Edition == Edition;
        if (same && state.Revision >= snapshot.Stored.Revision)
        {
            return 0;
        }

        var rows = new ConcentrationRows(snapshot);
        var kept = same ? await ReadKeptHeightAsync(connection, state, snapshot.Stored.Revision, cancellationToken) : null;
        // On a shorter branch the month of single blocks begins lower, where their rows are gone.
        var from = kept is { } height && rows.FromHeight >= state.FromHeight ? Math.Max(height, snapshot.Chain.FirstHeight) : int.MinValue;
        await DeleteAsync(connection, from, state.FromHeight, rows.FromHeight, cancellationToken);
        var written = await CopyAsync(connection, rows.From(Math.Max(from, snapshot.Chain.FirstHeight)), cancellationToken);
        await WriteStateAsync(connection, new State(snapshot.Stored.Revision, layers, Edition, rows.FromHeight, snapshot.Chain.TipHeight), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (written >= RowsWorthAnalyzing)
        {
            await using var analyze = new NpgsqlCommand("ANALYZE concentration", connection);
            await analyze.ExecuteNonQueryAsync(cancellationToken);
        }

        return written;
    }

    private static async Task<State> ReadStateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT revision, layers, edition, from_height, tip_height FROM concentration_state FOR UPDATE", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new State(reader.GetInt64(0), reader.GetString(1), reader.GetInt16(2), reader.GetInt32(3), reader.GetInt32(4));
    }

    /// <returns>The highest block that the rows and the snapshot share; null where that is no longer known.</returns>
    private static async Task<int?> ReadKeptHeightAsync(NpgsqlConnection connection, State state, long revision, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT count(*), min(kept_height) FROM chain_change WHERE revision > $1 AND revision <= $2", connection)
        {
            Parameters = { new() { Value = state.Revision }, new() { Value = revision } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.GetInt64(0) == revision - state.Revision ? Math.Min(reader.GetInt32(1), state.TipHeight) : null;
    }

    /// <summary>The rows of the lowest height that stays go too: its day may be over now.</summary>
    private static async Task DeleteAsync(NpgsqlConnection connection, int from, int formerFromHeight, int fromHeight, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM concentration WHERE height >= $1") { Parameters = { new() { Value = from } } },
                new("DELETE FROM concentration WHERE height >= $1 AND height < $2 AND NOT day_end") { Parameters = { new() { Value = formerFromHeight }, new() { Value = fromHeight } } },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<int> CopyAsync(NpgsqlConnection connection, IEnumerable<ConcentrationRow> rows, CancellationToken cancellationToken)
    {
        var written = 0;
        await using var writer = await connection.BeginBinaryImportAsync($"COPY concentration ({Columns}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(row.Layer, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(row.Measures.Blocks, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(row.Measures.Height, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(DateTimeOffset.FromUnixTimeSeconds(row.Time).UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await writer.WriteAsync(row.DayEnd, NpgsqlDbType.Boolean, cancellationToken);
            foreach (var measure in HistoryMeasure.All)
            {
                // Every standard window has more than one block, so that every measure exists.
                var value = measure.Value(row.Measures)!.Value;
                await (measure.IsCount ? writer.WriteAsync((int)value, NpgsqlDbType.Integer, cancellationToken) : writer.WriteAsync(value, NpgsqlDbType.Double, cancellationToken));
            }

            written++;
        }

        await writer.CompleteAsync(cancellationToken);
        return written;
    }

    private static async Task WriteStateAsync(NpgsqlConnection connection, State state, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("UPDATE concentration_state SET revision = $1, layers = $2, edition = $3, from_height = $4, tip_height = $5", connection)
        {
            Parameters =
            {
                new() { Value = state.Revision }, new() { Value = state.Layers }, new() { Value = state.Edition },
                new() { Value = state.FromHeight }, new() { Value = state.TipHeight },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
