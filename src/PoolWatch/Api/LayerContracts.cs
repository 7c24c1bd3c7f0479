namespace PoolWatch.Api;

// The shapes of /v1/layers, and of what a layer adds to shares: docs/api.md explains every field. Dates are UTC days.

internal sealed record LayersAnswer(string Version, IReadOnlyList<LayerAnswer> Layers);

internal sealed record LayerAnswer(string Name, string? About, IReadOnlyList<LayerEntityAnswer> Entities, IReadOnlyList<MembershipAnswer> Miners);

internal sealed record LayerEntityAnswer(string Slug, string Name, IReadOnlyList<MembershipAnswer> Members);

internal sealed record MembershipAnswer(
    string Pool,
    bool Listed,
    DateOnly? From,
    DateOnly? To,
    DateOnly? KnownSince,
    DateOnly? KnownUntil,
    string Confidence,
    string Source,
    string? Note);

internal sealed record MemberAnswer(string Slug, string Name, int Blocks);

internal sealed record MinersAnswer(int Blocks, double Share, IReadOnlyList<MemberAnswer> Pools);
