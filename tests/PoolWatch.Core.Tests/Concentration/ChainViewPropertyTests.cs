using CsCheck;
using PoolWatch.Core.Concentration;

namespace PoolWatch.Core.Tests.Concentration;

public sealed class ChainViewPropertyTests
{
    // A positive step appends that many blocks, another drops up to that many and shows a reorganization when appends follow.
    private static readonly Gen<(int Step, int View)[]> Steps = Gen.Select(Gen.Int[-12, 20], Gen.Int[0, 1000]).Array[1, 60];

    [Fact]
    public void Every_view_keeps_showing_what_a_list_would() => Gen.Select(Gen.Int[0, 3], Steps).Sample((first, steps) =>
    {
        var history = new List<(ChainView View, ChainEntry[] Model)> { (ChainView.StartingAt(first), []) };
        ushort stamp = 0;
        foreach (var (step, at) in steps)
        {
            // Mostly the newest view, as the single writer does; now and then an older one, which must be as safe.
            var (view, model) = at % 4 == 0 ? history[at % history.Count] : history[^1];
            if (step > 0)
            {
                var added = NewEntries(model, step, ref stamp);
                history.Add((view.Append(added), [.. model, .. added]));
            }
            else
            {
                var kept = Math.Max(0, model.Length + step);
                history.Add((view.TruncateTo(first + kept - 1), model[..kept]));
            }
        }

        Assert.All(history, one => AssertShows(one.Model, one.View, first));
    });

    private static ChainEntry[] NewEntries(ChainEntry[] model, int count, ref ushort stamp)
    {
        var median = model.Length == 0 ? 0 : model[^1].MedianTimePast;
        var entries = new ChainEntry[count];
        for (var i = 0; i < count; i++)
        {
            stamp++;
            median += (uint)(stamp % 3);
            entries[i] = new ChainEntry(stamp * 7u, median, stamp);
        }

        return entries;
    }

    private static void AssertShows(ChainEntry[] model, ChainView view, int first)
    {
        Assert.Equal((first, model.Length, first + model.Length - 1), (view.FirstHeight, view.Count, view.TipHeight));
        for (var i = 0; i < model.Length; i++)
        {
            Assert.Equal(model[i], new ChainEntry(view.Time(first + i), view.MedianTimePast(first + i), view.Pool(first + i)));
        }

        if (view.Last(view.Count).TryGet(out var all))
        {
            Assert.Equal(model.Select(static one => one.Time), view.TimesOf(all).ToArray());
            Assert.Equal(model.Select(static one => one.MedianTimePast), view.MedianTimesPastOf(all).ToArray());
            Assert.Equal(model.Select(static one => one.Pool), view.PoolsOf(all).ToArray());
        }
    }
}
