using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>What holds in every schema at every moment between two transactions, asked of the tables themselves.</summary>
public static class Integrity
{
    /// <summary>What is wrong, and a query that gives a row for each place where it is.</summary>
    private static readonly (string Fault, string Query)[] Checks =
    [
        ("an active height without a block",
            "SELECT g.height FROM chain c, generate_series(c.from_height, c.tip_height) AS g (height) LEFT JOIN block b ON b.active AND b.height = g.height WHERE b.hash IS NULL"),
        ("an active block outside of the chain's heights",
            "SELECT b.height FROM chain c JOIN block b ON b.active AND (c.tip_height IS NULL OR b.height NOT BETWEEN c.from_height AND c.tip_height)"),
        ("two active blocks at a height", "SELECT height FROM block WHERE active GROUP BY height HAVING count(*) > 1"),
        ("a hash twice", "SELECT min(height) FROM block GROUP BY hash HAVING count(*) > 1"),
        ("a number twice", "SELECT min(height) FROM block GROUP BY id HAVING count(*) > 1"),
        ("an active block that does not build on the active one below",
            "SELECT b.height FROM chain c, block b JOIN block p ON p.active AND p.height = b.height - 1 WHERE b.active AND b.height > c.from_height AND p.hash <> b.prev_hash"),
        ("a tip that is not the highest active block",
            "SELECT c.tip_height FROM chain c LEFT JOIN block b ON b.active AND b.height = c.tip_height WHERE c.tip_height IS NOT NULL AND b.hash IS DISTINCT FROM c.tip_hash"),
        ("a block without exactly one attribution",
            "SELECT b.height FROM (SELECT DISTINCT id, hash, height FROM block) b LEFT JOIN attribution a ON a.block_id = b.id GROUP BY b.height, b.id HAVING count(a.block_id) <> 1"),
        ("an attribution of no block", "SELECT a.pool_id FROM attribution a LEFT JOIN block b ON b.id = a.block_id WHERE b.id IS NULL"),
        ("a day that a recount counts differently",
            """
            SELECT coalesce(d.day, r.day), coalesce(d.pool_id, r.pool_id), d.blocks, r.blocks
            FROM pool_day d FULL JOIN (
                SELECT (median_time AT TIME ZONE 'UTC')::date AS day, pool_id, count(*) AS blocks
                FROM block JOIN attribution ON block_id = id WHERE active GROUP BY 1, 2
            ) r ON r.day = d.day AND r.pool_id = d.pool_id
            WHERE d.blocks IS DISTINCT FROM r.blocks
            """),
        ("a change that does not follow from the one before",
            """
            SELECT s.revision, s.kept_height, s.staled, s.added
            FROM (SELECT *, lag(revision, 1, 0::bigint) OVER (ORDER BY revision) AS before,
                         lag(kept_height + added) OVER (ORDER BY revision) AS tip FROM chain_change) s, chain c
            WHERE s.revision <> s.before + 1 OR s.staled <> coalesce(s.tip, c.from_height - 1) - s.kept_height OR s.added < 1
            """),
        ("a last change that does not lead to the tip",
            """
            SELECT c.revision, c.tip_height, l.revision, l.tip
            FROM chain c LEFT JOIN (SELECT revision, kept_height + added AS tip FROM chain_change ORDER BY revision DESC LIMIT 1) l ON true
            WHERE c.revision IS DISTINCT FROM coalesce(l.revision, 0) OR c.tip_height IS DISTINCT FROM l.tip
            """),
    ];

    /// <returns>A sentence for each thing that is wrong.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(string connectionString, string schema = "poolwatch_regtest")
    {
        var faults = new List<string>();
        foreach (var (fault, query) in Checks)
        {
            var places = await StoredState.RowsAsync(connectionString, schema, query);
            if (places.Count > 0)
            {
                faults.Add($"{fault}: {places.Count} times, first {places[0]}");
            }
        }

        return faults;
    }
}
