using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace PoolWatch.Core.Concentration;

/// <summary>An entity's part of a window.</summary>
/// <param name="Entity">Number of the entity.</param>
/// <param name="Blocks">Its blocks; at least 1.</param>
/// <param name="Share">Blocks / all blocks of the window, unknown ones included; above 0, up to 1.</param>
/// <param name="Interval">What hash-rate share the count is compatible with, 95 %.</param>
public readonly record struct EntityShare(int Entity, int Blocks, double Share, WilsonInterval Interval);

/// <summary>The part of a window that no entity is known for.</summary>
/// <param name="Blocks">0 or more.</param>
/// <param name="Share">Blocks / all blocks of the window, 0..1.</param>
public readonly record struct UnknownShare(int Blocks, double Share);

/// <summary>The part of a window whose blocks have an entity each, known to be separate though without a name.</summary>
/// <param name="Blocks">0 or more; 0 wherever entities are pools as tagged.</param>
/// <param name="Share">Blocks / all blocks of the window, 0..1.</param>
public readonly record struct SinglesShare(int Blocks, double Share);

/// <summary>HHI, 0..1, under each policy for unknown blocks.</summary>
/// <param name="Separate">Primary; <see cref="UnknownPolicy.Separate"/>.</param>
/// <param name="Excluded"><see cref="UnknownPolicy.Excluded"/>; 0 where every block is unknown.</param>
/// <param name="Largest">Upper bound; <see cref="UnknownPolicy.Largest"/>.</param>
/// <param name="Unbiased">
/// <see cref="ConcentrationMeasures.UnbiasedHhi"/> with unknown blocks separate; null for a window of one block.
/// </param>
public readonly record struct HhiFigures(double Separate, double Excluded, double Largest, double? Unbiased);

/// <summary>Nakamoto coefficients: entities needed for strictly more than the threshold; 1 or more.</summary>
/// <param name="Half">More than 1/2, unknown blocks separate: primary.</param>
/// <param name="Third">More than 1/3, unknown blocks separate.</param>
/// <param name="TwoThirds">More than 2/3, unknown blocks separate.</param>
/// <param name="HalfLargest">
/// More than 1/2 with all unknown blocks given to the largest entity: the lowest value that the window allows.
/// </param>
/// <param name="ThirdLargest">More than 1/3, likewise.</param>
/// <param name="TwoThirdsLargest">More than 2/3, likewise.</param>
public readonly record struct NakamotoFigures(int Half, int Third, int TwoThirds, int HalfLargest, int ThirdLargest, int TwoThirdsLargest);

/// <summary>Effective number of entities, unknown blocks separate; 1 or more.</summary>
/// <param name="Hhi">1/HHI.</param>
/// <param name="Entropy">2^entropy; at least <paramref name="Hhi"/>.</param>
public readonly record struct EffectiveFigures(double Hhi, double Entropy);

/// <summary>
/// Everything that is measured of one window's counts. Unknown blocks are separate miners where nothing else is said; the other bound is
/// <see cref="UnknownBound"/>. What depends on the order of the blocks is in <see cref="Streaks"/>.
/// </summary>
public sealed record WindowMeasures
{
    /// <summary>The largest n of <see cref="TopShares"/>.</summary>
    public const int MaxTop = 6;

    /// <summary>The confirmations of <see cref="DoubleSpends"/>, ascending.</summary>
    public static ImmutableArray<int> Confirmations { get; } = [1, 2, 3, 6, 10];

    private WindowMeasures() { }

    /// <summary>All blocks of the window, unknown ones included; at least 1.</summary>
    public required int Blocks { get; init; }

    /// <summary>Every known entity with a block: most blocks first, equal ones by lowest number.</summary>
    public required IReadOnlyList<EntityShare> Shares { get; init; }

    /// <summary>The unknown blocks.</summary>
    public required UnknownShare Unknown { get; init; }

    /// <summary>The blocks with an entity each. They count as separate under every policy.</summary>
    public required SinglesShare Singles { get; init; }

    /// <summary>Number of entities with a block, 1 or more.</summary>
    public required int Entities { get; init; }

    /// <summary>Share of the n largest for n = 1..<see cref="MaxTop"/>, at index n − 1; above 0, up to 1, never falling.</summary>
    public required IReadOnlyList<double> TopShares { get; init; }

    /// <summary>Herfindahl-Hirschman index.</summary>
    public required HhiFigures Hhi { get; init; }

    /// <summary>Nakamoto coefficients.</summary>
    public required NakamotoFigures Nakamoto { get; init; }

    /// <summary>Effective number of entities.</summary>
    public required EffectiveFigures Effective { get; init; }

    /// <summary>Shannon entropy in bits; 0 or more.</summary>
    public required double EntropyBits { get; init; }

