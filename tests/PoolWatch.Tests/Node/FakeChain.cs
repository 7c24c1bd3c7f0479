using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Node;

/// <summary>
/// A regtest chain in memory, from the genesis block on: linked, with real proof of work and BIP34 coinbases, so that a real node takes it.
/// It never changes; what is mined on it is another chain.
/// </summary>
public sealed class FakeChain
{
    private readonly MinedBlock[] _blocks;

    private FakeChain(IEnumerable<MinedBlock> blocks) => _blocks = [.. blocks];

    public static FakeChain Genesis { get; } = new([RegtestGenesis.Mined]);

    /// <summary>A chain that begins with this block instead.</summary>
    public static FakeChain Of(MinedBlock genesis) => new([genesis]);

    /// <summary>By height.</summary>
    public IReadOnlyList<MinedBlock> Blocks => _blocks;

    public MinedBlock Tip => _blocks[^1];

    /// <summary>With one more block for each plan.</summary>
    public FakeChain Mine(IEnumerable<CoinbasePlan> plans)
    {
        var blocks = _blocks.ToList();
        foreach (var plan in plans)
        {
            blocks.Add(TagMiner.Mine(plan, blocks[^1]));
        }

        return new FakeChain(blocks);
    }

    /// <summary>With one more block, whose hash is above the target.</summary>
    public FakeChain MineWithoutWork(CoinbasePlan plan) => new([.. _blocks, TagMiner.Mine(plan, Tip, withWork: false)]);

    /// <summary>Its beginning, up to and with this height.</summary>
    public FakeChain UpTo(int height) => new(_blocks.Take(height + 1));

    /// <summary>Where the blocks of the sample's first labels are mined by tag and address; ends at this height.</summary>
    public static FakeChain Labelled(int height) => Genesis.Mine(LabelledPlans.Of(SampleLabels.Load().Take(height), 1));
}
