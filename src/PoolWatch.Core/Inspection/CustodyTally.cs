namespace PoolWatch.Core.Inspection;

/// <summary>Counts who is paid in blocks of which pools, to find payees that pools share. Not safe for use by several threads.</summary>
/// <remarks>
/// A shared payee shows shared custody of the coins, not shared control of the blocks. A pool that pays its miners in the coinbase shares them
/// with every other pool of that kind; such blocks have many outputs.
/// </remarks>
public sealed class CustodyTally
{
    private readonly Dictionary<ReadOnlyMemory<byte>, List<CustodyUse>> _uses = new(ByteComparer.Instance);

    /// <summary>Counts the payments of an attributed block.</summary>
    /// <param name="pool">Number of its pool.</param>
    /// <param name="height">Its height.</param>
    /// <param name="traces">What its coinbase says.</param>
    public void Add(int pool, int height, CoinbaseTraces traces)
    {
        foreach (var payout in traces.Payouts)
        {
            if (!_uses.TryGetValue(payout.Script, out var uses))
            {
                _uses.Add(payout.Script, uses = new List<CustodyUse>(1));
            }

            Count(uses, pool, height, traces.OutputCount, traces.IsMajority(payout));
        }
    }

    /// <summary>The scripts that blocks of two pools or more paid: first those that two pools paid more than half of a block, then by blocks.</summary>
    public IReadOnlyList<CustodyOverlap> Find() =>
        [.. _uses.Where(u => u.Value.Count > 1).Select(u => new CustodyOverlap(u.Key, [.. u.Value.OrderByDescending(p => p.Blocks).ThenBy(p => p.Pool)]))
            .OrderBy(o => o.Minor).ThenByDescending(o => o.Uses.Sum(u => u.Blocks)).ThenBy(o => Convert.ToHexString(o.Script.Span), StringComparer.Ordinal)];

    private static void Count(List<CustodyUse> uses, int pool, int height, int outputs, bool majority)
    {
        var known = uses.FindIndex(u => u.Pool == pool);
        if (known < 0)
        {
            uses.Add(new CustodyUse(pool, 1, majority ? 1 : 0, height, height, outputs));
            return;
        }

        var use = uses[known];
        uses[known] = use with
        {
            Blocks = use.Blocks + 1,
            MajorityBlocks = use.MajorityBlocks + (majority ? 1 : 0),
            FirstHeight = Math.Min(use.FirstHeight, height),
            LastHeight = Math.Max(use.LastHeight, height),
            MostOutputs = Math.Max(use.MostOutputs, outputs),
        };
    }
}

/// <summary>A payee that blocks of two pools or more paid.</summary>
/// <param name="Script">The output script.</param>
/// <param name="Uses">The pools, the one with most blocks first; two at least.</param>
public sealed record CustodyOverlap(ReadOnlyMemory<byte> Script, IReadOnlyList<CustodyUse> Uses)
{
    /// <summary>Fewer than two of the pools paid it more than half of a block: a fee, a miner's part, or a payment that anybody can make.</summary>
    public bool Minor => Uses.Count(u => u.MajorityBlocks > 0) < 2;
}

/// <summary>How blocks of one pool paid a script.</summary>
/// <param name="Pool">Number of the pool.</param>
/// <param name="Blocks">Blocks that paid it.</param>
/// <param name="MajorityBlocks">Of those, blocks that paid it more than half of their value.</param>
/// <param name="FirstHeight">Height of the first.</param>
/// <param name="LastHeight">Height of the last.</param>
/// <param name="MostOutputs">Most outputs that a coinbase of these blocks has; many where a pool pays its miners directly.</param>
public sealed record CustodyUse(int Pool, int Blocks, int MajorityBlocks, int FirstHeight, int LastHeight, int MostOutputs);