    /// <summary>Gini coefficient over the entities with a block, 0 up to but not including 1.</summary>
    public required double Gini { get; init; }

    /// <summary>Theil index over the entities with a block, in nats: 0 to ln of their number.</summary>
    public required double Theil { get; init; }

    /// <summary>Entropy over that of as many equal entities, 0 to 1; 0 for one entity.</summary>
    public required double Evenness { get; init; }

    /// <summary>What these blocks say about hash rate: estimates and ranges of 95 %.</summary>
    public required HashRateFigures HashRate { get; init; }

    /// <summary>
    /// What the largest entity could do to a payment with so many confirmations, one row for each of <see cref="Confirmations"/>. Without a numbered entity the largest has one block.
    /// </summary>
    public required IReadOnlyList<DoubleSpendRisk> DoubleSpends { get; init; }

    /// <summary>Measures a window.</summary>
    /// <exception cref="ArgumentException">A distribution without a block: no measure exists.</exception>
    public static WindowMeasures Of(ShareDistribution distribution)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        if (distribution.Total == 0)
        {
            throw new ArgumentException("A window has at least 1 block.", nameof(distribution));
        }

        var counts = distribution.Counts;
        var separate = distribution.Unknown + distribution.Singles;
        return new WindowMeasures
        {
            Blocks = distribution.Total,
            Shares = SharesOf(distribution),
            Unknown = new UnknownShare(distribution.Unknown, (double)distribution.Unknown / distribution.Total),
            Singles = new SinglesShare(distribution.Singles, (double)distribution.Singles / distribution.Total),
            Entities = ConcentrationMeasures.Entities(counts, separate),
            TopShares = TopSharesOf(counts, separate),
            Hhi = HhiOf(distribution),
            Nakamoto = NakamotoOf(distribution),
            Effective = new EffectiveFigures(
                ConcentrationMeasures.EffectiveByHhi(counts, separate)!.Value,
                ConcentrationMeasures.EffectiveByEntropy(counts, separate)!.Value),
            EntropyBits = ConcentrationMeasures.EntropyBits(counts, separate)!.Value,
            Gini = ConcentrationMeasures.Gini(counts, separate)!.Value,
            Theil = ConcentrationMeasures.Theil(counts, separate)!.Value,
            Evenness = ConcentrationMeasures.Evenness(counts, separate)!.Value,
            HashRate = HashRateFigures.Of(counts, separate),
            DoubleSpends = DoubleSpendsOf(counts, distribution.Total),
        };
    }

    private static EntityShare[] SharesOf(ShareDistribution distribution)
    {
        var total = distribution.Total;
        return [.. distribution.Entities.Select(one => new EntityShare(
            one.Entity, one.Blocks, (double)one.Blocks / total, WilsonInterval.Of(one.Blocks, total)))];
    }

    internal static ImmutableArray<double> TopSharesOf(ReadOnlySpan<int> counts, int singles)
    {
        var top = new double[MaxTop];
        for (var n = 1; n <= MaxTop; n++)
        {
            top[n - 1] = ConcentrationMeasures.TopShare(counts, n, singles)!.Value;
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(top);
    }

    /// <param name="counts">Blocks per entity, most first.</param>
    /// <param name="total">All blocks.</param>
    internal static ImmutableArray<DoubleSpendRisk> DoubleSpendsOf(ReadOnlySpan<int> counts, int total)
    {
        var largest = counts.IsEmpty ? 1 : counts[0];
        return [.. Confirmations.Select(confirmations => DoubleSpend.Of(largest, total, confirmations))];
    }

    private static HhiFigures HhiOf(ShareDistribution distribution) => new(
        distribution.Hhi(UnknownPolicy.Separate)!.Value,
        distribution.Hhi(UnknownPolicy.Excluded)!.Value,
        distribution.Hhi(UnknownPolicy.Largest)!.Value,
        ConcentrationMeasures.UnbiasedHhi(distribution.Counts, distribution.Unknown + distribution.Singles));

    private static NakamotoFigures NakamotoOf(ShareDistribution distribution) => new(
        distribution.Nakamoto(UnknownPolicy.Separate, Threshold.Half)!.Value,
        distribution.Nakamoto(UnknownPolicy.Separate, Threshold.Third)!.Value,
        distribution.Nakamoto(UnknownPolicy.Separate, Threshold.TwoThirds)!.Value,
        distribution.Nakamoto(UnknownPolicy.Largest, Threshold.Half)!.Value,
        distribution.Nakamoto(UnknownPolicy.Largest, Threshold.Third)!.Value,
        distribution.Nakamoto(UnknownPolicy.Largest, Threshold.TwoThirds)!.Value);
}
