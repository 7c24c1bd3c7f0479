using PoolWatch.Core.Concentration;
using PoolWatch.Core.Concentration.Alarms;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>Counts of each pool in the last blocks, and in those before them.</summary>
internal sealed class TwoWindows(int pools, int later, int earlier)
{
    private readonly ushort[] _blocks = new ushort[later + earlier];
    private long _added;

    public int[] Later { get; } = new int[pools + 1];

    public int[] Earlier { get; } = new int[pools + 1];

    public bool IsFull => _added >= _blocks.Length;

    /// <returns>The pools whose counts changed; a place of its own for unknown blocks.</returns>
    public (int Came, int Moved, int Left) Add(ushort pool)
    {
        var came = Math.Min((int)pool, Later.Length - 1);
        var at = (int)(_added % _blocks.Length);
        var moved = _blocks[(at + earlier) % _blocks.Length];
        var left = _blocks[at];
        if (IsFull)
        {
            Earlier[left]--;
        }

        if (_added >= later)
        {
            Later[moved]--;
            Earlier[moved]++;
        }

        Later[came]++;
        _blocks[at] = (ushort)came;
        _added++;
        return (came, moved, left);
    }
}

/// <summary>Counts how often a condition begins to hold; what comes back within so many blocks is the same alarm, as with keep_firing_for.</summary>
internal sealed class Beginnings(int kept)
{
    private readonly Dictionary<int, long> _last = [];

    public int Count { get; private set; }

    public void Note(int entity, long at, bool holds)
    {
        if (holds)
        {
            Count += _last.TryGetValue(entity, out var last) && at - last <= kept ? 0 : 1;
            _last[entity] = at;
        }
    }
}

/// <summary>False alarms of the rules that look at windows, while every share is constant.</summary>
internal static class WindowRules
{
    private const int Year = 52_560;
    private const int Week = 1_008;

    /// <summary>Lower bound of a pool's share above its true share; the largest two of a layer matter.</summary>
    public static int FloorAbove(double share, int years, ulong seed)
    {
        var (draws, alarms) = (new Draws(seed), new Beginnings(Week));
        var windows = new TwoWindows(2, ShareFloor.Blocks, 1);
        for (var i = 0L; i < (long)years * Year; i++)
        {
            windows.Add(draws.Pool([share, share]));
            for (var pool = 0; windows.IsFull && pool < 2; pool++)
            {
                alarms.Note(pool, i, ShareFloor.Of(windows.Later[pool], ShareFloor.Blocks) > share);
            }
        }

        return alarms.Count;
    }

    /// <summary>Blocks until the floor of a share that rises is above a limit.</summary>
    public static double FloorDelay(double limit, double before, double after, int rounds, ulong seed)
    {
        var draws = new Draws(seed);
        return Enumerable.Range(0, rounds).Average(_ =>
        {
            var windows = new TwoWindows(1, ShareFloor.Blocks, 1);
            for (var i = 0; i < 2 * ShareFloor.Blocks; i++)
            {
                windows.Add(draws.Pool([before]));
            }

            var blocks = 0;
            do
            {
                windows.Add(draws.Pool([after]));
                blocks++;
            }
            while (ShareFloor.Of(windows.Later[0], ShareFloor.Blocks) <= limit);

            return blocks;
        });
    }

    public static int Shifts(double[] shares, int years, ulong seed)
    {
        var (draws, alarms) = (new Draws(seed), new Beginnings(3 * 144));
        var windows = new TwoWindows(shares.Length, RecentShift.Later, RecentShift.Earlier);
        for (var i = 0L; i < (long)years * Year; i++)
        {
            var (came, moved, left) = windows.Add(draws.Pool(shares));
            foreach (var pool in windows.IsFull ? (ReadOnlySpan<int>)[came, moved, left] : [])
            {
                alarms.Note(pool, i, IsShift(windows, pool));
            }
        }

        return alarms.Count;
    }

    public static double ShiftDelay(double before, double after, int rounds, ulong seed)
    {
        var draws = new Draws(seed);
        return Enumerable.Range(0, rounds).Average(_ =>
        {
            var windows = new TwoWindows(1, RecentShift.Later, RecentShift.Earlier);
            for (var i = 0; i < RecentShift.Later + RecentShift.Earlier; i++)
            {
                windows.Add(draws.Pool([before]));
            }

            var blocks = 0;
            do
            {
                windows.Add(draws.Pool([after]));
                blocks++;
            }
            while (!IsShift(windows, 0) && blocks < RecentShift.Later + RecentShift.Earlier);

            return blocks;
        });
    }

    /// <summary>Present runs that a miner with that share of the last month would not have in a year but once in a hundred.</summary>
    public static int Streaks(double[] shares, double limit, int years, ulong seed)
    {
        var (draws, alarms, runs) = (new Draws(seed), new Beginnings(144), 0);
        var windows = new TwoWindows(shares.Length, 4_320, 1);
        var (miner, length) = (-1, 0);
        for (var i = 0L; i < (long)years * Year; i++)
        {
            var pool = draws.Pool(shares);
            windows.Add(pool);
            (miner, length) = (pool, pool == miner ? length + 1 : 1);
            if (windows.IsFull && length >= 3 && pool != ChainView.UnknownPool)
            {
                runs++;
                alarms.Note(pool, i, Core.Concentration.Streaks.ProbabilityOfRun(length, Year, windows.Later[pool] / 4_320.0) < limit);
            }
        }

        return alarms.Count;
    }

    /// <summary>Days with fewer blocks than so many, at a constant hash rate; difficulty fits.</summary>
    public static int SlowDays(int limit, int years, ulong seed)
    {
        var (draws, alarms) = (new Draws(seed), new Beginnings(144));
        var times = new double[limit];
        var now = 0.0;
        for (var i = 0L; i < (long)years * Year; i++)
        {
            now -= Math.Log(1 - draws.Next()) / 144;
            // The block so many places before this one: just before now ended a day that had fewer.
            var before = times[i % times.Length];
            alarms.Note(0, i, i >= times.Length && now - before > 1);
            times[i % times.Length] = now;
        }

        return alarms.Count;
    }

    /// <summary>Most blocks need no test, which is what takes the time.</summary>
    private static bool IsShift(TwoWindows windows, int pool) =>
        Math.Abs((windows.Later[pool] / (double)RecentShift.Later) - (windows.Earlier[pool] / (double)RecentShift.Earlier)) >= RecentShift.LeastDifference
        && RecentShift.IsAlarm(ShareShift.Of(windows.Earlier[pool], RecentShift.Earlier, windows.Later[pool], RecentShift.Later));
}
