using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>A comparison that finds nothing is worth what it can find: each damage to a database, or to a page, is noticed.</summary>
public sealed class VerificationTests(TestPostgres postgres, VerificationTests.Prepared prepared) : IClassFixture<VerificationTests.Prepared>
{
    private const string Schema = "poolwatch_regtest";
    private const string Middle = "(SELECT id FROM block WHERE active AND height = 1000)";

    [Fact]
    public async Task An_undamaged_database_is_the_same()
    {
        var findings = await FindAsync(await prepared.CopyAsync(postgres));

        Assert.Equal((0, 0), (findings.Lost, findings.Twice));
        Assert.Empty(findings.Sentences);
    }

    [Theory]
    [InlineData("a lost block", "DELETE FROM attribution WHERE block_id = " + Middle + "; DELETE FROM block WHERE active AND height = 1000", "an active height without a block")]
    [InlineData("a lost attribution", "DELETE FROM attribution WHERE block_id = " + Middle, "a block without exactly one attribution")]
    [InlineData("a lost tip", "DELETE FROM attribution a USING block b WHERE b.id = a.block_id AND b.height = 2016; DELETE FROM block WHERE height = 2016", "a tip that is not the highest active block")]
    [InlineData("a block twice", "ALTER TABLE block DROP CONSTRAINT block_pkey, DROP CONSTRAINT block_hash_key; DROP INDEX block_active_height; INSERT INTO block SELECT * FROM block WHERE height = 1000", "a hash twice")]
    [InlineData("an attribution twice", "ALTER TABLE attribution DROP CONSTRAINT attribution_pkey; INSERT INTO attribution SELECT * FROM attribution WHERE block_id = " + Middle, "a block without exactly one attribution")]
    [InlineData("another pool", "UPDATE attribution SET pool_id = (SELECT min(id) FROM pool WHERE id > 0 AND id <> pool_id) WHERE block_id = " + Middle, "was mined at height 1000 by")]
    [InlineData("a day counted twice", "UPDATE pool_day SET blocks = 2 * blocks WHERE day = (SELECT max(day) FROM pool_day)", "a day that a recount counts differently")]
    [InlineData("a day that is not there", "DELETE FROM pool_day WHERE day = (SELECT max(day) FROM pool_day)", "a day that a recount counts differently")]
    [InlineData("a stale block on the chain", "UPDATE block SET active = false WHERE height = 1000", "is stored as stale, and is active")]
    [InlineData("another coinbase", "UPDATE block SET coinbase_tx = coinbase_tx || '\\x00' WHERE height = 1000", "or with another coinbase")]
    [InlineData("a block of nobody", "UPDATE block SET prev_hash = hash WHERE height = 1000", "an active block that does not build on the active one below")]
    [InlineData("a block that never was", "INSERT INTO block SELECT decode(repeat('ab', 32), 'hex'), prev_hash, height, false, version, merkle_root, time, median_time, bits, nonce, tx_count, coinbase_tx, id + 1000000 FROM block WHERE height = 1000", "was never active on the node")]
    [InlineData("a block above the tip", "UPDATE chain SET tip_height = 2015, tip_hash = (SELECT hash FROM block WHERE height = 2015)", "an active block outside of the chain's heights")]
    [InlineData("a change that is not told", "DELETE FROM chain_change WHERE revision = (SELECT max(revision) FROM chain_change)", "a last change that does not lead to the tip")]
    [InlineData("a change that is told twice", "INSERT INTO chain_change SELECT revision + 1, kept_height, staled, added, at FROM chain_change ORDER BY revision DESC LIMIT 1", "a change that does not follow from the one before")]
    [InlineData("another time", "UPDATE block SET median_time = median_time + interval '1 second' WHERE height = 1000", "missing beside an undisturbed run")]
    public async Task A_damage_is_noticed(string damage, string sql, string expected)
    {
        var database = await prepared.CopyAsync(postgres);
        Assert.True(await StoredState.ExecuteAsync(database, Schema, sql) > 0, damage);

        var findings = await FindAsync(database);

        Assert.Contains(findings.Sentences, s => s.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("poolwatch_chain_height 2016", "poolwatch_chain_height 2015", "poolwatch_chain_height{} is 2015, not 2016")]
    [InlineData("poolwatch_pool_blocks{layer=\"pool\",pool=\"foundryusa\",window=\"144\"}", "poolwatch_pool_blocks{layer=\"pool\",pool=\"nobody\",window=\"144\"}", "pool=nobody,window=144} is too many")]
    [InlineData("poolwatch_shannon_entropy{layer=\"pool\",window=\"2016\"} ", "poolwatch_shannon_entropy{layer=\"pool\",window=\"2016\"} 1", "poolwatch_shannon_entropy{layer=pool,window=2016} is 1")]
    [InlineData("poolwatch_database_up 1", "poolwatch_database_up 0", "poolwatch_database_up{} is 0, not 1")]
    [InlineData("# TYPE poolwatch_stale_blocks gauge\n", "# TYPE poolwatch_stale_blocks gauge\npoolwatch_stale_blocks{pool=\"antpool\"} 1\n", "poolwatch_stale_blocks{pool=antpool} is too many")]
    public async Task A_wrong_page_is_noticed(string right, string wrong, string expected)
    {
        Assert.Contains(right, prepared.Page, StringComparison.Ordinal);

        var findings = await FindAsync(prepared.ConnectionString, prepared.Page.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(findings.Sentences, s => s.Contains(expected, StringComparison.Ordinal));
    }

    private Task<Findings> FindAsync(string database, string? page = null) =>
        prepared.Verification.FindAsync(database, [page ?? prepared.Page]);

    /// <summary>A node, and a database of its chain that nothing happened to, to be copied and damaged.</summary>
    public sealed class Prepared(TestPostgres postgres) : IAsyncLifetime
    {
        private CampaignNode? _node;

        public Verification Verification { get; private set; } = null!;

        public string ConnectionString { get; private set; } = "";

        public string Page { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            _node = await CampaignNode.StartAsync(copies: 1);
            Verification = new Verification(postgres, _node, "rpc");
            ConnectionString = await postgres.CreateDatabaseAsync();
            await using var service = await RunningService.StartAsync(ConnectionString, RunningService.ReadingNode(_node.Node));
            await service.WaitForTipAsync(_node.Tip);
            Page = await service.GetTextAsync("/metrics");
        }

        public Task<string> CopyAsync(TestPostgres server) => server.CreateDatabaseAsync(new Npgsql.NpgsqlConnectionStringBuilder(ConnectionString).Database);

        public async ValueTask DisposeAsync()
        {
            if (_node is not null)
            {
                await _node.DisposeAsync();
            }
        }
    }
}
