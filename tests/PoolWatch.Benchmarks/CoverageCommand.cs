using PoolWatch.Benchmarks.Scale;
using PoolWatch.Core.Concentration;
using PoolWatch.Core.Tests.Concentration.Coverage;

namespace PoolWatch.Benchmarks;

/// <summary>In how many windows do the 95 % intervals hold the truth, and how wide are they?</summary>
internal static class CoverageCommand
{
    private static readonly int[] Lengths = [144, 432, 1008, 2016, 4320];

    public static void Run(IEnumerable<string> args)
    {
        var options = Options.Parse(args, "windows", "bootstrap", "report");
        var (windows, bootstrapped) = (options.Number("windows", 20_000), options.Number("bootstrap", 2000));
        using var report = new Report(options.Text("report"));
        Intervals(report, windows);
        Bootstrap(report, bootstrapped);
        Wilson(report);
    }

    private static void Intervals(Report report, int windows)
    {
        report.Line($"## HHI, entropy, Nakamoto coefficient\n\n{windows} windows each. Coverage in %, in brackets the mean width: HHI × 10,000, entropy in bits, entities.\n");
        report.Table("hash rate", "blocks", "HHI", "entropy", "coefficient for 1/2", "range for 1/2", "for 1/3", "for 2/3");
        foreach (var truth in HashRate.RealMonths.Concat(HashRate.EqualMiners))
        {
            foreach (var blocks in Lengths)
            {
                var run = CoverageRun.Of(truth, blocks, windows, seed: blocks);
                report.Row(
                    truth.Name, blocks, Cell(run.Hhi, 10_000, "0"), Cell(run.Entropy, 1, "0.00"), truth.Nakamoto(Threshold.Half)!.Value,
                    Cell(run.NakamotoHalf, 1, "0.0"), Cell(run.NakamotoThird, 1, "0.0"), Cell(run.NakamotoTwoThirds, 1, "0.0"));
            }
        }
    }

    private static void Bootstrap(Report report, int windows)
    {
        report.Line($"\n## Closed form against parametric bootstrap\n\n{windows} windows each with {BootstrapRun.Samples} samples. Coverage in %.\n");
        report.Table("hash rate", "blocks", "HHI: closed form", "bootstrap, percentiles", "bootstrap, turned over", "entropy: closed form", "bootstrap, percentiles", "bootstrap, turned over", "µs a window: closed forms", "bootstrap");
        foreach (var truth in new[] { HashRate.RealMonths[0], HashRate.RealMonths[4], HashRate.RealMonths[5], HashRate.RealMonths[6] })
        {
            foreach (var blocks in Lengths.AsSpan(0, 3))
            {
                var run = BootstrapRun.Of(truth, blocks, windows);
                report.Row([truth.Name, blocks, .. run.Coverage.Select(part => (object)(100 * part)), run.ClosedFormMicroseconds, run.BootstrapMicroseconds]);
            }
        }
    }

    /// <summary>Exact, so every possible share in steps of a tenth of a block is looked at.</summary>
    private static void Wilson(Report report)
    {
        (double From, double To)[] spans = [(0.1, 0.5), (0.5, 1), (1, 2), (2, 5), (5, 10), (10, 30), (30, double.PositiveInfinity)];
        report.Line($"\n## Wilson intervals of shares\n\nSummed exactly over all counts, for shares of at most one half. Lowest to highest coverage in %, by the blocks N·p that the entity expects.\n");
        report.Table(["blocks", .. spans.Select(span => double.IsFinite(span.To) ? FormattableString.Invariant($"N·p {span.From} to {span.To}") : "30 and more")]);
        foreach (var blocks in Lengths)
        {
            report.Row([blocks, .. spans.Select(span => Extremes(span.From, Math.Min(span.To, blocks / 2.0), blocks))]);
        }
    }

    private static string Extremes(double from, double to, int blocks)
    {
        // A prime number of shares in each span, lest they fall in step with the counts; closer together than the coverage's teeth.
        var covered = Enumerable.Range(0, 499).Select(i => CoverageRun.Wilson((from + ((to - from) * i / 499)) / blocks, blocks)).ToList();
        return FormattableString.Invariant($"{100 * covered.Min():0.0} to {100 * covered.Max():0.0}, mean {100 * covered.Average():0.0}");
    }

    private static string Cell(IntervalCoverage coverage, double scale, string format) =>
        FormattableString.Invariant($"{100 * coverage.Part:0.0} ({(scale * coverage.Width).ToString(format, System.Globalization.CultureInfo.InvariantCulture)})");
}
