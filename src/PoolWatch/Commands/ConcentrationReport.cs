using System.Globalization;
using PoolWatch.ReadModel;

namespace PoolWatch.Commands;

/// <summary>The short table for people: who mined the last week of blocks.</summary>
internal static class ConcentrationReport
{
    private const int Window = 1_008;
    private const int LongestName = 24;

    /// <summary>The same window over REST.</summary>
    public static string Links(Snapshot snapshot)
    {
        var window = Math.Clamp(snapshot.Chain.Count, 1, Window);
        return string.Create(CultureInfo.InvariantCulture, $"/v1/shares?window={window}  /v1/concentration?window={window}");
    }

    public static void Write(TextWriter output, Snapshot snapshot)
    {
        var chain = snapshot.Chain;
        if (!chain.TryLast(Math.Min(Window, chain.Count), out var window))
        {
            output.WriteLine("No block is stored yet.");
            return;
        }

        var m = WindowMeasures.Of(ShareDistribution.Of(chain, window));
        var title = snapshot.IsSample ? "SAMPLE chain, not live data" : $"Bitcoin network {snapshot.Stored.Network}";
        output.WriteLine();
        output.WriteLine($"{title}: the {window.Blocks} blocks from height {window.FromHeight} to {window.ToHeight}");
        output.WriteLine();
        output.WriteLine($"{"pool",-LongestName} {"blocks",6} {"share",8}   95 % interval");
        foreach (var share in m.Shares)
        {
            var name = snapshot.Pools[(ushort)share.Entity].Name;
            output.WriteLine(
                $"{(name.Length > LongestName ? name[..LongestName] : name),-LongestName} {share.Blocks,6} {Percent(share.Share),8}   "
                    + $"{Percent(share.Interval.Lower),7} to {Percent(share.Interval.Upper),7}");
        }

        output.WriteLine($"{"unknown",-LongestName} {m.Unknown.Blocks,6} {Percent(m.Unknown.Share),8}");
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"HHI {m.Hhi.Separate:0.0000} (at most {m.Hhi.Largest:0.0000} if all unknown blocks were the largest pool's); like "
                + $"{m.Effective.Hhi:0.0} pools of equal size"));
        output.WriteLine($"Nakamoto coefficient {m.Nakamoto.Half}: so many pools together mined more than half (more than a third: "
            + $"{m.Nakamoto.Third})");
    }

    private static string Percent(double share) => share.ToString("0.00 %", CultureInfo.InvariantCulture);
}
