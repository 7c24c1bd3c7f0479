using System.Threading.Channels;
using Npgsql;
using PoolWatch.Storage;

namespace PoolWatch.PoolLists;

/// <summary>A block that another list attributes otherwise: to another pool, or by other evidence.</summary>
/// <param name="Id">Its number in the database.</param>
/// <param name="Height">Its height.</param>
/// <param name="Active">Whether it is on the active chain.</param>
/// <param name="Day">UTC date of its median time past.</param>
/// <param name="FormerPool">Database id of the pool that it had.</param>
/// <param name="Pool">Database id of the pool that it gets.</param>
/// <param name="OnlyNames">The judgement is the same, but a pool that is named in it has another slug.</param>
/// <param name="Attribution">Its new attribution.</param>
internal sealed record ChangedBlock(int Id, int Height, bool Active, DateOnly Day, short FormerPool, short Pool, bool OnlyNames, Attribution Attribution)
{
    public bool Moves => FormerPool != Pool;
}

/// <summary>What a change of list does to every stored block.</summary>
/// <param name="Blocks">All stored blocks, stale ones included.</param>
/// <param name="Before">The active chain by the active list. Its header times are the median times.</param>
/// <param name="After">The same chain by the other list.</param>
/// <param name="Changed">The blocks that differ, by number: each page of an index by it is then written once.</param>
internal sealed record Reattributed(int Blocks, ChainView Before, ChainView After, IReadOnlyList<ChangedBlock> Changed);

/// <summary>
/// Attributes every stored block by two lists and compares. What is stored needs no reading for that: it is what the active list says of the
/// same coinbase.
/// </summary>
/// <param name="from">The active list.</param>
/// <param name="to">The other one, its pools numbered.</param>
/// <param name="isOutdated">Takes a block for changed by its present attribution alone: what an older version stored of it is less. Null for none.</param>
internal sealed class Reattribution(StoredPoolList from, StoredPoolList to, Func<Attribution, bool>? isOutdated = null)
{
    private readonly PoolAttributor _from = PoolAttributor.Create(from.Algorithm, from.List);
    private readonly PoolAttributor _to = PoolAttributor.Create(to.Algorithm, to.List);

    /// <param name="connection">In a transaction in which no block is added.</param>
    /// <param name="chain">The stored chain.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<Reattributed> RunAsync(NpgsqlConnection connection, StoredChain chain, CancellationToken cancellationToken)
    {
        var heights = chain.Tip is { } tip ? tip.Height - chain.FromHeight + 1 : 0;
        var (before, after) = (new ChainEntry[heights], new ChainEntry[heights]);
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (batches, reading) = StoredCoinbases.ReadAhead(connection, abandoned.Token);
        var workers = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(_ => Task.Run(() => WorkAsync(batches, chain.FromHeight, before, after, abandoned.Token), CancellationToken.None)).ToList();
        try
        {
            var parts = await Task.WhenAll(workers);
            return new Reattributed(parts.Sum(p => p.Blocks), ToChain(before, chain), ToChain(after, chain), [.. parts.SelectMany(p => p.Changed).OrderBy(c => c.Id)]);
        }
        finally
        {
            // Where one failed the others must not go on, and the connection has to be free again for what follows.
            await abandoned.CancelAsync();
            await reading;
        }
    }

    private static ChainView ToChain(ChainEntry[] entries, StoredChain chain) => ChainView.StartingAt(chain.FromHeight, entries.Length).Append(entries);

    private async Task<(int Blocks, List<ChangedBlock> Changed)> WorkAsync(
        ChannelReader<IReadOnlyList<StoredCoinbase>> batches, int fromHeight, ChainEntry[] before, ChainEntry[] after, CancellationToken cancellationToken)
    {
        var (blocks, changed) = (0, new List<ChangedBlock>());
        await foreach (var batch in batches.ReadAllAsync(cancellationToken))
        {
            blocks += batch.Count;
            foreach (var block in batch)
            {
                var coinbase = Coinbase.Decode(block.Transaction);
                var (old, now) = (_from.Attribute(coinbase, block.Height), _to.Attribute(coinbase, block.Height));
                var (oldPool, newPool) = (from.IdOf(old.Pool), to.IdOf(now.Pool));
                if (block.Active)
                {
                    var time = (uint)new DateTimeOffset(block.MedianTime).ToUnixTimeSeconds();
                    before[block.Height - fromHeight] = new ChainEntry(time, time, IndexOf(oldPool));
                    after[block.Height - fromHeight] = new ChainEntry(time, time, IndexOf(newPool));
                }

                var sameJudgement = oldPool == newPool && IsSame(old, now);
                if (!sameJudgement || !NamesAreSame(old, now) || isOutdated?.Invoke(now) == true)
                {
                    changed.Add(new ChangedBlock(block.Id, block.Height, block.Active, DateOnly.FromDateTime(block.MedianTime), oldPool, newPool, sameJudgement, now));
                }
            }
        }

        return (blocks, changed);
    }

    /// <summary>The other candidates are stored with the slugs of their pools.</summary>
    private static bool NamesAreSame(Attribution old, Attribution now) => old.Others.Zip(now.Others).All(pair => pair.First.Pool.Slug == pair.Second.Pool.Slug);

    private bool IsSame(Attribution old, Attribution now) =>
        old.Conflicts == now.Conflicts
        && old.Method == now.Method
        && IsSame(old.Winner, now.Winner)
        && old.Miners.SequenceEqual(now.Miners)
        && old.Others.Count == now.Others.Count
        && old.Others.Zip(now.Others).All(pair => IsSame(pair.First, pair.Second) && from.IdOf(pair.First.Pool) == to.IdOf(pair.Second.Pool));

    private static bool IsSame(Candidate? old, Candidate? now) =>
        old is null ? now is null : now is not null && (old.Kind, old.Text, old.Index, old.Value) == (now.Kind, now.Text, now.Index, now.Value);

    private static ushort IndexOf(short pool) => pool == 0 ? ChainView.UnknownPool : (ushort)pool;
}
