using System.Globalization;
using PoolWatch.Core.Layers;
using PoolWatch.ReadModel;

namespace PoolWatch.Api;

/// <summary>In which layer a request is answered, and by which of its rows.</summary>
internal static class LayerQuery
{
    /// <exception cref="ProblemException">A parameter is malformed, or there is no such layer (400).</exception>
    public static LayerMap Read(Snapshot snapshot, LayerParameters parameters)
    {
        var (layer, knownAt, minConfidence) = parameters;
        var measures = snapshot.Layers.Find(layer ?? Layer.PoolName)
            ?? throw ProblemException.BadParameter("layer", $"layer must be one of {string.Join(", ", snapshot.Layers.All.Select(l => l.Name))}.");
        if (knownAt is null && minConfidence is null)
        {
            return measures.Map;
        }

        return snapshot.Layers.MapOf(measures.Map.Layer, new LayerFilter(ReadDate(knownAt), ReadConfidence(minConfidence)));
    }

    /// <summary>The pools behind one entity, most blocks first.</summary>
    public static IReadOnlyList<MemberAnswer> MembersOf(IReadOnlyDictionary<ushort, PoolName> names, LayerShares shares, int entity) =>
    [
        .. shares.Members.Where(m => m.Entity == entity).OrderByDescending(m => m.Blocks).ThenBy(m => m.Pool)
            .Select(m => new MemberAnswer(names[m.Pool].Slug, names[m.Pool].Name, m.Blocks)),
    ];

    private static DateOnly? ReadDate(string? text) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date
        : throw ProblemException.BadParameter("knownAt", "knownAt must be a date such as 2024-12-31.");

    private static Confidence ReadConfidence(string? text) =>
        text is null ? Confidence.Low
        : ConfidenceText.TryParse(text, out var confidence) ? confidence
        : throw ProblemException.BadParameter("minConfidence", $"minConfidence must be one of {string.Join(", ", ConfidenceText.All)}.");
}
