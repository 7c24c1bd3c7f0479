namespace PoolWatch.Api;

// What coinbases say that no pool list knows. Texts of the chain are printable ASCII, everything else of it is hexadecimal.

internal sealed record UnknownMinersAnswer(WindowAnswer Window, int UnknownBlocks, int SingleBlocks, int CandidateCount, IReadOnlyList<CandidateAnswer> Candidates);

internal sealed record CandidateAnswer(
    string Id,
    int Blocks,
    double Share,
    int Rank,
    int FirstHeight,
    int LastHeight,
    TraceAnswer? Shape,
    TraceAnswer? Text,
    TraceAnswer Structure,
    int PayoutCount,
    IReadOnlyList<CandidatePayoutAnswer> Payouts,
    IReadOnlyList<ExampleAnswer> Examples,
    SuggestionAnswer? Suggestion);

internal sealed record TraceAnswer(string Text, int Blocks);

internal sealed record CandidatePayoutAnswer(string? Address, string Script, int Blocks, int MajorityBlocks);

internal sealed record ExampleAnswer(int Height, string Hash, string ScriptSig, string Text);

/// <summary>In the words of the pool list, so that it can be copied into one.</summary>
internal sealed record SuggestionAnswer(string Slug, string Name, IReadOnlyList<SuggestedRuleAnswer> Tags, IReadOnlyList<SuggestedRuleAnswer> Addresses, string? Note);

internal sealed record SuggestedRuleAnswer(string Text);

internal sealed record CustodyOverlapsAnswer(WindowAnswer Window, int OverlapCount, IReadOnlyList<CustodyOverlapAnswer> Overlaps);

internal sealed record CustodyOverlapAnswer(
    string? Address, string Script, bool Minor, int Blocks, int FirstHeight, int LastHeight, IReadOnlyList<CustodyPoolAnswer> Pools);

internal sealed record CustodyPoolAnswer(string Slug, string Name, int Blocks, int MajorityBlocks, int FirstHeight, int LastHeight, int MostOutputs);

internal sealed record ListCheckAnswer(WindowAnswer Window, int DifferingBlocks, double Share, IReadOnlyList<ListDifferenceAnswer> Blocks, int? Next);

internal sealed record ListDifferenceAnswer(int Height, string Hash, string Ours, string Mempool, string BitcoinData, IReadOnlyList<ListReasonAnswer> Why);

internal sealed record ListReasonAnswer(string Kind, string List, string RuleKind, string Rule, string? Owner);
