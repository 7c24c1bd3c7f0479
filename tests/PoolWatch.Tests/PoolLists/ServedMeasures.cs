using System.Globalization;
using System.Text.Json;
using PoolWatch.Tests.Support;

namespace PoolWatch.Tests.PoolLists;

/// <summary>Every number that REST answers about a window, by its path: what a report on a change has to foretell.</summary>
internal static class ServedMeasures
{
    public static async Task<SortedDictionary<string, string>> ReadAsync(RunningService service, string layer, int window)
    {
        var concentration = await service.GetAsync($"/v1/concentration?window={window}&layer={layer}");
        var shares = await service.GetAsync($"/v1/shares?window={window}&layer={layer}");
        var measures = concentration.EnumerateObject().Where(p => p.Name is not ("window" or "layer" or "attributedBy")).SelectMany(p => Leaves(p.Value, p.Name));
        var pools = shares.GetProperty("pools").EnumerateArray().SelectMany(p => Leaves(p, $"pools.{p.GetProperty("slug").GetString()}"));
        return Rounded(measures.Concat(pools));
    }

    /// <summary>As texts, so that what differs is seen.</summary>
    public static SortedDictionary<string, string> Rounded(IEnumerable<KeyValuePair<string, double?>> values) => new(
        values.ToDictionary(v => v.Key, v => v.Value?.ToString("G12", CultureInfo.InvariantCulture) ?? "none"), StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, double?>> Leaves(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Where(p => p.Name is not ("slug" or "name" or "members" or "confirmations")).SelectMany(p => Leaves(p.Value, $"{path}.{p.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Leaves(item, $"{path}.{item.GetProperty("confirmations").GetInt32()}")),
        JsonValueKind.Null => [new(path, null)],
        _ => [new(path, element.GetDouble())],
    };
}
