namespace PoolWatch.History;

/// <summary>Estimates of each window at each moment. They take longer than all measures together, so those of few moments are kept for all gauges.</summary>
internal sealed class EstimateHistory(HistoryMoments moments)
{
    /// <summary>Of more moments they are made anew for each gauge: memory has an end.</summary>
    private const int MostKept = 10_000;

    private readonly Dictionary<(HistoryLayer, int), IReadOnlyList<(long Time, HashRateFigures Figures)>> _kept = [];

    public IEnumerable<(long Time, HashRateFigures Figures)> Read(HistoryLayer layer, int window)
    {
        if (moments.Count > MostKept)
        {
            return layer.Estimate(window, moments);
        }

        if (!_kept.TryGetValue((layer, window), out var estimates))
        {
            estimates = [.. layer.Estimate(window, moments)];
            _kept.Add((layer, window), estimates);
        }

        return estimates;
    }
}
