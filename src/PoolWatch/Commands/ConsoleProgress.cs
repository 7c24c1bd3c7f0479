using System.Globalization;
using PoolWatch.ReadModel;
using PoolWatch.Sync;

namespace PoolWatch.Commands;

/// <summary>Shows a catch-up as it goes, a bar on a terminal and a line every few seconds elsewhere, and the table when it is done.</summary>
internal sealed class ConsoleProgress(
    SyncStatus status, CurrentSnapshot current, WebAddress address, TimeProvider time, ConsoleOutput console) : BackgroundService
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
        console.Writer.WriteLine($"REST      {address.Url}/v1/status  {ConcentrationReport.Links(current.Value!)}  /v1/blocks  /v1/pools");
        console.Writer.WriteLine($"API       {address.Url}/openapi/v1.json, docs/api.md; metrics: docs/metrics.md; settings: docs/configuration.md");
        console.Writer.WriteLine("Ctrl-C ends it; the next start goes on from here.");
    }

    private bool IsCaughtUp() =>
        current.Value is { Stored.Tip: { } tip }
        && status.Report.State == SyncState.Following
        && tip.Height >= (status.Report.NodeHeight ?? 0);

    private void Show(SyncProgress progress)
    {
        var all = Math.Max(progress.TargetHeight - progress.FromHeight, 1);
        var done = Math.Clamp(progress.Height - progress.FromHeight, 0, all);
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{100.0 * done / all,5:0.0} %  block {progress.Height} of {progress.TargetHeight}, {progress.BlocksPerSecond:0} blocks/s, "
                + $"{Left(progress.Left)} left");
        var filled = (int)((long)BarWidth * done / all);
        console.ShowBar(console.IsTerminal ? $"[{new string('#', filled)}{new string('.', BarWidth - filled)}] {text}" : text);
    }

    private static string Left(TimeSpan left) =>
        left.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)left.TotalHours}:{left:mm\\:ss}")
            : left.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}

/// <summary>Where people read; a bar is overwritten in place on a terminal and is a line elsewhere.</summary>
internal sealed class ConsoleOutput(TextWriter writer, bool isTerminal, bool logsToTerminal)
{
    private const string EraseLine = "\r\e[K";
    private volatile bool _barIsShown;

    /// <summary>What a log line must begin with, so that it does not continue the bar.</summary>
    public string BeforeLogLine => _barIsShown && logsToTerminal ? EraseLine : "";

    public TextWriter Writer { get; } = writer;

    public bool IsTerminal { get; } = isTerminal;

    public void ShowBar(string text)
    {
        if (!IsTerminal)
        {
            Writer.WriteLine(text);
            return;
        }

        // A bar that wraps can't be erased.
        Writer.Write(EraseLine + text[..Math.Min(text.Length, Math.Max(Console.WindowWidth - 1, 10))]);
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
