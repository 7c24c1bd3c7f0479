using Npgsql;
#if NBITCOIN
using PoolWatch.NBitcoin;
#endif
using PoolWatch.Settings;

namespace PoolWatch.Node;

/// <summary>Decides where blocks come from. A node that is away never turns a real installation into a sample.</summary>
internal sealed partial class SourceChoice(PoolWatchSettings settings, ILoggerFactory loggers)
{
    public const string DefaultSchema = "poolwatch";

    private readonly ILogger _logger = loggers.CreateLogger<SourceChoice>();

    public async Task<(IBlockSource Source, Network Network, string Schema)> DecideAsync(string connectionString, CancellationToken cancellationToken)
    {
        if (settings.Source == SourceKind.Sample || !await NodeIsWantedAsync(connectionString, cancellationToken))
        {
            if (settings.Source == SourceKind.Sample)
            {
                Log.SampleByChoice(_logger);
            }
            else
            {
                Log.Sample(_logger);
            }

            return (new SampleBlockSource(), Network.Sample, SampleSchema(settings));
        }

        var source = OpenNode();
        if (settings.Ingest)
        {
            Log.Node(_logger, settings.Node.Url, source.Name, settings.Network.Name);
        }

        return (source, settings.Network, RealSchema(settings));
    }

    /// <summary>The schema of the chain that a node is read for.</summary>
    public static string RealSchema(PoolWatchSettings settings) =>
        settings.Schema ?? (settings.Network == Network.Main ? DefaultSchema : $"{DefaultSchema}_{settings.Network.Name}");

    /// <summary>The schema of the sample chain.</summary>
    public static string SampleSchema(PoolWatchSettings settings) => $"{settings.Schema ?? DefaultSchema}_{Network.Sample.Name}";

    /// <summary>A reader shows what a writer stores, and a machine that ever held a real chain goes on waiting for its node.</summary>
    private async Task<bool> NodeIsWantedAsync(string connectionString, CancellationToken cancellationToken) =>
        settings.Node.Configured
        || !settings.Ingest
        || File.Exists(settings.Node.CookieFile)
        || settings.Network != Network.Main
        || await HoldsRealChainAsync(connectionString, cancellationToken);

    private static async Task<bool> HoldsRealChainAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        foreach (var table in await FindChainTablesAsync(connection, cancellationToken))
        {
            await using var real = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM {table} WHERE network <> $1)", connection)
            {
                Parameters = { new() { Value = Network.Sample.Name } },
            };
            if ((bool)(await real.ExecuteScalarAsync(cancellationToken))!)
            {
                return true;
            }
        }

        return false;
    }

    /// <returns>The table <c>chain</c> of every schema of ours, with its schema and quoted by the database.</returns>
    private static async Task<List<string>> FindChainTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT format('%I.chain', table_schema)
            FROM information_schema.columns
            WHERE table_name = 'chain' AND column_name IN ('network', 'genesis_hash', 'pool_list_id')
            GROUP BY table_schema HAVING count(*) = 3
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var tables = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            tables.Add(reader.GetString(0));
        }

        return tables;
    }

    private IBlockSource OpenNode() => settings.Source switch
    {
#if NBITCOIN
        SourceKind.Auto or SourceKind.NBitcoin =>
            new NBitcoinBlockSource(settings.Network, settings.Node.Url, settings.Node.CookieFile, settings.Node.User, settings.Node.Password),
#endif
        SourceKind.Rest => OpenRest(),
        SourceKind.Rpc => OpenRpc(),
        _ => new AutoBlockSource(OpenRest(), OpenRpc(), loggers.CreateLogger<AutoBlockSource>()),
    };

    private RestBlockSource OpenRest() => new(new RestClient(settings.Node));

    private RpcBlockSource OpenRpc() => new(new NodeClient(settings.Node));

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message =
            "No Bitcoin node is configured and none was found: showing the bundled SAMPLE chain, not live data. "
            + "To watch the real chain start again with --PoolWatch:Node:CookieFile=<data folder>/.cookie (docs/configuration.md)")]
        public static partial void Sample(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Showing the bundled SAMPLE chain, not live data, as PoolWatch:Source asks for")]
        public static partial void SampleByChoice(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Reading the node at {Url} by {Source}, network {Network}")]
        public static partial void Node(ILogger logger, Uri url, string source, string network);
    }
}
