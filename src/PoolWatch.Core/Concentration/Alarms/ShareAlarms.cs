using PoolWatch.Core.Concentration.History;
using PoolWatch.Core.Layers;

namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>Who has more than a third, 40 % or half of the hash rate beyond what chance explains: a sequential test of every entity of a layer.</summary>
/// <remarks>
/// <para>The state follows from the last <see cref="Blocks"/> blocks of the chain alone, beginning without evidence. So a restart, a replica, and a past tip
/// asked for again give the same. A level older than that would differ only if it had touched neither 0 nor the cap for a year.</para>
/// <para>Limits are such that an alert rule starts at most one false alarm in 52,560 blocks, a year, while shares are exactly at the threshold: for pools
/// three at 1/3, or two at 40 % or at 1/2, all at once; in the other layers as many in each of three. docs/adr/0015-alarms.md says how they were
/// found and what the test's delay is.</para>
/// <para>In a layer of groups an entity counts only if two pools or more have blocks in it: of a pool by itself the layer of pools has the alarm, and nobody
/// is to be woken twice for the same blocks. Unknown blocks are nobody's.</para>
/// </remarks>
public sealed class ShareAlarms
{
    /// <summary>Blocks looked back upon, or all where the chain has fewer.</summary>
    public const int Blocks = 52_560;

    private static readonly Cusum[] OfPools = [new(Threshold.Third, 6.70), new(Threshold.TwoFifths, 6.24), new(Threshold.Half, 6.22)];
    private static readonly Cusum[] OfGroups = [new(Threshold.Third, 7.79), new(Threshold.TwoFifths, 7.33), new(Threshold.Half, 7.31)];

    private readonly Cusum[] _tests;
    private readonly bool _isOfPools;
    private readonly List<AlarmEpisode>? _ended;
    private Watched[] _entities = new Watched[64];

    private ShareAlarms(string layer, List<AlarmEpisode>? ended)
    {
        (_isOfPools, _ended) = (layer == Layer.PoolName, ended);
        _tests = _isOfPools ? OfPools : OfGroups;
    }

    /// <summary>The thresholds: 1/3, 2/5, 1/2.</summary>
    public static IReadOnlyList<Threshold> Thresholds { get; } = [.. OfPools.Select(static test => test.Threshold)];

    /// <summary>The tests that are used for pools, or for groups of them, in the order of <see cref="Thresholds"/>.</summary>
    public static IReadOnlyList<Cusum> TestsOf(string layer) => layer == Layer.PoolName ? OfPools : OfGroups;

    /// <summary>The alarms at the chain's tip.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="entities">The entities of its last <see cref="Blocks"/> blocks, or of more of them, or of all.</param>
    /// <returns>
    /// One for each threshold and each entity with a block in the last <see cref="Blocks"/>, on or not, ordered by entity; none where the chain is empty.
    /// In a layer of groups only of those entities in which two pools or more have blocks.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">These blocks are not in the column.</exception>
    public static IReadOnlyList<ShareAlarm> At(ChainView chain, EntityColumn entities)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(entities);
        var alarms = new ShareAlarms(entities.Layer.Layer.Name, ended: null);
        if (chain.TryLast(Math.Min(chain.Count, Blocks), out var window))
        {
            alarms.Watch(chain.PoolsOf(window), entities.EntitiesOf(window), window);
        }

        return alarms.State();
    }

    /// <summary>Every alarm that began within a window when the test is begun with its first block.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="entities">The entities of its blocks.</param>
    /// <param name="window">Where to look, of any length.</param>
    /// <returns>By the height at which it began.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the chain and the column.</exception>
    public static IReadOnlyList<AlarmEpisode> Episodes(ChainView chain, EntityColumn entities, BlockWindow window)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(entities);
        var ended = new List<AlarmEpisode>();
        var alarms = new ShareAlarms(entities.Layer.Layer.Name, ended);
        alarms.Watch(chain.PoolsOf(window), entities.EntitiesOf(window), window);
        var on = alarms.State().Where(static alarm => alarm.IsOn).Select(static alarm => new AlarmEpisode(alarm.Entity, alarm.Threshold, alarm.Since!.Value, null));
        return [.. ended.Where(one => alarms.Counts(one.Entity)).Concat(on).OrderBy(static one => one.From).ThenBy(static one => one.Entity)];
    }

    private void Watch(ReadOnlySpan<ushort> pools, ReadOnlySpan<int> entities, BlockWindow window)
    {
        for (var i = 0; i < entities.Length; i++)
        {
            if (entities[i] >= 0)
            {
                Mined(entities[i], pools[i], window.FromHeight + i);
            }
        }

        for (var entity = 0; entity < _entities.Length; entity++)
        {
            for (var i = 0; _entities[entity].Levels is { } levels && i < levels.Length; i++)
            {
                Note(entity, i, levels[i].FallTo(_tests[i], window.ToHeight));
            }
        }
    }

    private void Mined(int entity, ushort pool, int height)
    {
        if (entity >= _entities.Length)
        {
            Array.Resize(ref _entities, Math.Max(entity + 1, 2 * _entities.Length));
        }

        ref var watched = ref _entities[entity];
        if (watched.Levels is not { } levels)
        {
            watched.Levels = levels = new CusumLevel[_tests.Length];
            watched.FirstPool = pool;
        }

        watched.HasPools |= pool != watched.FirstPool;
        for (var i = 0; i < levels.Length; i++)
        {
            Note(entity, i, levels[i].Mined(_tests[i], height));
        }
    }

    private void Note(int entity, int test, (int From, int To)? ended)
    {
        if (ended is { } span)
        {
            _ended?.Add(new AlarmEpisode(entity, _tests[test].Threshold, span.From, span.To));
        }
    }

    private List<ShareAlarm> State()
    {
        var alarms = new List<ShareAlarm>();
        for (var entity = 0; entity < _entities.Length; entity++)
        {
            for (var i = 0; _entities[entity].Levels is { } levels && i < levels.Length && Counts(entity); i++)
            {
                alarms.Add(new ShareAlarm(entity, _tests[i].Threshold, levels[i].Ratio(_tests[i]), levels[i].Since));
            }
        }

        return alarms;
    }

    private bool Counts(int entity) => _isOfPools || _entities[entity].HasPools;

    /// <summary>An entity that had a block.</summary>
    private struct Watched
    {
        public CusumLevel[]? Levels;
        public ushort FirstPool;
        public bool HasPools;
    }
}
