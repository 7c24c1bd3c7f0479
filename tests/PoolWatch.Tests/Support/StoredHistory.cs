using System.Data;
using Npgsql;
using PoolWatch.History;

namespace PoolWatch.Tests.Support;

/// <summary>
/// The view <c>v_concentration</c> against blocks and pools of the same moment, counted here in the plainest way and not by the program's code.
/// </summary>
public static class StoredHistory
{
    private const double Tolerance = 1e-11;
    private const int SecondsPerDay = 86_400;

    /// <summary>Waits until the table is counted from the newest revision.</summary>
    public static async Task WaitAsync(string connectionString, string schema, int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while ((await StoredState.RowsAsync(connectionString, schema, "SELECT 1 FROM chain c JOIN concentration_state s USING (revision) WHERE c.tip_height IS NOT NULL")).Count == 0)
        {
            Assert.False(limit.IsCancellationRequested, "The table concentration is not brought up to date.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Checks what the view shows now, whether the table is up to date or not.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="whole">Whether every row has to be there: the table is up to date.</param>
    /// <param name="see">The chain's labels as a layer sees them; by default the members of spring 2026.</param>
    /// <returns>How many rows the view shows.</returns>
    public static async Task<int> AssertRightAsync(
        string connectionString, string schema, bool whole, Func<string, IEnumerable<SampleLabel>, IReadOnlyList<SampleLabel>>? see = null)
    {
        var (blocks, rows) = await ReadAsync(connectionString, schema);
        var expected = LabelLayers.Names.SelectMany(layer => Expected(blocks, layer)).ToHashSet();
        var shown = rows.Select(r => r.Key).ToList();
        Assert.Equal(shown.Count, shown.ToHashSet().Count);
        if (whole)
        {
            Assert.Equal(expected.Order(), shown.Order());
        }

        var layers = LabelLayers.Names.ToDictionary(l => l, l => (see ?? LabelLayers.See)(l, blocks.Select(b => b.Label)));
        for (var i = 0; i < rows.Count; i++)
        {
            // The measures of each are slow to count here: some of them, the newest and every day's last.
            if (i % 97 == 0 || rows[i].Key.DayEnd || rows[i].Key.Height == blocks[^1].Label.Height)
            {
                AssertRight(rows[i], layers[rows[i].Key.Layer], blocks);
            }
        }

        return rows.Count;
    }

    private static IEnumerable<RowKey> Expected(IReadOnlyList<Block> blocks, string layer)
    {
        foreach (var window in BlockWindow.StandardLengths)
        {
            for (var i = window - 1; i < blocks.Count; i++)
            {
                var dayEnd = i < blocks.Count - 1 && blocks[i].MedianTime / SecondsPerDay != blocks[i + 1].MedianTime / SecondsPerDay;
                if (dayEnd || i >= blocks.Count - ConcentrationRows.BlocksKept)
                {
                    yield return new RowKey(layer, window, blocks[i].Label.Height, dayEnd);
                }
            }
        }
    }

    private static void AssertRight(Row row, IReadOnlyList<SampleLabel> labels, IReadOnlyList<Block> blocks)
    {
        var at = row.Key.Height - labels[0].Height;
        Assert.Equal(blocks[at].MedianTime, row.Time);
        var m = new LabelMeasures([.. labels.Skip(at - row.Key.Window + 1).Take(row.Key.Window)]);
        var miners = m.Pools.Where(p => LabelLayers.IsMiner(p.Key)).Sum(p => p.Value);
        var entities = m.Pools.Count + m.Unknown;
        double[] expected =
        [
            (double)m.Unknown / m.Blocks, (double)miners / m.Blocks, entities, .. Enumerable.Range(1, 6).Select(m.Top),
            m.HhiSeparate, m.HhiExcluded, m.HhiLargest, m.HhiUnbiased, m.Nakamoto(1, 2), m.Nakamoto(1, 3), m.Nakamoto(2, 3), m.NakamotoLargest(1, 2),
            1 / m.HhiSeparate, Math.Pow(2, m.EntropyBits), m.EntropyBits, m.Gini, Math.Log(entities) - (m.EntropyBits * Math.Log(2)),
        ];
        Assert.Equal(HistoryMeasure.All.Count, expected.Length);
        foreach (var (measure, (wanted, shown)) in HistoryMeasure.All.Zip(expected.Zip(row.Values)))
        {
            Assert.True(Math.Abs(wanted - shown) <= Tolerance * Math.Max(1, wanted), $"{measure.Name} of {row.Key} is {shown}, not {wanted}.");
        }
    }

    /// <summary>Blocks and rows of one moment.</summary>
    private static async Task<(IReadOnlyList<Block> Blocks, IReadOnlyList<Row> Rows)> ReadAsync(string connectionString, string schema)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { SearchPath = schema, Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, TestContext.Current.CancellationToken);
        var blocks = await ReadAsync(connection, "SELECT height, extract(epoch FROM median_time)::bigint, pool FROM v_block WHERE active ORDER BY height",
            r => new Block(new SampleLabel(r.GetInt32(0), 0, r.GetString(2)), r.GetInt64(1)));
        var rows = await ReadAsync(connection, $"SELECT layer, window_blocks, height, day_end, extract(epoch FROM time)::bigint, {string.Join(", ", HistoryMeasure.All.Select(m => $"{m.Name}::double precision"))} FROM v_concentration",
            r => new Row(new RowKey(r.GetString(0), r.GetInt32(1), r.GetInt32(2), r.GetBoolean(3)), r.GetInt64(4), [.. Enumerable.Range(5, HistoryMeasure.All.Count).Select(r.GetDouble)]));
        return (blocks, rows);
    }

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var all = new List<T>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            all.Add(read(reader));
        }

        return all;
    }

    private readonly record struct RowKey(string Layer, int Window, int Height, bool DayEnd) : IComparable<RowKey>
    {
        public int CompareTo(RowKey other) => (Layer, Window, Height, DayEnd).CompareTo((other.Layer, other.Window, other.Height, other.DayEnd));
    }

    private sealed record Row(RowKey Key, long Time, double[] Values);

    private sealed record Block(SampleLabel Label, long MedianTime);
}
