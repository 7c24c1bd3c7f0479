using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using PoolWatch.Core.Bitcoin;
using PoolWatch.Storage;

namespace PoolWatch.Tests.Support;

/// <summary>
/// A long chain of regtest's network that no node ever had, stored by the program's own code: for what needs years of blocks, which a node
/// would take too long for. Services that only read serve it.
/// </summary>
public static class GeneratedChain
{
    public const string Schema = "poolwatch_regtest";

    /// <summary>The pools of the chain, the largest first; every block in forty is unknown.</summary>
    private static readonly string[] Pools =
        ["foundryusa", "antpool", "f2pool", "viabtc", "spiderpool", "secpool", "marapool", "luxor", "binancepool", "sbicrypto", "ocean", "braiinspool"];

    /// <summary>Settings of a service that shows the chain and changes nothing.</summary>
    public static IEnumerable<string> Reading => ["PoolWatch:Network=regtest", "PoolWatch:Ingest=false"];

    /// <summary>Stores a chain in an empty database.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="blocks">Number of blocks behind the genesis block.</param>
    /// <param name="lastTime">Header time of the last of them, Unix seconds.</param>
    /// <param name="spacing">Seconds between two of them.</param>
    /// <param name="storedAtOnce">How many blocks each revision of the chain adds.</param>
    public static async Task StoreAsync(string connectionString, int blocks, uint lastTime, uint spacing, int storedAtOnce = 20_000)
    {
        var token = TestContext.Current.CancellationToken;
        await new SchemaMigrator(NullLogger<SchemaMigrator>.Instance).MigrateAsync(connectionString, Schema, token);
        await using var database = new Database();
        database.Open(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString, Schema);
        var lists = new PoolListStore(database, TimeProvider.System);
        var store = new BlockStore(database, lists, TimeProvider.System);
        var bundled = PoolList.LoadBundled();
        var genesis = BlockDecoder.Decode(RegtestGenesis.Mined.Bytes);
        var chain = await store.BeginChainAsync("regtest", genesis.Header.Hash, 0, PoolAttributor.DefaultAlgorithm, bundled, token);
        var list = await lists.LoadAsync(chain.PoolListId, token);
        foreach (var batch in Make(PoolAttributor.Create(list.Algorithm, list.List), blocks, lastTime, spacing).Chunk(storedAtOnce))
        {
            chain = await store.AppendAsync(chain, batch[0].Height - 1, batch, list, token);
        }

        await store.AnalyzeAsync(token);
    }

    private static IEnumerable<AttributedBlock> Make(PoolAttributor attributor, int blocks, uint lastTime, uint spacing)
    {
        var random = new Random(1);
        var (previous, times) = (RegtestGenesis.Mined, new List<uint>());
        for (var height = 0; height <= blocks; height++)
        {
            if (height > 0)
            {
                var time = lastTime - ((uint)(blocks - height) * spacing);
                previous = TagMiner.Mine(random.Next(40) == 0 ? new CoinbasePlan(time, []) : LabelledPlans.ByTag(Pools[Draw(random, height, blocks)], time), previous);
            }

            var head = BlockDecoder.Decode(previous.Bytes);
            times.Add(head.Header.Time);
            yield return new AttributedBlock(
                head, height, MedianTimePast.Of(CollectionsMarshal.AsSpan(times)), attributor.Attribute(head.Coinbase, height));
        }
    }

    /// <summary>The largest pool grows over the years.</summary>
    private static int Draw(Random random, int height, int blocks) =>
        (int)(Pools.Length * Math.Pow(random.NextDouble(), 1.5 + ((double)height / blocks)));
}
