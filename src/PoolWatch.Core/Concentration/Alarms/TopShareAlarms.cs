using PoolWatch.Core.Layers;

namespace PoolWatch.Core.Concentration.Alarms;

/// <summary>Whether the n largest entities together have more than a part of the hash rate, as far as the blocks up to the tip can tell.</summary>
/// <param name="Largest">n, 1 to 5.</param>
/// <param name="Threshold">The share that is tested against.</param>
/// <param name="Level">The evidence collected, over what is needed for an alarm: 0 (none) to 1.25. Below 1 an alarm that has begun goes on until 0.</param>
/// <param name="Since">Height of the block that began the alarm; null where there is none.</param>
public readonly record struct TopShareAlarm(int Largest, Threshold Threshold, double Level, int? Since)
{
    /// <summary>Whether the alarm is on.</summary>
    public bool IsOn => Since is not null;
}

/// <summary>An alarm of the past or present about the n largest entities together.</summary>
/// <param name="Largest">n, 1 to 5.</param>
/// <param name="Threshold">The share that was tested against.</param>
/// <param name="From">Height of the block that began it.</param>
/// <param name="To">Height of the block that ended it; null where it is still on.</param>
public readonly record struct TopShareEpisode(int Largest, Threshold Threshold, int From, int? To);

/// <summary>Sequential tests of the n largest entities of a layer together, and the Nakamoto coefficient that they bear out.</summary>
/// <remarks>
/// <para>Who is largest is known from the past: each block is compared with the n largest of the <see cref="RankedBlocks"/> blocks before the last height that
/// is a multiple of <see cref="RankedEvery"/>. Luck that made somebody large has no part in the blocks that are then counted, so the sum of the n largest of
/// a window, which is too high by selection, is not what is tested. Whatever set is chosen, it has no more than the n largest in truth.</para>
/// <para>Like <see cref="ShareAlarms"/> a state of the last <see cref="ShareAlarms.Blocks"/> blocks alone, with limits for at most one false alarm in a year of blocks
/// while in each of four layers the share is exactly the threshold.</para>
/// </remarks>
public sealed class TopShareAlarms
{
    /// <summary>Over how many blocks the largest are ranked: about a month.</summary>
    public const int RankedBlocks = 4_320;

    /// <summary>How often they are ranked anew, in blocks: about once a day.</summary>
    public const int RankedEvery = 144;

    /// <summary>The largest n that is tested against one half.</summary>
    public const int MaxLargest = 5;

    private static readonly (int Largest, Cusum Test)[] Tests =
    [
        .. Enumerable.Range(1, MaxLargest).Select(static n => (n, new Cusum(Threshold.Half, 6.91))), (3, new Cusum(Threshold.TwoThirds, 7.2)),
    ];

    private readonly long[] _levels = new long[Tests.Length];
    private readonly int?[] _since = new int?[Tests.Length];
    private readonly List<TopShareEpisode>? _ended;

    private TopShareAlarms(List<TopShareEpisode>? ended) => _ended = ended;

    /// <summary>The tests: n and the threshold with its limit.</summary>
    public static IReadOnlyList<(int Largest, Cusum Test)> All => Tests;

    /// <summary>The alarms at the chain's tip: for n = 1 to 5 against one half, and for n = 3 against two thirds.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="map">The layer; made for every pool of the chain.</param>
    /// <exception cref="ArgumentOutOfRangeException">A block has a pool that the map was not made for.</exception>
    public static IReadOnlyList<TopShareAlarm> At(ChainView chain, LayerMap map)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(map);
        var alarms = new TopShareAlarms(ended: null);
        if (chain.TryLast(Math.Min(chain.Count, ShareAlarms.Blocks), out var window))
        {
            alarms.Watch(chain, map, window);
        }

