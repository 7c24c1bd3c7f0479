using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Layers;

/// <summary>A pool as a chain's blocks name it.</summary>
/// <param name="Id">Its index in <see cref="ChainView"/>.</param>
/// <param name="Slug">Its slug.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="FormerSlugs">Slugs that it had before and that may still stand in a layer; one that another pool has now is that pool's. Null for none.</param>
public readonly record struct LayerPool(ushort Id, string Slug, string Name, IReadOnlyList<string>? FormerSlugs = null);

/// <summary>Which of a layer's rows count.</summary>
/// <param name="KnownAt">What stood on this day; null for what is known now.</param>
/// <param name="Minimum">Rows with less confidence are left out.</param>
public readonly record struct LayerFilter(DateOnly? KnownAt = null, Confidence Minimum = Confidence.Low);

/// <summary>An entity as a layer shows it.</summary>
/// <param name="Slug">Key.</param>
/// <param name="Name">Name for people.</param>
/// <param name="IsGroup">Whether the layer's file defines it; false for a pool on its own.</param>
public sealed record EntityName(string Slug, string Name, bool IsGroup);

/// <summary>A layer made ready for the pools of a chain: tells of each block in which entity it falls.</summary>
/// <remarks>
/// <para>A pool on its own has its own index as entity number, so that a layer without memberships counts exactly like no layer at all. Groups
/// have numbers above all of them, except one with the slug of a pool, which is that pool with others.</para>
/// <para>Immutable. Each pool has its life cut into cells at the dates of its rows. A window is cut at the dates of all rows, between
/// which no pool moves, so that its blocks are counted by pool and each pool's count is put into one cell.</para>
/// </remarks>
public sealed class LayerMap
{
    /// <summary>Stands for the entities of blocks whose miners decide for themselves: one each.</summary>
    public const int Singles = -1;

    private const long SecondsPerDay = 86_400;
    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly int[] _firstCells;
    private readonly Cell[] _cells;
    private readonly long[] _dates;
    private readonly Dictionary<int, EntityName> _names;

    private LayerMap(Layer layer, int[] firstCells, Cell[] cells, Dictionary<int, EntityName> names, IReadOnlyList<string> unlisted)
    {
        (Layer, _firstCells, _cells, _names, UnlistedPools) = (layer, firstCells, cells, names, unlisted);
        _dates = [.. cells.Select(static cell => cell.End).Distinct().Order()];
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    /// <summary>Slugs of members that are no pools of the chain: rows without effect, perhaps misspelled.</summary>
    public IReadOnlyList<string> UnlistedPools { get; }

    /// <summary>Makes a layer ready.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="pools">Every pool that a block of the chain may have; slugs and indexes are unique.</param>
    /// <param name="filter">Which rows count; by default all that stand now.</param>
    /// <exception cref="ArgumentException">A slug or an index twice.</exception>
    public static LayerMap Create(Layer layer, IEnumerable<LayerPool> pools, LayerFilter filter = default)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var bySlug = pools.ToDictionary(static pool => pool.Slug, StringComparer.Ordinal);
        var names = bySlug.Values.ToDictionary(static pool => (int)pool.Id, static pool => new EntityName(pool.Slug, pool.Name, false));
        var count = names.Count == 0 ? 0 : names.Keys.Max() + 1;
        var rows = layer.Memberships
            .Where(one => one.Membership.StoodOn(filter.KnownAt) && one.Membership.Confidence >= filter.Minimum)
            .ToLookup(static one => one.Membership.Pool, StringComparer.Ordinal);
        var slugs = bySlug.Values
            .SelectMany(pool => (pool.FormerSlugs ?? []).Where(former => !bySlug.ContainsKey(former)).Append(pool.Slug).Select(slug => (Id: (int)pool.Id, Slug: slug)))
            .ToLookup(static pair => pair.Id, static pair => pair.Slug);
        var owners = slugs.SelectMany(static pool => pool.Select(slug => (Id: pool.Key, Slug: slug))).ToLookup(static pair => pair.Slug, static pair => pair.Id, StringComparer.Ordinal);
        var numbers = NumberEntities(layer, bySlug, owners, names, count);
        var firstCells = new int[count];
        var cells = new List<Cell>();
        for (var id = 0; id < count; id++)
        {
            firstCells[id] = cells.Count;
            var own = slugs[id].SelectMany(slug => rows[slug]);
            AddCells(cells, id, [.. own.Select(one => (one.Membership, one.Entity is null ? Singles : numbers[one.Entity.Slug]))]);
        }

        var unlisted = layer.Memberships.Select(static one => one.Membership.Pool).Where(pool => !owners.Contains(pool)).Distinct();
        return new LayerMap(layer, firstCells, [.. cells], names, [.. unlisted.Order(StringComparer.Ordinal)]);
    }

