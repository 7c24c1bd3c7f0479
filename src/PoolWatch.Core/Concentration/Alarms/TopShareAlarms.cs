using PoolWatch.Core.Concentration.History;

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
public static class TopShareAlarms
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

    /// <summary>The tests: n and the threshold with its limit.</summary>
    public static IReadOnlyList<(int Largest, Cusum Test)> All => Tests;

    /// <summary>The alarms at the chain's tip: for n = 1 to 5 against one half, and for n = 3 against two thirds.</summary>
    /// <param name="entities">The entities of the chain's last <see cref="ShareAlarms.Blocks"/> blocks, or of more of them, or of all.</param>
    public static IReadOnlyList<TopShareAlarm> At(EntityColumn entities)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var window = entities.Last(ShareAlarms.Blocks);
        var places = window is { } last ? PlacesOf(entities, last) : [];
        return [.. Tests.Select(test => Watch(test.Largest, test.Test, places, window?.FromHeight ?? 0, ended: null))];
    }

    /// <summary>The Nakamoto coefficient that the alarms bear out: the smallest n whose share is above one half.</summary>
    /// <returns>1 to 5; 6 for more than five.</returns>
    public static int Coefficient(IEnumerable<TopShareAlarm> alarms) => alarms
        .Where(static alarm => alarm.IsOn && alarm.Threshold == Threshold.Half).Select(static alarm => alarm.Largest).DefaultIfEmpty(MaxLargest + 1).Min();

    /// <summary>Every alarm that began within a window when the tests are begun with its first block.</summary>
    /// <param name="entities">The entities of a chain's blocks.</param>
    /// <param name="window">Where to look, of any length.</param>
    /// <returns>By the height at which it began.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the column.</exception>
    public static IReadOnlyList<TopShareEpisode> Episodes(EntityColumn entities, BlockWindow window)
    {
        ArgumentNullException.ThrowIfNull(entities);
        var places = PlacesOf(entities, window);
        var episodes = new List<TopShareEpisode>();
        foreach (var (largest, test) in Tests)
        {
            if (Watch(largest, test, places, window.FromHeight, episodes) is { Since: { } from })
            {
                episodes.Add(new TopShareEpisode(largest, test.Threshold, from, null));
            }
        }

        return [.. episodes.OrderBy(static one => one.From).ThenByDescending(static one => one.Largest)];
    }

    /// <summary>The place of each block's entity among the largest at its time: 0 for the largest, <see cref="Ranking.None"/> for all others.</summary>
    private static byte[] PlacesOf(EntityColumn entities, BlockWindow window)
    {
        var mined = entities.EntitiesOf(window);
        var places = new byte[mined.Length];
        var ranking = new Ranking();
        for (var i = 0; i < mined.Length; i++)
        {
            if ((window.FromHeight + i) % RankedEvery == 0)
            {
                ranking.Renew();
            }

            places[i] = ranking.Place(mined[i]);
            ranking.Add(mined[i]);
        }

        return places;
    }

    private static TopShareAlarm Watch(int largest, Cusum test, ReadOnlySpan<byte> places, int fromHeight, List<TopShareEpisode>? ended)
    {
        var theirs = new bool[places.Length];
        for (var i = 0; i < theirs.Length; i++)
        {
            theirs[i] = places[i] < largest;
        }

        var (level, since) = test.Watch(theirs, fromHeight, (from, to) => ended?.Add(new TopShareEpisode(largest, test.Threshold, from, to)));
        return new TopShareAlarm(largest, test.Threshold, level, since);
    }

    /// <summary>Who had most of the last blocks, as of the last time that it was renewed.</summary>
    private sealed class Ranking
    {
        public const byte None = byte.MaxValue;

        private readonly int[] _last = new int[RankedBlocks];
        private int[] _blocks = new int[64];
        private byte[] _places = [];
        private int _at, _added;

        /// <summary>The place of an entity among the largest from 0 on, or <see cref="None"/>.</summary>
        public byte Place(int entity) => (uint)entity < (uint)_places.Length ? _places[entity] : None;

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

            _places = new byte[_blocks.Length];
            Array.Fill(_places, None);
            for (byte place = 0; place < MaxLargest; place++)
            {
                var largest = -1;
                for (var entity = 0; entity < _blocks.Length; entity++)
                {
                    if (_places[entity] == None && _blocks[entity] > (largest < 0 ? 0 : _blocks[largest]))
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
