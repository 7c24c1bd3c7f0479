using System.Text;
using PoolWatch.Core.Layers;

namespace PoolWatch.Core.Tests.Layers;

/// <summary>Small layers for tests, written as a user would.</summary>
internal static class LayerFixtures
{
    public static LayerSet Parse(string json) => LayerSet.Parse(Encoding.UTF8.GetBytes(json));

    /// <summary>A file with one layer whose entities and miners are given as JSON.</summary>
    public static string File(string entities = "", string miners = "", string head = "", string layer = "own") => $$"""
        { "format": "poolwatch-layers/1", {{head}} "layers": [ { "name": "{{layer}}", "entities": [ {{entities}} ], "miners": [ {{miners}} ] } ] }
        """;

    public static string Entity(string slug, params string[] members) =>
        $$"""{ "slug": "{{slug}}", "name": "The {{slug}}", "members": [ {{string.Join(", ", members)}} ] }""";

    /// <summary>A membership; further fields as <c>from=2024-01-01</c>.</summary>
    public static string Member(string pool, params string[] fields)
    {
        var given = fields.Select(f => f.Split('=', 2)).ToDictionary(f => f[0], f => f[1]);
        given.TryAdd("confidence", "high");
        given.TryAdd("source", "somebody");
        return $$"""{ "pool": "{{pool}}", {{string.Join(", ", given.Select(f => $"\"{f.Key}\": \"{f.Value}\""))}} }""";
    }

    /// <summary>Ready for the pools a, b, c … with the indexes 0, 1, 2 …</summary>
    public static LayerMap Map(string json, int pools = 6, LayerFilter filter = default) =>
        LayerMap.Create(Parse(json).Layers[1], Pools(pools), filter);

    public static IEnumerable<LayerPool> Pools(int count) =>
        Enumerable.Range(0, count).Select(i => new LayerPool((ushort)i, ((char)('a' + i)).ToString(), $"Pool {i}"));

    /// <summary>Unix seconds of the beginning of a day.</summary>
    public static uint Day(string day) => (uint)new DateTimeOffset(DateOnly.Parse(day, null), TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds();
}
