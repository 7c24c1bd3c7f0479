using System.Text.Json;
using PoolWatch.Storage;

namespace PoolWatch.Api;

/// <summary>What a block's attribution was before each change of list, as the database puts it together.</summary>
internal static class StoredHistory
{
    public static IReadOnlyList<FormerAttribution> Read(string json) =>
        [.. JsonSerializer.Deserialize<Row[]>(json, JsonSerializerOptions.Web)!.Select(row => row.ToAnswer())];

    private sealed record Row(
        DateTimeOffset Until, string PoolListVersion, string Algorithm, PoolReference Pool, string Method, string? Rule, int? Index, long? Value, string[] Conflicts)
    {
        public FormerAttribution ToAnswer() => new(
            Until.UtcDateTime, PoolListVersion, Algorithm, Pool, Method, Rule is null ? null : new CandidateEvidence(Pool.Slug, Method, Rule, Index!.Value, Value), Conflicts);
    }
}
