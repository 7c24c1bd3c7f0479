using System.Text.Json.Serialization;
using PoolWatch.Storage;

namespace PoolWatch.Api;

// The shapes of /v1: docs/api.md explains every field. Shares are 0..1, values satoshi, times UTC, hashes in display order.

internal sealed record StatusAnswer(
    string Network,
    string Source,
    NodeStatus Node,
    TipStatus? Chain,
    string State,
    string? Problem,
    string? Detail,
    ProgressStatus? Progress,
    bool Sample,
    bool DatabaseUp,
    bool Ingest,
    PoolListStatus PoolList,
    string Algorithm,
    string Version);

internal sealed record NodeStatus(int? Height, bool Up);

internal sealed record TipStatus(int FromHeight, int Height, string Hash, DateTime Time);

internal sealed record ProgressStatus(int FromHeight, int Height, int TargetHeight, double BlocksPerSecond, double SecondsLeft);

internal sealed record PoolListStatus(string Version, string Configured);

internal sealed record PoolsAnswer(string PoolListVersion, IReadOnlyList<PoolSummary> Pools);

internal sealed record PoolSummary(string Slug, string Name, string? Link, PoolIdsAnswer Ids, int Tags, int Addresses, int Blocks);

internal sealed record PoolIdsAnswer(IReadOnlyList<int> Mempool, IReadOnlyList<int> BitcoinData);

internal sealed record PoolAnswer(
    string Slug,
    string Name,
    string? Link,
    bool InActiveList,
    PoolIdsAnswer Ids,
    IReadOnlyList<RuleAnswer> Tags,
    IReadOnlyList<RuleAnswer> Addresses,
    string? Note,
    IReadOnlyList<PoolReference> FormerNames,
    int Blocks,
    int StaleBlocks,
    int? FirstHeight,
    int? LastHeight,
    IReadOnlyList<PoolWindowAnswer> Windows);

internal sealed record RuleAnswer(
    string Text,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? From,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? To,
    bool Exact,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Note);

internal sealed record PoolWindowAnswer(int Window, int Blocks, double Share, double Lower, double Upper);

internal sealed record PoolListsAnswer(string Active, IReadOnlyList<PoolListChangeAnswer> Changes);

internal sealed record PoolListChangeAnswer(
    DateTime At,
    string Kind,
    string Version,
    string Algorithm,
    string? FormerVersion,
    string? FormerAlgorithm,
    long Revision,
    int? TipHeight,
    int Blocks,
    int Moved,
    int Changed,
    bool Accepted);

/// <summary>By which list and rule an answer attributes blocks.</summary>
internal sealed record AttributedBy(string PoolList, string Algorithm);

internal sealed record BlocksAnswer(IReadOnlyList<BlockSummary> Blocks, int? Next);

internal sealed record PoolReference(string Slug, string Name);

internal sealed record BlockSummary(int Height, string Hash, DateTime Time, PoolReference Pool, string Method, bool Conflict);

internal sealed record BlockAnswer(
    int Height,
    string Hash,
    bool Active,
    string PreviousHash,
    string MerkleRoot,
    int Version,
    DateTime Time,
    DateTime MedianTime,
    string Bits,
    uint Nonce,
    int Transactions,
    PoolReference Pool,
    string Method,
    CandidateEvidence? Evidence,
    IReadOnlyList<CandidateEvidence> Candidates,
    IReadOnlyList<string> Conflicts,
    IReadOnlyList<string> Miners,
    string Algorithm,
    string PoolListVersion,
    IReadOnlyList<FormerAttribution> History,
    CoinbaseAnswer Coinbase);

internal sealed record FormerAttribution(
    DateTime Until,
    string PoolListVersion,
    string Algorithm,
    PoolReference Pool,
    string Method,
    CandidateEvidence? Evidence,
    IReadOnlyList<string> Conflicts);

internal sealed record CoinbaseAnswer(string Txid, string ScriptSig, int? ScriptSigHeight, long Value, IReadOnlyList<OutputAnswer> Outputs, string Transaction);

internal sealed record OutputAnswer(long Value, string? Address, string Script);

internal sealed record WindowAnswer(int Blocks, int FromHeight, int ToHeight, DateTime FromTime, DateTime ToTime);

internal sealed record SharesAnswer(
    WindowAnswer Window, string Layer, AttributedBy AttributedBy, IReadOnlyList<ShareAnswer> Pools, MinersAnswer Miners, UnknownAnswer Unknown);

internal sealed record ShareAnswer(
    string Slug,
    string Name,
    int Blocks,
    double Share,
    double Lower,
    double Upper,
    int LongestStreak,
    double LongestStreakProbability,
    ExceedsAnswer Exceeds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<MemberAnswer>? Members);

internal sealed record ExceedsAnswer(double Third, double TwoFifths, double Half);

internal sealed record UnknownAnswer(int Blocks, double Share);

internal sealed record ConcentrationAnswer(
    WindowAnswer Window,
    string Layer,
    AttributedBy AttributedBy,
    HhiAnswer Hhi,
    NakamotoAnswer Nakamoto,
    IReadOnlyDictionary<string, double> Top,
    EffectiveAnswer Effective,
    double EntropyBits,
    double Gini,
    double Theil,
    int Entities,
    HashRateAnswer HashRate,
    IReadOnlyList<DoubleSpendRisk> DoubleSpends,
    LargestAnswer Largest,
    double MinersShare,
    double UnknownShare);

internal sealed record LargestAnswer(
    IReadOnlyDictionary<string, double> Top,
    EffectiveAnswer Effective,
    double EntropyBits,
    double Gini,
    double Theil,
    int Entities,
    IReadOnlyList<DoubleSpendRisk> DoubleSpends);

internal sealed record HashRateAnswer(
    SamplingInterval? Hhi, SamplingInterval? EntropyBits, SamplingInterval? EffectiveByHhi, SamplingInterval? EffectiveByEntropy, NakamotoRangesAnswer Nakamoto);

internal sealed record NakamotoRangesAnswer(NakamotoRange Half, NakamotoRange Third, NakamotoRange TwoThirds);

internal sealed record HhiAnswer(double Separate, double Excluded, double Largest, double? Unbiased);

internal sealed record NakamotoAnswer(int Half, int Third, int TwoThirds, int HalfLargest, int ThirdLargest, int TwoThirdsLargest);

internal sealed record EffectiveAnswer(double Hhi, double Entropy);

internal sealed record HealthAnswer(string Status, string? Reason);
