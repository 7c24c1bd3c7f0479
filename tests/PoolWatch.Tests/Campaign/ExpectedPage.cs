using System.Globalization;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.Campaign;

/// <summary>What the part of /metrics about the chain must say of a sequence of blocks, computed from their labels in the plainest way.</summary>
public sealed class ExpectedPage
{
    private const double Tolerance = 1e-12;
    private static readonly int[] Windows = [144, 432, 1008, 2016, 4320];

    /// <summary>Metrics that are compared as a whole: a series too many is as wrong as one that is missing.</summary>
    private static readonly string[] Compared =
    [
        "poolwatch_chain_height", "poolwatch_tip_timestamp_seconds", "poolwatch_pool_blocks", "poolwatch_pool_share_ratio", "poolwatch_pool_share_lower_ratio",
        "poolwatch_pool_share_upper_ratio", "poolwatch_unknown_share_ratio", "poolwatch_top_share_ratio", "poolwatch_hhi_ratio", "poolwatch_effective_entities",
        "poolwatch_shannon_entropy", "poolwatch_gini_ratio", "poolwatch_nakamoto_coefficient", "poolwatch_stale_blocks", "poolwatch_database_up",
        "poolwatch_sync_state", "poolwatch_sync_left_blocks",
    ];

    private readonly Dictionary<string, double> _series = [];

    /// <param name="mined">Labels of the active chain in height order, above the genesis block.</param>
    /// <param name="stale">Pools of the stored stale blocks.</param>
    public ExpectedPage(IReadOnlyList<SampleLabel> mined, IEnumerable<string> stale)
    {
        IReadOnlyList<SampleLabel> active = [new SampleLabel(0, 0, "unknown"), .. mined];
        Add("poolwatch_chain_height", "", mined.Count);
        Add("poolwatch_tip_timestamp_seconds", "", active[^1].Time);
        foreach (var (pool, blocks) in stale.CountBy(p => p))
        {
            Add("poolwatch_stale_blocks", $"pool={pool}", blocks);
        }

        foreach (var state in new[] { "starting", "catching_up", "following", "degraded" })
        {
            Add("poolwatch_sync_state", $"state={state}", state == "following" ? 1 : 0);
        }

        Add("poolwatch_database_up", "", 1);
        Add("poolwatch_sync_left_blocks", "", 0);
        var windows = Windows.Where(w => w <= active.Count).ToList();
        var pools = active.TakeLast(windows[^1]).Select(l => l.Pool).Where(p => p != "unknown").Distinct().ToList();
        windows.ForEach(w => AddWindow(w, new LabelMeasures([.. active.TakeLast(w)]), pools));
    }

    /// <returns>A sentence for each series that is missing, too many or wrong.</returns>
    public IReadOnlyList<string> Differences(MetricsPage page)
    {
        // Other layers are made of the same blocks by their own rules, which are tested where there is no fault.
        var actual = page.Samples.Where(s => Compared.Contains(s.Name) && s.Labels.All(l => l.Name != "layer" || l.Value == "pool"))
            .ToDictionary(s => s.Series, s => s.Value);
        return
        [
            .. _series.Where(e => !actual.TryGetValue(e.Key, out var value) || Math.Abs(value - e.Value) > Tolerance * Math.Max(1, e.Value))
                .Select(e => string.Create(CultureInfo.InvariantCulture, $"/metrics: {e.Key} is {(actual.TryGetValue(e.Key, out var v) ? v : "missing")}, not {e.Value}")),
            .. actual.Keys.Except(_series.Keys).Select(s => $"/metrics: {s} is too many"),
        ];
    }

    private void AddWindow(int window, LabelMeasures expected, IReadOnlyList<string> pools)
    {
        var known = expected.Pools;
        foreach (var pool in pools)
        {
            var (blocks, series) = (known.GetValueOrDefault(pool), $"layer=pool,pool={pool},window={window}");
            var (lower, upper) = expected.Wilson(blocks);
            Add("poolwatch_pool_blocks", series, blocks);
            Add("poolwatch_pool_share_ratio", series, (double)blocks / window);
            Add("poolwatch_pool_share_lower_ratio", series, lower);
            Add("poolwatch_pool_share_upper_ratio", series, upper);
        }

        Add("poolwatch_unknown_share_ratio", $"window={window}", (double)expected.Unknown / window);
        for (var n = 1; n <= 6; n++)
        {
            Add("poolwatch_top_share_ratio", $"layer=pool,n={n},window={window}", expected.Top(n));
        }

        Add("poolwatch_hhi_ratio", $"layer=pool,unknown=separate,window={window}", expected.HhiSeparate);
        Add("poolwatch_hhi_ratio", $"layer=pool,unknown=largest,window={window}", expected.HhiLargest);
        Add("poolwatch_hhi_ratio", $"layer=pool,unknown=excluded,window={window}", expected.HhiExcluded);
        Add("poolwatch_effective_entities", $"layer=pool,unknown=separate,window={window}", 1 / expected.HhiSeparate);
        Add("poolwatch_effective_entities", $"layer=pool,unknown=largest,window={window}", 1 / expected.HhiLargest);
        Add("poolwatch_shannon_entropy", $"layer=pool,window={window}", expected.EntropyBits);
        Add("poolwatch_gini_ratio", $"layer=pool,window={window}", expected.Gini);
        Add("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.333333,unknown=separate,window={window}", expected.Nakamoto(1, 3));
        Add("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.5,unknown=separate,window={window}", expected.Nakamoto(1, 2));
        Add("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.666667,unknown=separate,window={window}", expected.Nakamoto(2, 3));
        Add("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.333333,unknown=largest,window={window}", expected.NakamotoLargest(1, 3));
        Add("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.5,unknown=largest,window={window}", expected.NakamotoLargest(1, 2));
        Add("poolwatch_nakamoto_coefficient", $"layer=pool,threshold=0.666667,unknown=largest,window={window}", expected.NakamotoLargest(2, 3));
    }

    private void Add(string name, string labels, double value) => _series.Add($"{name}{{{labels}}}", value);
}
