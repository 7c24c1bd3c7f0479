using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using PoolWatch.ReadModel;
using PoolWatch.Telemetry;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Deployment;

/// <summary>What a scrape of thousands of series costs. Nothing else runs in this process meanwhile: the memory is counted for all of it.</summary>
[Collection(YearCollection.Name)]
public sealed class ScrapeCostTests(ScrapedYear year)
{
    private const int Scrapes = 50;

    private readonly byte[] _buffer = new byte[1 << 16];

    [Fact]
    public async Task A_scrape_of_5000_series_takes_10_ms_and_allocates_a_megabyte_at_most()
    {
        Assert.InRange(new MetricsPage(await year.Service.GetTextAsync("/metrics")).Samples.Count, 5_000, 20_000);
        Scrape();
        var times = new List<double>();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Scrapes; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            Scrape();
            times.Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        var allocated = (GC.GetTotalAllocatedBytes(precise: true) - before) / Scrapes;
        var median = times.Order().ElementAt(Scrapes / 2);
        TestContext.Current.TestOutputHelper!.WriteLine($"A scrape took {median:F1} ms and {allocated} bytes.");
        Assert.InRange(median, 0, 10);
        Assert.InRange(allocated, 0, 1 << 20);
    }

    /// <summary>It is written once for each tip, by whatever reads the chain: it must not take from that what a catch-up needs.</summary>
    [Fact]
    public async Task The_page_of_a_tip_is_written_in_a_fraction_of_a_second()
    {
        var snapshot = year.Service.Services.GetRequiredService<CurrentSnapshot>().Value!;
        var fastest = double.MaxValue;
        for (var i = 0; i < 10; i++)
        {
            var start = TimeProvider.System.GetTimestamp();
            await ConcentrationPage.WriteAsync(snapshot, "rest", TestContext.Current.CancellationToken);
            fastest = Math.Min(fastest, TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"The page took {fastest:F1} ms.");
        Assert.InRange(fastest, 0, 200);
    }

    /// <summary>Pools beyond the largest hundred have one series together, so that no list makes the page as long as it likes.</summary>
    [Fact]
    public async Task The_smallest_pools_share_a_series()
    {
        var page = new MetricsPage(await year.Service.GetTextAsync("/metrics"));
        foreach (var window in BlockWindow.StandardLengths)
        {
            var blocks = page.Of("poolwatch_pool_blocks").Where(s => s.Labels.Contains(("layer", "pool")) && s.Labels.Contains(("window", $"{window}"))).ToList();
            Assert.Equal(101, blocks.Count);
            Assert.Contains(blocks, s => s.Labels.Contains(("pool", "_rest")));
            var unknown = page.Value("poolwatch_unknown_share_ratio", $"window={window}") * window;
            Assert.Equal(window, blocks.Sum(s => s.Value) + unknown, 1e-6);
        }

        Assert.Equal(100, page.Of("poolwatch_current_streak_blocks").Count(s => s.Labels.Contains(("layer", "pool"))));
    }

    /// <summary>Without a client that would allocate more than the server.</summary>
    private void Scrape()
    {
        var address = year.Service.Http.BaseAddress!;
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(address.Host, address.Port);
        socket.Send(Encoding.ASCII.GetBytes($"GET /metrics HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n"));
        var read = 0;
        while (socket.Receive(_buffer) is > 0 and var some)
        {
            read += some;
        }

        Assert.InRange(read, 500_000, 10_000_000);
    }
}
