using Npgsql;
using PoolWatch.Core.Inspection;
using PoolWatch.Core.Pools.PublicLists;
using PoolWatch.Storage;

namespace PoolWatch.ReadModel;

/// <summary>Looks at the blocks of a chain that were not looked at before.</summary>
internal sealed class BlockInspector
{
    private const string ReadCoinbases =
        "SELECT height, hash, coinbase_tx, time FROM block WHERE active AND height BETWEEN $1 AND $2 ORDER BY height";

    /// <summary>Compiled while the database starts: they are the same for every chain.</summary>
    private readonly Task<(PoolAttributor Mempool, PoolAttributor BitcoinData)> _publicLists = Task.Run(Prepare);

    /// <param name="connection">Where the chain is read in one transaction.</param>
    /// <param name="chain">The chain as it is now.</param>
    /// <param name="list">The active pool list.</param>
    /// <param name="earlier">An inspection of the same list to go on from; null for none.</param>
    /// <param name="keptHeight">Highest height at which the chain is still that of the earlier inspection; null: it is not known.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<BlockInspection> InspectAsync(
        NpgsqlConnection connection, ChainView chain, PoolList list, BlockInspection? earlier, int? keptHeight, CancellationToken cancellationToken)
    {
        var comparison = earlier?.Comparison ?? await CompareAsync(list);
        var from = Math.Max(chain.FirstHeight, chain.TipHeight - BlockInspection.Length + 1);
        List<InspectedBlock> blocks = [];
        if (earlier is { Blocks: [var first, ..] } && keptHeight is { } kept && first.Height <= from)
        {
            blocks.AddRange(earlier.Blocks.Where(b => b.Height >= from && b.Height <= Math.Min(kept, chain.TipHeight)));
        }

        await ReadAsync(connection, chain, new(from + blocks.Count, chain.TipHeight), comparison, blocks.Add, timeoutSeconds: null, cancellationToken);
        return new BlockInspection(comparison, blocks);
    }

    /// <summary>Looks at each block of a range of heights, lowest first, one at a time.</summary>
    /// <exception cref="ChainReplacedException">The database holds other blocks than the chain view.</exception>
    public static async Task ReadAsync(
        NpgsqlConnection connection, ChainView chain, (int From, int To) heights, ListComparison? comparison, Action<InspectedBlock> visit, int? timeoutSeconds,
        CancellationToken cancellationToken)
    {
        if (heights.To < heights.From)
        {
            return;
        }

        await using var command = new NpgsqlCommand(ReadCoinbases, connection)
        {
            Parameters = { new() { Value = heights.From }, new() { Value = heights.To } },
        };
        command.CommandTimeout = timeoutSeconds ?? command.CommandTimeout;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var next = heights.From;
        for (; await reader.ReadAsync(cancellationToken); next++)
        {
            if (reader.GetInt32(0) != next || BlockStore.ReadUnixTime(reader, 3) != chain.Time(next))
            {
                break;
            }

            var coinbase = Coinbase.Decode(reader.GetFieldValue<byte[]>(2));
            visit(new InspectedBlock(
                next, BlockStore.ReadHash(reader, 1), chain.Pool(next), CoinbaseTraces.Of(coinbase), comparison?.Compare(coinbase, next)));
        }

        if (next <= heights.To)
        {
            throw new ChainReplacedException();
        }
    }

    private async Task<ListComparison> CompareAsync(PoolList list)
    {
        var (mempool, bitcoinData) = await _publicLists;
        return new ListComparison(PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, list), mempool, bitcoinData);
    }

    private static (PoolAttributor Mempool, PoolAttributor BitcoinData) Prepare()
    {
        var (mempool, bitcoinData) = (Load(PublicListKind.Mempool), Load(PublicListKind.BitcoinData));
        // Most of a first inspection is the runtime's compiling of what it runs; the first snapshot shall not wait for that.
        byte[] script = [0, 20, .. new byte[20]];
        var traces = CoinbaseTraces.Of([1, 1, .. "rehearsal"u8], [new TxOut(1, script)]);
        var comparison = new ListComparison(mempool, mempool, bitcoinData);
        _ = new BlockInspection(comparison, [.. Enumerable.Range(0, 4).Select(i => new InspectedBlock(
            i, BlockHash.Zero, i < 2 ? ChainView.UnknownPool : (ushort)i, traces, null))]);
        return (mempool, bitcoinData);
    }

    private static PoolAttributor Load(PublicListKind kind) =>
        PoolAttributor.Create(PoolAttributor.DefaultAlgorithm, PublicPoolList.LoadBundled(kind).ToPoolList().List);
}

/// <summary>The stored chain is no longer that of the snapshot in hand; the next snapshot will be.</summary>
internal sealed class ChainReplacedException() : Exception("The stored chain changed since it was read.");
