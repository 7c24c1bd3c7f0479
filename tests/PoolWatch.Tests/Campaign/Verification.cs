using System.Globalization;
using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>What a round left behind that an undisturbed run does not leave.</summary>
/// <param name="Lost">Rows that an undisturbed run has and this database has not, or has differently.</param>
/// <param name="Twice">Rows that this database has and an undisturbed run has not, or not as often.</param>
/// <param name="Sentences">Everything that is wrong, for people.</param>
public sealed record Findings(int Lost, int Twice, IReadOnlyList<string> Sentences)
{
    public bool None => Sentences.Count == 0;
}

/// <summary>Compares a whole database with that of an undisturbed run and with what was mined, and /metrics with an independent computation.</summary>
public sealed partial class Verification(TestPostgres undisturbed, CampaignNode node, string source)
{
    private const string EveryBlock =
        """
        SELECT b.active, b.height, encode(b.hash, 'hex'), encode(b.coinbase_tx, 'hex'), p.slug
        FROM block b LEFT JOIN attribution a ON a.block_id = b.id LEFT JOIN pool p ON p.id = a.pool_id WHERE b.height > 0
        """;

    private (string Tip, IReadOnlyList<string> Rows)? _base;

    /// <param name="connectionString">The database that was disturbed.</param>
    /// <param name="pages">What /metrics says in each service on it.</param>
    public async Task<Findings> FindAsync(string connectionString, IEnumerable<string> pages)
    {
        var expected = await UndisturbedAsync();
        var actual = await StoredState.ReadAsync(connectionString);
        var (lost, twice) = (Minus(expected, actual), Minus(actual, expected));
        var (stale, sentences) = await CompareWithMinedAsync(connectionString);
        sentences.InsertRange(0, await Integrity.FaultsAsync(connectionString));
        sentences.AddRange(lost.Take(3).Select(r => $"missing beside an undisturbed run: {Shortened(r)}"));
        sentences.AddRange(twice.Take(3).Select(r => $"too many beside an undisturbed run: {Shortened(r)}"));
        var page = new ExpectedPage([.. node.Chain.Select(b => b.Label)], stale);
        sentences.AddRange(pages.SelectMany(p => page.Differences(new MetricsPage(p))));
        return new Findings(lost.Count, twice.Count, sentences);
    }

    /// <summary>The rows of a database that was filled from the present chain by a service that nothing happened to.</summary>
    private async Task<IReadOnlyList<string>> UndisturbedAsync()
    {
        if (_base is { } known && known.Tip == node.Tip)
        {
            return known.Rows;
        }

        var rows = await FreshRun.ReadAsync(undisturbed, node.Node, node.Tip, source);
        if (node.Chain.Count == node.BaseHeight)
        {
            _base = (node.Tip, rows);
        }

        return rows;
    }

    /// <summary>Every stored block, stale ones too, is one that was mined and was active, stands at its height, and is its miner's.</summary>
    private async Task<(IReadOnlyList<string> StalePools, List<string> Sentences)> CompareWithMinedAsync(string connectionString)
    {
        var (stale, sentences) = (new List<string>(), new List<string>());
        var active = node.Chain.Select(b => b.Block.Hash).ToHashSet();
        foreach (var row in await StoredState.RowsAsync(connectionString, "poolwatch_regtest", EveryBlock))
        {
            var fields = row.Trim('(', ')').Split(',');
            var (isActive, height, hash) = (fields[0] == "t", int.Parse(fields[1], CultureInfo.InvariantCulture), ByteOrder.Reversed(fields[2]));
            if (!node.EverActive.TryGetValue(hash, out var mined))
            {
                sentences.Add($"block {hash} at height {height} was never active on the node");
                continue;
            }

            if ((height, fields[3], fields[4]) != (mined.Block.Height, Convert.ToHexStringLower(mined.Block.Coinbase), mined.Label.Pool))
            {
                sentences.Add($"block {hash} was mined at height {mined.Block.Height} by {mined.Label.Pool}, and is stored at {height} as {fields[4]}'s, or with another coinbase");
            }

            if (isActive != active.Remove(hash))
            {
                sentences.Add($"block {hash} at height {height} is stored as {(isActive ? "active, and is not" : "stale, and is active")}");
            }

            if (!isActive)
            {
                stale.Add(mined.Label.Pool);
            }
        }

        sentences.AddRange(active.Take(1).Select(hash => $"{active.Count} active blocks are not stored, one is {hash}"));
        return (stale, sentences);
    }

    /// <summary>As often as a row is in the first list more than in the second.</summary>
    private static List<string> Minus(IEnumerable<string> rows, IEnumerable<string> others)
    {
        var left = others.CountBy(r => r).ToDictionary();
        var more = new List<string>();
        foreach (var row in rows)
        {
            if (left.GetValueOrDefault(row) is var count and > 0)
            {
                left[row] = count - 1;
            }
            else
            {
                more.Add(row);
            }
        }

        return more;
    }

    private static string Shortened(string row) => LongHex().Replace(row, "$1…");

    [GeneratedRegex("([0-9a-f]{16})[0-9a-f]{17,}")]
    private static partial Regex LongHex();
}
