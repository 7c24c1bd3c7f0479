using System.Text.Json;

namespace PoolWatch.Core.Tests.Fixtures;

/// <summary>A line of coinbases.jsonl; README.md beside it says where the lines come from.</summary>
public sealed record RealCoinbase(
    int Height, string? Hash, string? HeaderHex, string? CoinbaseTxHex, string ScriptSigHex, RealOutput[]? Outputs, string? Txid,
    string? Label, string? LabelFromParquet, string Source, string[]? Features)
{
    private static readonly JsonSerializerOptions Format = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<RealCoinbase> All { get; } =
        [.. File.ReadLines(FixtureFile.PathOf("coinbases.jsonl")).Select(line => JsonSerializer.Deserialize<RealCoinbase>(line, Format)!)];

    public override string ToString() => $"{Height}";
}

/// <summary>An output as its source gives it; some give an address and nothing else.</summary>
public sealed record RealOutput(long? Value, string? ScriptHex, string? Type, string? Address);
