using System.Text.RegularExpressions;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Operations;

/// <summary>The present program on a database of every former migration.</summary>
public sealed partial class UpgradeTests(TestPostgres postgres)
{
    private const string Columns =
        """
        SELECT format('SELECT %s FROM %I ORDER BY 1', string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position), table_name)
        FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
        WHERE table_schema = 'poolwatch_regtest' AND table_type = 'BASE TABLE' AND table_name <> 'schema_migration' GROUP BY table_name ORDER BY table_name
        """;

    public static TheoryData<string> Migrations => [.. FormerDatabase.Migrations];

    [Theory]
    [MemberData(nameof(Migrations))]
    public async Task A_database_of_a_former_migration_keeps_its_data_and_goes_on(string migration)
    {
        await MakeIfAskedAsync(migration);
        var database = await postgres.CreateDatabaseAsync();
        await FormerDatabase.RestoreAsync(migration, database);
        if (migration is "004" or "005")
        {
            // The files hold no change of list.
            await StoredState.ExecuteAsync(database, FormerDatabase.Schema, "INSERT INTO attribution_change "
                + "SELECT block_hash, 1, pool_list_id, pool_id, method, rule, rule_index, rule_value, others, conflicts, miners FROM attribution");
        }

        Assert.Equal(migration, (await AppliedAsync(database))[^1]);
        var before = await DataAsync(database);
        Assert.Contains(before, table => table.Value.Count == 306 + 3);

        await using var node = await BitcoinNode.StartAsync();
        var tip = await FormerDatabase.MineAsync(node);
        await using var service = await RunningService.StartAsync(database, RunningService.ReadingNode(node));
        await service.WaitForTipAsync(tip);
        Assert.Equal(FormerDatabase.Migrations, await AppliedAsync(database));
        foreach (var (select, rows) in before)
        {
            Assert.Equal(rows, await StoredState.RowsAsync(database, FormerDatabase.Schema, InPresentTables(select)));
        }

        var more = await FormerDatabase.MineMoreAsync(node);
        await service.WaitForTipAsync(more[^1].Hash);
        Assert.Equal(await FreshAsync(database, node, more[^1].Hash), await StoredState.ReadAsync(database));
    }

    /// <summary>The newest one's database is that of a former migration one day, when no program is left that can make it.</summary>
    private async Task MakeIfAskedAsync(string migration)
    {
        var file = FormerDatabase.FileOf(migration);
        if (!File.Exists(file) && migration == FormerDatabase.Migrations[^1] && Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            await FormerDatabase.MakeNewestAsync(postgres);
        }

        Assert.True(File.Exists(file), $"There is no database of migration {migration}: Databases/README.md says how it is made.");
    }

    private static Task<IReadOnlyList<string>> AppliedAsync(string database) =>
        StoredState.TextsAsync(database, FormerDatabase.Schema, "SELECT version FROM schema_migration WHERE type = 0 ORDER BY id");

    /// <summary>The rows of each table, by the query that asks for the columns that it has now.</summary>
    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> DataAsync(string database)
    {
        var data = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var query in await StoredState.TextsAsync(database, FormerDatabase.Schema, Columns))
        {
            data.Add(query, await StoredState.RowsAsync(database, FormerDatabase.Schema, query));
        }

        return data;
    }

    /// <summary>Up to migration 5 attributions went by the hash of their block.</summary>
    private static string InPresentTables(string select) => !select.Contains("block_hash", StringComparison.Ordinal) ? select
        : FromAttribution().Replace(select, " FROM (SELECT b.hash AS block_hash, a.* FROM $1 a JOIN block b ON b.id = a.block_id) a ");

    [GeneratedRegex(@" FROM (attribution\w*) ")]
    private static partial Regex FromAttribution();

    /// <summary>What a new database, begun with the pool list that is in the old one, holds of the same chain.</summary>
    private async Task<IReadOnlyList<string>> FreshAsync(string database, BitcoinNode node, string tip)
    {
        using var directory = new TemporaryDirectory();
        var list = Path.Combine(directory.Path, "list.json");
        await File.WriteAllTextAsync(
            list, Assert.Single(await StoredState.TextsAsync(database, FormerDatabase.Schema, "SELECT content FROM pool_list_version")), TestContext.Current.CancellationToken);
        var fresh = await postgres.CreateDatabaseAsync();
        await using var service = await RunningService.StartAsync(fresh, [.. RunningService.ReadingNode(node), $"PoolWatch:PoolList={list}"]);
        await service.WaitForTipAsync(tip);
        return await StoredState.ReadAsync(fresh);
    }
}
