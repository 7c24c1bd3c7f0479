using System.Globalization;
using System.Text.Json;

namespace PoolWatch.Tests.Support;

/// <summary>What /v1/shares and /v1/concentration must answer about a sequence of labels.</summary>
public sealed class ExpectedMeasures(IReadOnlyList<SampleLabel> labels)
{
    private const double Tolerance = 1e-12;
    private readonly LabelMeasures _expected = new(labels);

    public void AssertShares(JsonElement answer)
    {
        var pools = answer.GetProperty("pools").EnumerateArray().ToDictionary(p => p.GetProperty("slug").GetString()!);
        Assert.Equal(_expected.Pools.Keys.Order(StringComparer.Ordinal), pools.Keys.Order(StringComparer.Ordinal));
        foreach (var (pool, blocks) in _expected.Pools)
        {
            var (lower, upper) = _expected.Wilson(blocks);
            Assert.Equal(blocks, pools[pool].GetProperty("blocks").GetInt32());
            Near((double)blocks / _expected.Blocks, pools[pool].GetProperty("share"));
            Near(lower, pools[pool].GetProperty("lower"));
            Near(upper, pools[pool].GetProperty("upper"));
        }

        Assert.Equal(_expected.Unknown, answer.GetProperty("unknown").GetProperty("blocks").GetInt32());
        Near((double)_expected.Unknown / _expected.Blocks, answer.GetProperty("unknown").GetProperty("share"));
    }

    public void AssertConcentration(JsonElement answer)
    {
        var (hhi, nakamoto, effective) = (answer.GetProperty("hhi"), answer.GetProperty("nakamoto"), answer.GetProperty("effective"));
        Near(_expected.HhiSeparate, hhi.GetProperty("separate"));
        Near(_expected.HhiExcluded, hhi.GetProperty("excluded"));
        Near(_expected.HhiLargest, hhi.GetProperty("largest"));
        AssertUnbiased(hhi.GetProperty("unbiased"));
        Assert.Equal(_expected.Nakamoto(1, 2), nakamoto.GetProperty("half").GetInt32());
        Assert.Equal(_expected.Nakamoto(1, 3), nakamoto.GetProperty("third").GetInt32());
        Assert.Equal(_expected.Nakamoto(2, 3), nakamoto.GetProperty("twoThirds").GetInt32());
        Assert.Equal(_expected.NakamotoLargest(1, 2), nakamoto.GetProperty("halfLargest").GetInt32());
        Assert.Equal(_expected.NakamotoLargest(1, 3), nakamoto.GetProperty("thirdLargest").GetInt32());
        Assert.Equal(_expected.NakamotoLargest(2, 3), nakamoto.GetProperty("twoThirdsLargest").GetInt32());
        AssertLargest(answer.GetProperty("largest"));
        for (var n = 1; n <= 6; n++)
        {
            Near(_expected.Top(n), answer.GetProperty("top").GetProperty(n.ToString(CultureInfo.InvariantCulture)));
        }

        Near(1 / _expected.HhiSeparate, effective.GetProperty("hhi"));
        Near(Math.Pow(2, _expected.EntropyBits), effective.GetProperty("entropy"));
        Near(_expected.EntropyBits, answer.GetProperty("entropyBits"));
        Near(_expected.Gini, answer.GetProperty("gini"));
        AssertHashRate(answer.GetProperty("hashRate"));
        Near((double)_expected.Unknown / _expected.Blocks, answer.GetProperty("unknownShare"));
    }

    private void AssertLargest(JsonElement largest)
    {
        for (var n = 1; n <= 6; n++)
        {
            Near(_expected.TopLargest(n), largest.GetProperty("top").GetProperty(n.ToString(CultureInfo.InvariantCulture)));
        }

        Near(1 / _expected.HhiLargest, largest.GetProperty("effective").GetProperty("hhi"));
        Near(Math.Pow(2, _expected.EntropyBitsLargest), largest.GetProperty("effective").GetProperty("entropy"));
        Near(_expected.EntropyBitsLargest, largest.GetProperty("entropyBits"));
        Assert.Equal(_expected.EntitiesLargest, largest.GetProperty("entities").GetInt32());
        Assert.InRange(largest.GetProperty("doubleSpends")[0].GetProperty("atShare").GetDouble(), largest.GetProperty("top").GetProperty("1").GetDouble(), 1);
    }

    /// <summary>What has to hold of any estimate: it is without bias, and lies within its interval.</summary>
    private void AssertHashRate(JsonElement hashRate)
    {
        AssertUnbiased(_expected.Blocks == 1 ? hashRate.GetProperty("hhi") : hashRate.GetProperty("hhi").GetProperty("estimate"));
        var half = hashRate.GetProperty("nakamoto").GetProperty("half");
        Assert.InRange(half.GetProperty("lower").GetInt32(), 1, _expected.Nakamoto(1, 2));
        Assert.True(half.GetProperty("upper").ValueKind == JsonValueKind.Null || half.GetProperty("upper").GetInt32() >= _expected.Nakamoto(1, 2));
        foreach (var interval in hashRate.EnumerateObject().Where(i => i.Name != "nakamoto" && i.Value.ValueKind == JsonValueKind.Object).Select(i => i.Value))
        {
            Assert.InRange(interval.GetProperty("estimate").GetDouble(), interval.GetProperty("lower").GetDouble(), interval.GetProperty("upper").GetDouble());
        }
    }

    /// <summary>One block has no unbiased index: it would be 0 / 0.</summary>
    private void AssertUnbiased(JsonElement unbiased)
    {
        if (_expected.Blocks == 1)
        {
            Assert.Equal(JsonValueKind.Null, unbiased.ValueKind);
        }
        else
        {
            Near(_expected.HhiUnbiased, unbiased);
        }
    }

    private static void Near(double expected, JsonElement actual) =>
        Assert.InRange(actual.GetDouble(), expected - (Tolerance * Math.Max(1, expected)), expected + (Tolerance * Math.Max(1, expected)));
}
