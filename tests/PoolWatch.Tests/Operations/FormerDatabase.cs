using System.IO.Compression;
using System.Text;
using Npgsql;
using PoolWatch.Storage;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Operations;

/// <summary>
/// The committed databases of tests/PoolWatch.Tests/Operations/Databases, one for each migration, and the chain that is in them. Nothing here
/// depends on the bundled pool list, so that the node's blocks stay those of the files.
/// </summary>
internal static class FormerDatabase
{
    public const string Schema = "poolwatch_regtest";
    private const int Kept = 297;
    private const int Height = 305;
    private static readonly string[] Tags = ["/ViaBTC/", "Foundry USA Pool #dropgold", "/AntPool/", "nobody knows", ""];

    /// <summary>The numbers of all migrations of this program.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        .. typeof(SchemaMigrator).Assembly.GetManifestResourceNames().Where(n => n.StartsWith("PoolWatch.Storage.Migrations.V", StringComparison.Ordinal))
            .Select(n => n.Substring("PoolWatch.Storage.Migrations.V".Length, 3)).Order(StringComparer.Ordinal),
    ];

    public static string FileOf(string migration) => Path.Combine(Repository.Root, "tests", "PoolWatch.Tests", "Operations", "Databases", $"V{migration}.sql.gz");

    /// <summary>Mines the chain of the files, without the blocks that are stale in them.</summary>
    /// <returns>Hash of its tip.</returns>
    public static async Task<string> MineAsync(BitcoinNode node) =>
        (await TagMiner.MineAsync(node, [.. Enumerable.Range(1, Height).Select(h => Plan(h))]))[^1].Hash;

    public static Task<IReadOnlyList<MinedBlock>> MineMoreAsync(BitcoinNode node) =>
        TagMiner.MineAsync(node, [.. Enumerable.Range(Height + 1, 5).Select(h => Plan(h))]);

    public static async Task RestoreAsync(string migration, string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        await PostgresProgram.RunAsync(
            "gzip --decompress --stdout \"$file\" | psql --quiet --set=ON_ERROR_STOP=1 --host=\"$host\" --username=\"$user\" --dbname=\"$name\"",
            ("file", FileOf(migration)), ("host", database.Host!), ("user", database.Username!), ("name", database.Database!));
    }

    /// <summary>Writes the file of the newest migration: what this program stores of the chain, three stale blocks included.</summary>
    public static async Task MakeNewestAsync(TestPostgres postgres)
    {
        var connectionString = await postgres.CreateDatabaseAsync();
        await using var node = await BitcoinNode.StartAsync();
        var stale = await TagMiner.MineAsync(node, [.. Enumerable.Range(1, Kept + 3).Select(h => Plan(h, h > Kept ? 60u : 0))]);
        await using (var service = await RunningService.StartAsync(connectionString, RunningService.ReadingNode(node)))
        {
            await service.WaitForTipAsync(stale[^1].Hash);
            var branch = await TagMiner.MineAsync(node, [.. Enumerable.Range(Kept + 1, Height - Kept).Select(h => Plan(h))], stale[Kept - 1]);
            await service.WaitForTipAsync(branch[^1].Hash);
            await StoredHistory.WaitAsync(connectionString, Schema);
        }

        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var dump = await PostgresProgram.RunAsync($"pg_dump --no-owner --host={database.Host} --username={database.Username} {database.Database}");
        // Other versions of psql do not know the words by which newer ones of pg_dump guard their text.
        var lines = dump.Split('\n').Where(l => !l.StartsWith("\\restrict", StringComparison.Ordinal) && !l.StartsWith("\\unrestrict", StringComparison.Ordinal));
        await using var file = new GZipStream(File.Create(FileOf(Migrations[^1])), CompressionLevel.SmallestSize);
        await file.WriteAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)), TestContext.Current.CancellationToken);
    }

    private static CoinbasePlan Plan(int height, uint later = 0) => new(
        1_700_000_000 + (600 * (uint)height) + later,
        Encoding.UTF8.GetBytes(Tags[height % Tags.Length]),
        height % Tags.Length == 4 ? [new CoinbaseOutput(TagMiner.RegtestSubsidy(height), LabelledPlans.ScriptOf("1KFHE7w8BhaENAswwryaoccDb6qcT6DbYY"))] : null);
}
