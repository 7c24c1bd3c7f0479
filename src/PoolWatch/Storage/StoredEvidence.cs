using System.Text.Json;
using System.Text.Json.Serialization;

namespace PoolWatch.Storage;

/// <summary>How evidence is written in the database and over REST.</summary>
internal static class StoredEvidence
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Names of the conflicts, in the order of their bits; null for none.</summary>
    public static string[]? Names(AttributionConflicts conflicts)
    {
        if (conflicts == AttributionConflicts.None)
        {
            return null;
        }

        return [.. Enum.GetValues<AttributionConflicts>()
            .Where(c => c != AttributionConflicts.None && conflicts.HasFlag(c))
            .Select(c => JsonNamingPolicy.SnakeCaseLower.ConvertName(c.ToString()))];
    }

    /// <summary>The candidates that did not win as a JSON array; null for none.</summary>
    public static string? WriteOthers(IReadOnlyList<Candidate> others) =>
        others.Count == 0 ? null : JsonSerializer.Serialize(others.Select(CandidateEvidence.Of), Json);

    public static IReadOnlyList<CandidateEvidence> ReadOthers(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<CandidateEvidence[]>(json, Json)!;
}

/// <summary>A rule of the pool list that matched a coinbase.</summary>
/// <param name="Pool">Slug of the rule's pool.</param>
/// <param name="Kind"><c>address</c> or <c>tag</c>.</param>
/// <param name="Rule">The address or tag as the list has it.</param>
/// <param name="Index">Output index of an address, byte offset in the coinbase script of a tag.</param>
/// <param name="Value">Satoshi paid to the address; null for a tag.</param>
internal sealed record CandidateEvidence(string Pool, string Kind, string Rule, int Index, long? Value)
{
    public static CandidateEvidence Of(Candidate candidate) => candidate.Kind == RuleKind.Address
        ? new(candidate.Pool.Slug, "address", candidate.Text, candidate.Index, candidate.Value)
        : new(candidate.Pool.Slug, "tag", candidate.Text, candidate.Index, null);
}
