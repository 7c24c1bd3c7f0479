namespace PoolWatch.Tests.Support;

/// <summary>Measures of a label sequence, computed here in the plainest way and not by the service's code.</summary>
public sealed class LabelMeasures
{
    private const double Z = 1.959963984540054;
    private readonly double[] _separate;
    private readonly double[] _largest;

    public LabelMeasures(IReadOnlyCollection<SampleLabel> blocks)
    {
        Blocks = blocks.Count;
        // The sample's traces name every pool of the label list but those that no pool list defines, which are labelled unknown.
        Pools = blocks.Where(b => b.Pool != "unknown").CountBy(b => b.Pool).ToDictionary();
        Unknown = blocks.Count(b => b.Pool == "unknown");
        var known = Pools.Values.OrderDescending().Select(x => (double)x).ToArray();
        _separate = [.. known, .. Enumerable.Repeat(1.0, Unknown)];
        _largest = [known[0] + Unknown, .. known[1..]];
    }

    public int Blocks { get; }

    public IReadOnlyDictionary<string, int> Pools { get; }

    public int Unknown { get; }

    public double HhiSeparate => Hhi(_separate);

    public double HhiLargest => Hhi(_largest);

    public double HhiExcluded => Hhi([.. Pools.Values.Select(x => (double)x)]);

    public double HhiUnbiased => ((Blocks * HhiSeparate) - 1) / (Blocks - 1);

    public double EntropyBits => -_separate.Sum(x => x / Blocks * Math.Log2(x / Blocks));

    /// <summary>Mean absolute difference of all pairs over twice the mean.</summary>
    public double Gini => _separate.Sum(a => _separate.Sum(b => Math.Abs(a - b))) / (2.0 * _separate.Length * Blocks);

    public double EntropyBitsLargest => -_largest.Sum(x => x / Blocks * Math.Log2(x / Blocks));

    public int EntitiesLargest => _largest.Length;

    public double Top(int n) => _separate.Take(n).Sum() / Blocks;

    public double TopLargest(int n) => _largest.Take(n).Sum() / Blocks;

    public int Nakamoto(int numerator, int denominator) => Nakamoto(_separate, numerator, denominator);

    public int NakamotoLargest(int numerator, int denominator) => Nakamoto(_largest, numerator, denominator);

    /// <summary>Wilson 1927 in its textbook form.</summary>
    public (double Lower, double Upper) Wilson(int count)
    {
        var p = (double)count / Blocks;
        var centre = p + (Z * Z / (2 * Blocks));
        var spread = Z * Math.Sqrt((p * (1 - p) / Blocks) + (Z * Z / (4.0 * Blocks * Blocks)));
        var scale = 1 + (Z * Z / Blocks);
        return ((centre - spread) / scale, (centre + spread) / scale);
    }

    /// <summary>Chance of a run of so many blocks in the window for a miner with this share: the length of the present run, block by block.</summary>
    public double RunProbability(int length, double share)
    {
        var present = new double[length];
        present[0] = 1;
        var found = 0.0;
        for (var block = 0; block < Blocks; block++)
        {
            found += present[^1] * share;
            present = [present.Sum() * (1 - share), .. present[..^1].Select(chance => chance * share)];
        }

        return found;
    }

    private double Hhi(double[] counts) => counts.Sum(x => x / Blocks * (x / Blocks));

    private int Nakamoto(double[] counts, int numerator, int denominator) =>
        Enumerable.Range(1, counts.Length).First(n => counts.Take(n).Sum() * denominator > (double)Blocks * numerator);
}
