using System.Globalization;
using PoolWatch.Core.Concentration.Alarms;
using PoolWatch.ReadModel;
using static System.FormattableString;

namespace PoolWatch.Commands;

/// <summary>The short table for people: who mined the last week of blocks.</summary>
internal static class ConcentrationReport
{
    private const int Window = 1_008;
    private const int LongestName = 24;
    private const int LongestLayer = 8;
    private const int LongestHhi = 25;

    /// <summary>The same window over REST.</summary>
    public static string Links(Snapshot snapshot)
    {
        var window = Math.Clamp(snapshot.Chain.Count, 1, Window);
        return Invariant($"/v1/shares?window={window}  /v1/concentration?window={window}");
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
                $"{Cut(name),-LongestName} {share.Blocks,6} {Percent(share.Share),8}   "
                    + $"{Percent(share.Interval.Lower),7} to {Percent(share.Interval.Upper),7}");
        }

        output.WriteLine($"{"unknown",-LongestName} {m.Unknown.Blocks,6} {Percent(m.Unknown.Share),8}");
        output.WriteLine();
        output.WriteLine(Invariant(
            $"HHI {m.Hhi.Separate:0.0000} (at most {m.Hhi.Largest:0.0000} if all unknown blocks were the largest pool's); like {m.Effective.Hhi:0.0} pools of equal size"));
        output.WriteLine($"Nakamoto coefficient {m.Nakamoto.Half}: so many pools together mined more than half (more than a third: "
            + $"{m.Nakamoto.Third})");
        WriteLayers(output, snapshot, window);
        WriteAlarms(output, snapshot);
    }

    /// <summary>The same blocks by who stands behind the pools, with what they say of the hash rate.</summary>
    private static void WriteLayers(TextWriter output, Snapshot snapshot, BlockWindow window)
    {
        output.WriteLine();
        output.WriteLine($"{"by",-LongestLayer} {"largest",-LongestName} {"share",8}   {"HHI, 95 % interval",-LongestHhi} Nakamoto, 95 % range");
        foreach (var layer in snapshot.Layers.All)
        {
            var m = layer.Windows.GetValueOrDefault(window.Blocks) ?? WindowMeasures.Of(layer.Map.Count(snapshot.Chain, window).Distribution);
            var largest = m.Shares.Count > 0 ? (Name: layer.Map.NameOf(m.Shares[0].Entity).Name, m.Shares[0].Share) : (Name: "nobody", Share: 0);
            var hhi = m.HashRate.Hhi is { } h ? Invariant($"{h.Estimate:0.0000} ({h.Lower:0.0000} to {h.Upper:0.0000})") : "too few blocks";
            var range = m.HashRate.NakamotoHalf;
            var nakamoto = Invariant($"{m.Nakamoto.Half} ({range.Lower} {(range.Upper is { } upper ? Invariant($"to {upper}") : "or more")})");
            output.WriteLine($"{layer.Name,-LongestLayer} {Cut(largest.Name),-LongestName} {Percent(largest.Share),8}   {hhi,-LongestHhi} {nakamoto}");
        }
    }

    /// <summary>Who has more than a threshold beyond chance, by the tests that alert rules read.</summary>
    private static void WriteAlarms(TextWriter output, Snapshot snapshot)
    {
        output.WriteLine();
        var alarms = snapshot.Layers.All.SelectMany(l => ShareAlarms.At(snapshot.Chain, l.Recent).Where(a => a.IsOn).Select(a => (Layer: l, Alarm: a))).ToList();
        foreach (var (layer, alarm) in alarms)
        {
            output.WriteLine(Invariant(
                $"By {layer.Name}, {layer.Map.NameOf(alarm.Entity).Name} has more than {alarm.Threshold.Numerator}/{alarm.Threshold.Denominator} of the hash rate beyond chance, since height {alarm.Since}"));
        }

        if (alarms.Count == 0)
        {
            output.WriteLine("Nobody has more than a third of the hash rate beyond chance.");
        }
    }

    private static string Cut(string name) => name.Length > LongestName ? name[..LongestName] : name;

    private static string Percent(double share) => share.ToString("0.00 %", CultureInfo.InvariantCulture);
}