        return [.. Tests.Select((test, i) => new TopShareAlarm(test.Largest, test.Test.Threshold, (double)alarms._levels[i] / test.Test.Limit, alarms._since[i]))];
    }

    /// <summary>The Nakamoto coefficient that the alarms bear out: the smallest n whose share is above one half.</summary>
    /// <returns>1 to 5; 6 for more than five.</returns>
    public static int Coefficient(IEnumerable<TopShareAlarm> alarms) => alarms
        .Where(static alarm => alarm.IsOn && alarm.Threshold == Threshold.Half).Select(static alarm => alarm.Largest).DefaultIfEmpty(MaxLargest + 1).Min();

    /// <summary>Every alarm that began within a window when the tests are begun with its first block.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="map">The layer; made for every pool of the chain.</param>
    /// <param name="window">Where to look, of any length.</param>
    /// <returns>By the height at which it began.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the chain, or a block has a pool that the map was not made for.</exception>
    public static IReadOnlyList<TopShareEpisode> Episodes(ChainView chain, LayerMap map, BlockWindow window)
    {
        ArgumentNullException.ThrowIfNull(chain);
        ArgumentNullException.ThrowIfNull(map);
        var ended = new List<TopShareEpisode>();
        var alarms = new TopShareAlarms(ended);
        alarms.Watch(chain, map, window);
        var on = Tests.Index().Where(one => alarms._since[one.Index] is not null)
            .Select(one => new TopShareEpisode(one.Item.Largest, one.Item.Test.Threshold, alarms._since[one.Index]!.Value, null));
        return [.. ended.Concat(on).OrderBy(static one => one.From).ThenByDescending(static one => one.Largest)];
    }

    private void Watch(ChainView chain, LayerMap map, BlockWindow window)
    {
        var pools = chain.PoolsOf(window);
        var times = chain.MedianTimesPastOf(window);
        var ranking = new Ranking();
        for (var i = 0; i < pools.Length; i++)
        {
            var height = window.FromHeight + i;
            if (height % RankedEvery == 0)
            {
                ranking.Renew();
            }

            var entity = pools[i] == ChainView.UnknownPool ? LayerMap.Singles : map.EntityOf(pools[i], times[i]);
            if (ranking.IsKnown)
            {
                Mined(ranking.Place(entity), height);
            }

            ranking.Add(entity);
        }
    }

    /// <param name="place">0 for a block of the largest, 1 for one of the second …</param>
    /// <param name="height">Its height.</param>
    private void Mined(int place, int height)
    {
        for (var i = 0; i < _levels.Length; i++)
        {
            var (largest, test) = Tests[i];
            var level = _levels[i] + (place < largest ? test.Own : -test.Other);
            if (level <= 0)
            {
                level = 0;
                End(i, height);
            }
            else if (level >= test.Limit)
            {
                level = Math.Min(level, test.Cap);
                _since[i] ??= height;
            }

            _levels[i] = level;
        }
    }

    private void End(int i, int height)
    {
        if (_since[i] is { } from)
        {
            _ended?.Add(new TopShareEpisode(Tests[i].Largest, Tests[i].Test.Threshold, from, height));
            _since[i] = null;
        }
    }

    /// <summary>Who had most of the last blocks, as of the last time that it was renewed.</summary>
    private sealed class Ranking
    {
        private readonly int[] _last = new int[RankedBlocks];
        private int[] _blocks = new int[64];
        private int[] _places = [];
        private int _at, _added;

        public bool IsKnown => _places.Length > 0;

        /// <summary>The place of an entity among the largest from 0 on; a large number for all others.</summary>
        public int Place(int entity) => (uint)entity < (uint)_places.Length ? _places[entity] : int.MaxValue;

        public void Add(int entity)
        {
            if (_added >= RankedBlocks && _last[_at] >= 0)
            {
                _blocks[_last[_at]]--;
            }

            _last[_at] = entity;
            _at = _at == RankedBlocks - 1 ? 0 : _at + 1;
            _added++;
            if (entity >= _blocks.Length)
            {
                Array.Resize(ref _blocks, Math.Max(entity + 1, 2 * _blocks.Length));
            }

            if (entity >= 0)
            {
                _blocks[entity]++;
            }
        }

        /// <summary>Equal ones by the lower number, so that the order never depends on how it came about. Without a block yet there is none.</summary>
        public void Renew()
        {
            if (_added == 0)
            {
                return;
            }

            _places = new int[_blocks.Length];
            Array.Fill(_places, int.MaxValue);
            for (var place = 0; place < MaxLargest; place++)
            {
                var largest = -1;
                for (var entity = 0; entity < _blocks.Length; entity++)
                {
                    if (_places[entity] == int.MaxValue && _blocks[entity] > (largest < 0 ? 0 : _blocks[largest]))
                    {
                        largest = entity;
                    }
                }

                if (largest >= 0)
                {
                    _places[largest] = place;
                }
            }
        }
    }
}