    /// <summary>The entity of a block.</summary>
    /// <param name="pool">Index of its pool; not <see cref="ChainView.UnknownPool"/>.</param>
    /// <param name="medianTimePast">Its median time past, Unix seconds.</param>
    /// <returns>Number of the entity, or <see cref="Singles"/> for one of its own.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A pool that the map was not made for.</exception>
    public int EntityOf(ushort pool, uint medianTimePast)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(pool, _firstCells.Length);
        return _cells[CellOf(pool, medianTimePast)].Entity;
    }

    /// <summary>Slug and name of an entity; not for <see cref="Singles"/>.</summary>
    /// <exception cref="KeyNotFoundException">No such entity.</exception>
    public EntityName NameOf(int entity) => _names[entity];

    /// <summary>Counts the blocks of a window by entity and by pool within it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the chain.</exception>
    /// <exception cref="IndexOutOfRangeException">A block has a pool that the map was not made for.</exception>
    public LayerShares Count(ChainView chain, BlockWindow window)
    {
        ArgumentNullException.ThrowIfNull(chain);
        var pools = chain.PoolsOf(window);
        var times = chain.MedianTimesPastOf(window);
        var unknown = 0;
        var counts = new int[_firstCells.Length];
        var blocks = new int[_cells.Length];
        for (int from = 0, to; from < pools.Length; from = to)
        {
            to = from + BlocksUntilNextDate(times[from..]);
            unknown += CountPools(pools[from..to], counts);
            MoveToCells(counts, times[from], blocks);
        }

        return Summarise(blocks, unknown);
    }

    /// <summary>How many blocks from the first on come before any pool moves; at least 1.</summary>
    private int BlocksUntilNextDate(ReadOnlySpan<uint> times)
    {
        var at = Array.BinarySearch(_dates, times[0]);
        var date = _dates.AsSpan(at < 0 ? ~at : at + 1);
        if (date.IsEmpty || times[^1] < date[0])
        {
            return times.Length;
        }

        // The first block of that day or later: times never fall, but may repeat.
        var (low, high) = (1, times.Length - 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = times[middle] < date[0] ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int CountPools(ReadOnlySpan<ushort> pools, int[] counts)
    {
        var unknown = 0;
        foreach (var pool in pools)
        {
            if (pool == ChainView.UnknownPool)
            {
                unknown++;
            }
            else
            {
                counts[pool]++;
            }
        }

        return unknown;
    }

    private void MoveToCells(int[] counts, uint time, int[] blocks)
    {
        for (var pool = 0; pool < counts.Length; pool++)
        {
            if (counts[pool] > 0)
            {
                blocks[CellOf(pool, time)] += counts[pool];
                counts[pool] = 0;
            }
        }
    }

    private int CellOf(int pool, uint time)
    {
        var cell = _firstCells[pool];
        while (time >= _cells[cell].End)
        {
            cell++;
        }

        return cell;
    }

    private LayerShares Summarise(int[] blocks, int unknown)
    {
        var (singles, counts, members) = (0, new List<EntityBlocks>(), new List<LayerMember>());
        for (var cell = 0; cell < blocks.Length; cell++)
        {
            if (blocks[cell] == 0)
            {
                continue;
            }

            var (entity, pool) = (_cells[cell].Entity, (ushort)_cells[cell].Pool);
            if (entity == Singles)
            {
                singles += blocks[cell];
            }
            else
            {
                counts.Add(new EntityBlocks(entity, blocks[cell]));
            }

            Add(members, new LayerMember(entity, pool, blocks[cell]));
        }

        return new LayerShares(ShareDistribution.FromCounts(counts, unknown, singles), members);
    }

    /// <summary>A pool's cells lie side by side, but it may have left an entity and come back.</summary>
    private static void Add(List<LayerMember> members, LayerMember member)
    {
        for (var i = members.Count - 1; i >= 0 && members[i].Pool == member.Pool; i--)
        {
            if (members[i].Entity == member.Entity)
            {
                members[i] = members[i] with { Blocks = members[i].Blocks + member.Blocks };
                return;
            }
        }

        members.Add(member);
    }

    /// <summary>A group with a pool's slug is that pool, by the present slug before any former one; only one group of a layer can be it.</summary>
    private static Dictionary<string, int> NumberEntities(
        Layer layer, Dictionary<string, LayerPool> pools, ILookup<string, int> owners, Dictionary<int, EntityName> names, int count)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entity in layer.Entities.OrderByDescending(entity => pools.ContainsKey(entity.Slug)))
        {
            var free = owners[entity.Slug].Where(id => !names[id].IsGroup).ToList();
            var number = free.Count > 0 ? free.Min() : count++;
            numbers.Add(entity.Slug, number);
            names[number] = new EntityName(entity.Slug, entity.Name, true);
        }

        return numbers;
    }

    /// <summary>Cuts a pool's life, from the first second to the last, at the dates of its rows.</summary>
    private static void AddCells(List<Cell> cells, int pool, List<(Membership Row, int Entity)> rows)
    {
        foreach (var (row, entity) in rows.OrderBy(static one => one.Row.From ?? DateOnly.MinValue))
        {
            if (row.From is { } from)
            {
                cells.Add(new Cell(SecondsOf(from), pool, pool));
            }

            cells.Add(new Cell(row.To is { } to ? SecondsOf(to) : long.MaxValue, entity, pool));
        }

        cells.Add(new Cell(long.MaxValue, pool, pool));
    }

    private static long SecondsOf(DateOnly day) => (day.DayNumber - EpochDay) * SecondsPerDay;

    /// <param name="End">First second that is no longer in it.</param>
    /// <param name="Entity">The entity of the pool's blocks before it and after the end of the cell before.</param>
    /// <param name="Pool">The pool.</param>
    private readonly record struct Cell(long End, int Entity, int Pool);
}
