namespace PoolWatch.Telemetry;

/// <summary>A gauge of what a window says of the hash rate behind it: an estimate without the bias of a sample, or how far chance may have moved it.</summary>
/// <param name="Name">The gauge.</param>
/// <param name="Help">Its help text.</param>
/// <param name="Value">Its value; null where it does not exist.</param>
internal sealed record EstimateFamily(string Name, string Help, Func<HashRateFigures, double?> Value)
{
    private const string Hhi = "HHI of the hash rate behind the window's blocks, 0 to 1";
    private const string Entropy = "Shannon entropy of the hash rate behind the window's blocks in bits";

    public static IReadOnlyList<EstimateFamily> All { get; } =
    [
        new("poolwatch_hhi_unbiased_ratio", $"{Hhi}, without the bias of a sample.", static f => f.Hhi?.Estimate),
        new("poolwatch_hhi_lower_ratio", $"{Hhi}: lower end of the 95 % interval.", static f => f.Hhi?.Lower),
        new("poolwatch_hhi_upper_ratio", $"{Hhi}: upper end of the 95 % interval.", static f => f.Hhi?.Upper),
        new("poolwatch_shannon_entropy_estimate", $"{Entropy}, without the bias of a sample.", static f => f.EntropyBits?.Estimate),
        new("poolwatch_shannon_entropy_lower", $"{Entropy}: lower end of the 95 % interval.", static f => f.EntropyBits?.Lower),
        new("poolwatch_shannon_entropy_upper", $"{Entropy}: upper end of the 95 % interval.", static f => f.EntropyBits?.Upper),
        new("poolwatch_nakamoto_lower_entities", "Fewest entities that may have more than half of the hash rate by the window's blocks, 95 %.",
            static f => f.NakamotoHalf.Lower),
        new("poolwatch_nakamoto_upper_entities",
            "Fewest entities that have more than half of the hash rate beyond doubt by the window's blocks, 95 %; absent where none are.",
            static f => f.NakamotoHalf.Upper),
    ];
}
