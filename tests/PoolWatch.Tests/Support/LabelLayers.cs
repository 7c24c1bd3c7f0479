namespace PoolWatch.Tests.Support;

/// <summary>The sample chain's labels as each layer must see them: the members of spring 2026, written out here and not taken from the layers' file.</summary>
public static class LabelLayers
{
    public const string Template = "template";

    private static readonly Dictionary<string, (string Entity, string[] Pools)[]> Groups = new()
    {
        ["pool"] = [],
        ["legal"] = [("bitmain", ["antpool"]), ("esportwin", ["btccom"]), ("dcg", ["foundryusa"])],
        [Template] = [("antpoolfriends", ["antpool", "poolin", "braiinspool", "ultimuspool", "secpool", "binancepool", "luxor", "btccom"])],
        ["custody"] = [("custodian2024", ["antpool", "f2pool", "binancepool", "braiinspool", "btccom", "secpool", "poolin"])],
    };

    public static IEnumerable<string> Names => Groups.Keys;

    /// <summary>Labels with entities for pools. Blocks whose miners decide for themselves get a name each.</summary>
    public static IReadOnlyList<SampleLabel> See(string layer, IEnumerable<SampleLabel> labels)
    {
        var entities = Groups[layer].SelectMany(g => g.Pools.Select(p => (p, g.Entity))).ToDictionary();
        return [.. labels.Select(l => layer == Template && l.Pool == "ocean" ? l with { Pool = $"miner {l.Height}" } : l with { Pool = entities.GetValueOrDefault(l.Pool, l.Pool) })];
    }

    public static bool IsMiner(string entity) => entity.StartsWith("miner ", StringComparison.Ordinal);
}
