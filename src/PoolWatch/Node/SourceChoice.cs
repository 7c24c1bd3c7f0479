using Npgsql;
#if NBITCOIN
using PoolWatch.NBitcoin;
#endif
using PoolWatch.Settings;

namespace PoolWatch.Node;

/// <summary>Decides where blocks come from. A node that is away never turns a real installation into a sample.</summary>
internal sealed partial class SourceChoice(PoolWatchSettings settings, ILogger<SourceChoice> logger)
{
    public const string DefaultSchema = "poolwatch";

    public async Task<(IBlockSource Source, Network Network, string Schema)> DecideAsync(string connectionString, CancellationToken cancellationToken)
    {
        var realSchema = settings.Schema ?? (settings.Network == Network.Main ? DefaultSchema : $"{DefaultSchema}_{settings.Network.Name}");
        if (settings.Source == SourceKind.Sample || !await NodeIsWantedAsync(connectionString, realSchema, cancellationToken))
        {
            Log.Sample(logger);
            return (new SampleBlockSource(), Network.Sample, $"{settings.Schema ?? DefaultSchema}_{Network.Sample.Name}");
        }

        var source = OpenNode();
        Log.Node(logger, settings.Node.Url, source.Name, settings.Network.Name);
        return (source, settings.Network, realSchema);
    }

    private async Task<bool> NodeIsWantedAsync(string connectionString, string schema, CancellationToken cancellationToken) =>
        settings.Node.Configured
        || File.Exists(settings.Node.CookieFile)
        || settings.Network != Network.Main
        || await HoldsChainAsync(connectionString, schema, cancellationToken);

    private static async Task<bool> HoldsChainAsync(string connectionString, string schema, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("SELECT to_regclass($1) IS NOT NULL", connection) { Parameters = { new() { Value = $"{schema}.chain" } } };
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
        {
            return false;
        }

        // The schema's name was checked to be a plain identifier.
        await using var begun = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM \"{schema}\".chain)", connection);
        return (bool)(await begun.ExecuteScalarAsync(cancellationToken))!;
    }

#if NBITCOIN
    private IBlockSource OpenNode()
    {
        if (settings.Source is SourceKind.Auto or SourceKind.NBitcoin)
        {
            return new NBitcoinBlockSource(settings.Network, settings.Node.Url, settings.Node.CookieFile, settings.Node.User, settings.Node.Password);
        }

        return new RpcBlockSource(new NodeClient(settings.Node));
    }
#else
    private RpcBlockSource OpenNode() => new(new NodeClient(settings.Node));
#endif

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message =
            "No Bitcoin node is configured and none was found: showing the bundled SAMPLE chain, not live data. "
            + "To watch the real chain start again with --PoolWatch:Node:CookieFile=<data folder>/.cookie (docs/configuration.md)")]
        public static partial void Sample(ILogger logger);

        [LoggerMessage(Level = LogLevel.Information, Message = "Reading the node at {Url} by {Source}, network {Network}")]
        public static partial void Node(ILogger logger, Uri url, string source, string network);
    }
}
