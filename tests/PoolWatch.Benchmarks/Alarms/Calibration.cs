namespace PoolWatch.Benchmarks.Alarms;

/// <summary>The limit at which a detector starts so many false alarms a year, and the time it then needs.</summary>
internal static class Calibration
{
    private const int YearBlocks = 52_560;
    private const int WarmUp = 8_640;
    private const int Bins = 20_000;
    private const double BinsPerUnit = 1_000;

    /// <summary>
    /// The lowest limit with at most <paramref name="perYear"/> alarms a year while the share is the threshold itself. An alarm is a time from the
    /// limit down to 0, so the largest figure of each time above 0 tells of every limit at once.
    /// </summary>
    public static double Limit(Detector detector, double threshold, double perYear, int years, ulong seed)
    {
        var draws = new Draws(seed);
        var peaks = new int[Bins];
        var peak = 0.0;
        for (var i = 0L; i < (long)years * YearBlocks; i++)
        {
            if (detector.Next(draws.Next() < threshold) is var figure && figure > 0)
            {
                peak = Math.Max(peak, figure);
            }
            else if (peak > 0)
            {
                peaks[Math.Min(Bins - 1, (int)(peak * BinsPerUnit))]++;
                peak = 0;
            }
        }

        var (alarms, bin) = (0, Bins - 1);
        while (bin > 0 && alarms + peaks[bin] <= perYear * years)
        {
            alarms += peaks[bin--];
        }

        return (bin + 1) / BinsPerUnit;
    }

    /// <summary>Blocks from the rise to the alarm, in order: the share was five points below the threshold for two months and then rises.</summary>
    public static List<int> Delays(Func<Detector> create, double limit, double threshold, double above, int rounds, ulong seed)
    {
        var draws = new Draws(seed);
        var delays = new List<int>();
        while (delays.Count < rounds)
        {
            var detector = create();
            for (var i = 0; i < WarmUp; i++)
            {
                detector.Next(draws.Next() < threshold - 0.05);
            }

            var blocks = 1;
            while (detector.Next(draws.Next() < threshold + above) < limit && blocks < 20 * YearBlocks)
            {
                blocks++;
            }

            delays.Add(blocks);
        }

        delays.Sort();
        return delays;
    }
}
