using PoolWatch.Core.Concentration.Alarms;

namespace PoolWatch.Benchmarks.Alarms;

/// <summary>A way to tell that a share is above a threshold: a figure after each block, 0 or less where nothing speaks for it.</summary>
internal abstract class Detector
{
    public abstract double Next(bool own);
}

/// <summary>Page's cumulative sum for a rise by a step, as <see cref="Cusum"/> has it, with any step and without a cap.</summary>
internal sealed class PlainCusum(double threshold, double step) : Detector
{
    private readonly double _own = Math.Log((threshold + step) / threshold);
    private readonly double _other = Math.Log((1 - threshold - step) / (1 - threshold));
    private double _level;

    public override double Next(bool own) => _level = Math.Max(0, _level + (own ? _own : _other));
}

/// <summary>The largest of several cumulative sums, for rises of 2.5, 5 and 10 points.</summary>
internal sealed class SeveralCusums(double threshold) : Detector
{
    private readonly PlainCusum[] _all = [new(threshold, 0.025), new(threshold, 0.05), new(threshold, 0.1)];

    public override double Next(bool own) => _all.Max(one => one.Next(own));
}

/// <summary>How many standard errors the share of a window lies above the threshold: the exact binomial test's order, one limit on the count.</summary>
internal sealed class WindowCount(double threshold, int length) : Detector
{
    private readonly bool[] _blocks = new bool[length];
    private readonly double _error = Math.Sqrt(length * threshold * (1 - threshold));
    private int _at, _seen, _count;

    public override double Next(bool own)
    {
        _count += (own ? 1 : 0) - (_blocks[_at] ? 1 : 0);
        _blocks[_at] = own;
        _at = (_at + 1) % length;
        _seen++;
        return _seen < length ? 0 : (_count - (length * threshold)) / _error;
    }
}

/// <summary>The largest over windows of 72 to 4608 blocks, each twice the one before: a likelihood ratio for any rise at any of these times.</summary>
internal sealed class SeveralWindows(double threshold) : Detector
{
    private readonly WindowCount[] _all = [.. Enumerable.Range(0, 7).Select(i => new WindowCount(threshold, 72 << i))];

    /// <summary>Less 1: the largest of seven is hardly ever below 0, and an alarm has to end.</summary>
    public override double Next(bool own) => _all.Max(one => one.Next(own)) - 1;
}
