using System.Globalization;
using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>The measures of a sequence of labels, computed from their textbook formulas and from nothing of PoolWatch; unknown blocks are one miner each.</summary>
public sealed class ExpectedMeasures
{
    private const double Z = 1.959963984540054;
    private const double Tolerance = 1e-12;
    private readonly int _total;
    private readonly int _unknown;
    private readonly List<(string Pool, int Blocks)> _pools;
    private readonly List<int> _separate;

    public ExpectedMeasures(IReadOnlyList<string> labels)
    {
        _total = labels.Count;
        _unknown = labels.Count(l => l == "unknown");
        _pools = [.. labels.Where(l => l != "unknown").GroupBy(l => l).Select(g => (g.Key, g.Count())).OrderByDescending(p => p.Item2)];
        _separate = [.. _pools.Select(p => p.Blocks), .. Enumerable.Repeat(1, _unknown)];
    }

    public void AssertShares(JsonElement answer)
    {
        var pools = answer.GetProperty("pools").EnumerateArray().ToDictionary(p => p.GetProperty("slug").GetString()!);
        Assert.Equal(_pools.Select(p => p.Pool).Order(StringComparer.Ordinal), pools.Keys.Order(StringComparer.Ordinal));
        foreach (var (pool, blocks) in _pools)
        {
            var (lower, upper) = Wilson(blocks);
            Assert.Equal(blocks, pools[pool].GetProperty("blocks").GetInt32());
            Near((double)blocks / _total, pools[pool].GetProperty("share"));
            Near(lower, pools[pool].GetProperty("lower"));
            Near(upper, pools[pool].GetProperty("upper"));
        }

        Assert.Equal(_unknown, answer.GetProperty("unknown").GetProperty("blocks").GetInt32());
        Near((double)_unknown / _total, answer.GetProperty("unknown").GetProperty("share"));
    }

    public void AssertConcentration(JsonElement answer)
    {
        var largest = _pools.Select((p, i) => i == 0 ? p.Blocks + _unknown : p.Blocks).ToList();
        var hhi = Hhi(_separate);
        var bits = -_separate.Sum(x => Share(x) * Math.Log2(Share(x)));
        var (h, n) = (answer.GetProperty("hhi"), answer.GetProperty("nakamoto"));
        Near(hhi, h.GetProperty("separate"));
        Near(Hhi(_pools.Select(p => p.Blocks)), h.GetProperty("excluded"));
        Near(Hhi(largest), h.GetProperty("largest"));
        if (_total == 1)
        {
            Assert.Equal(JsonValueKind.Null, h.GetProperty("unbiased").ValueKind);
        }
        else
        {
            Near(((_total * hhi) - 1) / (_total - 1), h.GetProperty("unbiased"));
        }

        Assert.Equal(Nakamoto(_separate, 1, 2), n.GetProperty("half").GetInt32());
        Assert.Equal(Nakamoto(_separate, 1, 3), n.GetProperty("third").GetInt32());
        Assert.Equal(Nakamoto(_separate, 2, 3), n.GetProperty("twoThirds").GetInt32());
        Assert.Equal(Nakamoto(largest, 1, 2), n.GetProperty("halfLargest").GetInt32());
        for (var top = 1; top <= 6; top++)
        {
            Near(Share(_separate.OrderDescending().Take(top).Sum()), answer.GetProperty("top").GetProperty(top.ToString(CultureInfo.InvariantCulture)));
        }

        Near(1 / hhi, answer.GetProperty("effective").GetProperty("hhi"));
        Near(Math.Pow(2, bits), answer.GetProperty("effective").GetProperty("entropy"));
        Near(bits, answer.GetProperty("entropyBits"));
        Near(Gini(), answer.GetProperty("gini"));
        Near(Share(_unknown), answer.GetProperty("unknownShare"));
    }

    private double Share(double blocks) => blocks / _total;

    private double Hhi(IEnumerable<int> blocks) => blocks.Sum(x => Share(x) * Share(x));

    private int Nakamoto(IEnumerable<int> blocks, int numerator, int denominator)
    {
        var (sum, entities) = (0L, 0);
        foreach (var x in blocks.OrderDescending().TakeWhile(_ => sum * denominator <= (long)numerator * _total))
        {
            sum += x;
            entities++;
        }

        return entities;
    }

    private double Gini()
    {
        var ascending = _separate.Order().ToList();
        var n = ascending.Count;
        return ascending.Select((x, i) => ((2.0 * (i + 1)) - n - 1) * x).Sum() / (n * (double)_total);
    }

    private (double Lower, double Upper) Wilson(int blocks)
    {
        var (p, n) = (Share(blocks), (double)_total);
        var (centre, half, scale) = (p + (Z * Z / (2 * n)), Z * Math.Sqrt((p * (1 - p) / n) + (Z * Z / (4 * n * n))), 1 + (Z * Z / n));
        return ((centre - half) / scale, (centre + half) / scale);
    }

    private static void Near(double expected, JsonElement actual) =>
        Assert.InRange(actual.GetDouble(), expected - (Tolerance * Math.Max(1, expected)), expected + (Tolerance * Math.Max(1, expected)));
}
