using System.Globalization;
using PoolWatch.ReadModel;
using PoolWatch.Settings;
using PoolWatch.Sync;

namespace PoolWatch.Commands;

/// <summary>Shows a catch-up as it goes, a bar on a terminal and a line every few seconds elsewhere, and the table when it is done.</summary>
internal sealed class ConsoleProgress(
    SyncStatus status, CurrentSnapshot current, WebAddress address, PoolWatchSettings settings, TimeProvider time, ConsoleOutput console) : BackgroundService
{
    private const int BarWidth = 30;
    private static readonly TimeSpan BarInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var interval = console.IsTerminal ? BarInterval : LineInterval;
        var nextLine = time.GetUtcNow();
        while (!IsCaughtUp())
        {
            if (status.Report.Progress is { } progress && time.GetUtcNow() >= nextLine)
            {
                Show(progress);
                nextLine = time.GetUtcNow() + interval;
            }

            await Task.Delay(BarInterval, time, stoppingToken);
        }

        console.EndBar();
        ConcentrationReport.Write(console.Writer, current.Value!);
        console.Writer.WriteLine();
        console.Writer.WriteLine($"Metrics   {address.Url}/metrics");
        console.Writer.WriteLine($"REST      {address.Url}/v1/status  /v1/shares?window=1008  /v1/concentration?window=1008  /v1/blocks  /v1/pools");
        console.Writer.WriteLine($"API       {address.Url}/openapi/v1.json, docs/api.md; metrics: docs/metrics.md; settings: docs/configuration.md");
        console.Writer.WriteLine("Ctrl-C ends it; the next start goes on from here.");
    }

    private bool IsCaughtUp() =>
        current.Value is { Stored.Tip: { } tip }
        && (!settings.Ingest || (status.Report.State == SyncState.Following && tip.Height >= status.Report.NodeHeight));

    private void Show(SyncProgress progress)
    {
        var (done, all) = (progress.Height - progress.FromHeight, Math.Max(progress.TargetHeight - progress.FromHeight, 1));
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{100.0 * done / all,5:0.0} %  block {progress.Height} of {progress.TargetHeight}, {progress.BlocksPerSecond:0} blocks/s, {Left(progress.Left)} left");
        var filled = (int)((long)BarWidth * done / all);
        console.ShowBar(console.IsTerminal ? $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}" : text);
    }

    private static string Left(TimeSpan left) =>
        left.TotalHours >= 1 ? left.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : left.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}

/// <summary>Where people read; a bar is overwritten in place on a terminal and is a line elsewhere.</summary>
internal sealed class ConsoleOutput(TextWriter writer, bool isTerminal)
{
    private const string EraseLine = "\r\e[K";
    private volatile bool _barIsShown;

    /// <summary>What a log line must begin with, so that it does not continue the bar.</summary>
    public string BeforeLogLine => _barIsShown ? EraseLine : "";

    public TextWriter Writer { get; } = writer;

    public bool IsTerminal { get; } = isTerminal;

    public void ShowBar(string text)
    {
        if (!IsTerminal)
        {
            Writer.WriteLine(text);
            return;
        }

        Writer.Write(EraseLine + text);
        _barIsShown = true;
    }

    public void EndBar()
    {
        if (_barIsShown)
        {
            Writer.WriteLine();
            _barIsShown = false;
        }
    }
}
