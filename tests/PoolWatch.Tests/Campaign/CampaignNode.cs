using System.Buffers.Binary;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>A block and the pool that its coinbase names.</summary>
public sealed record LabelledBlock(MinedBlock Block, SampleLabel Label);

/// <summary>
/// A real node with a chain of known miners, which faults lengthen, bend and kill, and which goes back to its first chain for the next round.
/// A killed node forgets what it had not yet written down; here it is told again, as its peers would.
/// </summary>
public sealed class CampaignNode : IAsyncDisposable
{
    /// <summary>Far enough back that no block is ahead of any clock.</summary>
    private const uint YearsBack = 1u << 27;

    private const uint BlockInterval = 600;
    private const int SettleAttempts = 10;
    private readonly BitcoinNode _node;
    private readonly SemaphoreSlim _alone = new(1, 1);
    private readonly List<LabelledBlock> _base = [];
    private readonly Dictionary<string, LabelledBlock> _mined = [];
    private List<LabelledBlock> _chain = [];
    private long _minedHere;

    private CampaignNode(BitcoinNode node) => _node = node;

    public BitcoinNode Node => _node;

    /// <summary>The chain that the node has, or will have again; the first is height 1.</summary>
    public IReadOnlyList<LabelledBlock> Chain => _chain;

    /// <summary>Every block that was ever active, by hash.</summary>
    public Dictionary<string, LabelledBlock> EverActive { get; } = [];

    public string Tip => _chain[^1].Block.Hash;

    public int BaseHeight => _base.Count;

    /// <param name="copies">How often the sample's 2,016 labels follow each other: once, or twice; above 4,950 blocks, regtest has no subsidy.</param>
    public static async Task<CampaignNode> StartAsync(int copies)
    {
        var node = new CampaignNode(await BitcoinNode.StartAsync());
        try
        {
            await node.MineBaseAsync(copies);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Back to the first chain.</summary>
    public Task ResetAsync() => AloneAsync(async () =>
    {
        Become(_base);
        await SettleAsync();
    });

    /// <summary>Mines so many blocks on top of the chain.</summary>
    public Task ExtendAsync(int count, Random random) => AloneAsync(() => MineAsync(_chain, count, random));

    /// <summary>The chain changes to a branch from a height on, whatever has more work.</summary>
    /// <param name="forkHeight">The highest height that stays.</param>
    /// <param name="length">How many blocks follow it.</param>
    /// <param name="random">Who mines them.</param>
    public Task ReplaceAsync(int forkHeight, int length, Random random) => AloneAsync(async () =>
    {
        if (forkHeight + length <= _chain.Count)
        {
            await _node.CallAsync("invalidateblock", _chain[forkHeight].Block.Hash);
        }

        await MineAsync(_chain[..forkHeight], length, random);
    });

    /// <summary>The chain changes to one that was there before, with more blocks on top of it until it has the most work.</summary>
    public Task ReturnToAsync(IReadOnlyList<LabelledBlock> former, Random random) => AloneAsync(async () =>
    {
        if (_chain.Count > former.Count)
        {
            await MineAsync(former, _chain.Count + 1 - former.Count, random);
        }
        else
        {
            Become(former);
            await SettleAsync();
        }
    });

    /// <summary>A branch that never has the most work.</summary>
    public Task MineLosingAsync(int forkHeight, int length, Random random) => AloneAsync(async () =>
    {
        Assert.InRange(length, 1, _chain.Count - forkHeight - 1);
        var branch = Plan(_chain[forkHeight - 1].Block, length, random);
        foreach (var (block, answer) in branch.Zip(await SubmitAsync(branch)))
        {
            TagMiner.EnsureAccepted(block.Block, answer);
        }
    });

    /// <summary>kill -9, and some time later a start.</summary>
    public Task KillAsync(TimeSpan away) => AloneAsync(async () =>
    {
        await _node.KillAsync();
        await Task.Delay(away, TestContext.Current.CancellationToken);
        await _node.RestartAsync();
        await SettleAsync();
    });

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _alone.Dispose();
    }

    private async Task AloneAsync(Func<Task> work)
    {
        await _alone.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await work();
        }
        finally
        {
            _alone.Release();
        }
    }

