namespace PoolWatch.Core.Concentration;

/// <summary>The blocks of one entity.</summary>
/// <param name="Entity">Number of the entity: a pool index, or a group of them; 0 or more.</param>
/// <param name="Blocks">Its blocks in the window; at least 1.</param>
public readonly record struct EntityBlocks(int Entity, int Blocks);

/// <summary>Who mined how many of a window's blocks.</summary>
public sealed class ShareDistribution
{
    private readonly EntityBlocks[] _entities;
    private readonly int[] _counts;

    private ShareDistribution(EntityBlocks[] entities, int unknown, int singles, int total)
    {
        // The order must not depend on how the counts came about: the same window always prints the same.
        Array.Sort(entities, static (a, b) => a.Blocks != b.Blocks ? b.Blocks.CompareTo(a.Blocks) : a.Entity.CompareTo(b.Entity));
        _entities = entities;
        _counts = Array.ConvertAll(entities, static entity => entity.Blocks);
        Unknown = unknown;
        Singles = singles;
        Total = total;
    }

    /// <summary>The known entities with at least one block: most blocks first, equal ones by lowest number.</summary>
    public IReadOnlyList<EntityBlocks> Entities => _entities;

    /// <summary>Blocks per known entity, in the order of <see cref="Entities"/>.</summary>
    public ReadOnlySpan<int> Counts => _counts;

    /// <summary>Blocks that no entity is known for.</summary>
    public int Unknown { get; }

    /// <summary>
    /// Blocks that are known to have an entity each, without a number of its own: those of a pool whose miners decide for themselves. Unlike
    /// <see cref="Unknown"/> ones they belong to nobody else under any policy.
    /// </summary>
    public int Singles { get; }

    /// <summary>All blocks, unknown ones and singles included.</summary>
    public int Total { get; }

    /// <summary>Counts the blocks of a window by pool.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the chain.</exception>
    public static ShareDistribution Of(ChainView chain, BlockWindow window) => Of(chain.PoolsOf(window));

    /// <summary>Counts blocks by pool in one pass.</summary>
    /// <param name="pools">The pool index of each block, or <see cref="ChainView.UnknownPool"/>.</param>
    public static ShareDistribution Of(ReadOnlySpan<ushort> pools)
    {
        var counts = new int[256];
        var unknown = 0;
        foreach (var pool in pools)
        {
            if (pool == ChainView.UnknownPool)
            {
                unknown++;
                continue;
            }

            if (pool >= counts.Length)
            {
                Array.Resize(ref counts, Math.Max(pool + 1, 2 * counts.Length));
            }

            counts[pool]++;
        }

        var entities = new List<EntityBlocks>();
        for (var pool = 0; pool < counts.Length; pool++)
        {
            if (counts[pool] > 0)
            {
                entities.Add(new EntityBlocks(pool, counts[pool]));
            }
        }

        return new ShareDistribution([.. entities], unknown, 0, pools.Length);
    }

    /// <summary>
    /// Takes counts that are known already, as from a table of days. Entities given twice are added up, those without a block left out.
    /// </summary>
    /// <param name="entities">Blocks of numbered entities.</param>
    /// <param name="unknown">Blocks that no entity is known for.</param>
    /// <param name="singles">Blocks with an entity each.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of an entity or of blocks.</exception>
    /// <exception cref="OverflowException">More than 2,147,483,647 blocks.</exception>
    public static ShareDistribution FromCounts(IEnumerable<EntityBlocks> entities, int unknown, int singles = 0)
    {
        ArgumentNullException.ThrowIfNull(entities);
        ArgumentOutOfRangeException.ThrowIfNegative(unknown);
        ArgumentOutOfRangeException.ThrowIfNegative(singles);
        var total = checked(unknown + singles);
        var blocks = new Dictionary<int, int>();
        foreach (var one in entities)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(one.Entity, nameof(entities));
            ArgumentOutOfRangeException.ThrowIfNegative(one.Blocks, nameof(entities));
            total = checked(total + one.Blocks);
            blocks[one.Entity] = blocks.GetValueOrDefault(one.Entity) + one.Blocks;
        }

        return new ShareDistribution(
            [.. blocks.Where(static one => one.Value > 0).Select(static one => new EntityBlocks(one.Key, one.Value))],
            unknown, singles, total);
    }

    /// <summary>HHI under a policy for the unknown blocks; see <see cref="ConcentrationMeasures.Hhi"/>.</summary>
    /// <returns>0..1; null without any block. <see cref="UnknownPolicy.Excluded"/> gives 0 where every block is unknown.</returns>
    public double? Hhi(UnknownPolicy policy) => policy switch
    {
        UnknownPolicy.Separate => ConcentrationMeasures.Hhi(_counts, Unknown + Singles),
        UnknownPolicy.Excluded => ConcentrationMeasures.HhiWithin(_counts, Singles, Total),
        UnknownPolicy.Largest => Hhi(WithUnknownInLargest()),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "No such policy."),
    };

    /// <summary>Nakamoto coefficient under a policy for the unknown blocks; see <see cref="ConcentrationMeasures.Nakamoto"/>.</summary>
    /// <returns>1 or more; null without any block.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <see cref="UnknownPolicy.Excluded"/>: the known entities alone may never reach the threshold, so the coefficient would not exist.
    /// </exception>
    public int? Nakamoto(UnknownPolicy policy, Threshold threshold) => policy switch
    {
        UnknownPolicy.Separate => ConcentrationMeasures.Nakamoto(_counts, threshold, Unknown + Singles),
        UnknownPolicy.Largest => Nakamoto(WithUnknownInLargest(), threshold),
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "The Nakamoto coefficient is defined for Separate and Largest."),
    };

    private static double? Hhi((int[] Counts, int Singles) of) => ConcentrationMeasures.Hhi(of.Counts, of.Singles);

    private static int? Nakamoto((int[] Counts, int Singles) of, Threshold threshold) =>
        ConcentrationMeasures.Nakamoto(of.Counts, threshold, of.Singles);

    /// <summary>Blocks per entity, most first, and entities with one block each, once every unknown block is the largest's.</summary>
    internal (int[] Counts, int Singles) WithUnknownInLargest()
    {
        if (_counts.Length == 0)
        {
            // Without a numbered entity the largest is one of the singles, or one made of the unknown blocks alone.
            return Singles == 0 ? ([Unknown], 0) : ([Unknown + 1], Singles - 1);
        }

        int[] counts = [.. _counts];
        counts[0] += Unknown;
        return (counts, Singles);
    }
}