    private async Task MineBaseAsync(int copies)
    {
        var sample = SampleLabels.Load();
        var span = sample[^1].Time - sample[0].Time + BlockInterval;
        var labels = Enumerable.Range(0, copies).SelectMany(copy => sample.Select(l =>
            l with { Time = l.Time - YearsBack - (span * (uint)(copies - 1 - copy)) })).ToList();
        var mined = await TagMiner.MineAsync(_node, LabelledPlans.Of(labels, 1));
        _base.AddRange(mined.Zip(labels, (block, label) => new LabelledBlock(block, label)));
        Become(_base);

        // Only a node that was stopped in order has written all of it down.
        await _node.RestartAsync();
    }

    private void Become(IReadOnlyList<LabelledBlock> chain)
    {
        _chain = [.. chain];
        foreach (var block in chain)
        {
            EverActive[block.Block.Hash] = block;
        }
    }

    private async Task MineAsync(IReadOnlyList<LabelledBlock> onto, int count, Random random)
    {
        var mined = Plan(onto[^1].Block, count, random);
        Become([.. onto, .. mined]);
        await SubmitAsync(mined);
        await SettleAsync();
    }

    private List<LabelledBlock> Plan(MinedBlock parent, int count, Random random)
    {
        var mined = new List<LabelledBlock>(count);
        for (var i = 0; i < count; i++)
        {
            var time = BinaryPrimitives.ReadUInt32LittleEndian(parent.Header.AsSpan(68)) + BlockInterval;
            var label = _base[random.Next(_base.Count)].Label with { Time = time };
            parent = TagMiner.Mine(Numbered(LabelledPlans.Of([label], parent.Height + 1)[0], parent.Height + 1), parent);
            mined.Add(_mined[parent.Hash] = new LabelledBlock(parent, label));
        }

        return mined;
    }

    /// <summary>With a number in it, or the same pool at the same height would make the same block in two rounds.</summary>
    private CoinbasePlan Numbered(CoinbasePlan plan, int height)
    {
        var outputs = plan.Outputs ?? [new CoinbaseOutput(TagMiner.RegtestSubsidy(height), [0x51])];
        return plan with { Outputs = [.. outputs, new CoinbaseOutput(0, [0x6a, sizeof(long), .. BitConverter.GetBytes(_minedHere++)])] };
    }

    private Task<IReadOnlyList<JsonElement>> SubmitAsync(IEnumerable<LabelledBlock> blocks) =>
        _node.BatchAsync("submitblock", blocks.Select(b => new object?[] { Convert.ToHexStringLower(b.Block.Bytes) }));

    /// <summary>Makes the node's active chain the one that it shall have: tells it again what it forgot, refuses what has more work, takes back refusals.</summary>
    private async Task SettleAsync()
    {
        for (var attempt = 0; await _node.CallAsync<string>("getbestblockhash") is var best && best != Tip; attempt++)
        {
            Assert.True(attempt < SettleAttempts, "The node does not take the chain that it shall have.");
            RememberActive(best);
            var (fork, height) = (await ForkAsync(), await _node.CallAsync<int>("getblockcount"));
            await SubmitAsync(_chain.Skip(fork));
            if (await _node.CallAsync<string>("getbestblockhash") == Tip)
            {
                return;
            }

            if (height > fork)
            {
                await _node.CallAsync("invalidateblock", await _node.CallAsync<string>("getblockhash", fork + 1));
            }
            else
            {
                await _node.CallAsync("reconsiderblock", _chain[fork].Block.Hash);
            }
        }
    }

    /// <summary>While the node is brought to its chain, a branch that never had the most work can have it for a moment, and be read.</summary>
    private void RememberActive(string hash)
    {
        while (!EverActive.ContainsKey(hash) && _mined.TryGetValue(hash, out var block))
        {
            EverActive[hash] = block;
            hash = Convert.ToHexStringLower([.. block.Block.Header.AsSpan(4, 32).ToArray().Reverse()]);
        }
    }

    /// <returns>The highest height at which the node's active chain is the one that it shall have.</returns>
    private async Task<int> ForkAsync()
    {
        var (shared, parted) = (0, Math.Min(_chain.Count, await _node.CallAsync<int>("getblockcount")) + 1);
        while (parted - shared > 1)
        {
            var middle = (shared + parted) / 2;
            (shared, parted) = await _node.CallAsync<string>("getblockhash", middle) == _chain[middle - 1].Block.Hash ? (middle, parted) : (shared, middle);
        }

        return shared;
    }
}
