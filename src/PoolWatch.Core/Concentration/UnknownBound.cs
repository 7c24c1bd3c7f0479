using System.Collections.Immutable;

namespace PoolWatch.Core.Concentration;

/// <summary>
/// The other bound of what unknown blocks hide: a window's measures with all of them given to its largest entity, under <see cref="UnknownPolicy.Largest"/>.
/// HHI and Nakamoto coefficients under it are <see cref="HhiFigures.Largest"/> and in <see cref="NakamotoFigures"/>.
/// </summary>
/// <remarks>
/// <para>However the unknown blocks are spread in truth, one miner each or all of them the largest's, top shares, the effective numbers, entropy and the
/// chance of a double spend lie between <see cref="WindowMeasures"/>' figure and this one: of all ways to give blocks away, all to the largest
/// makes the shares most unequal (it majorizes the others), and one each most equal.</para>
/// <para>Gini and Theil depend on how many entities there are, which differs: the truth may be outside of their two figures.</para>
/// <para>A window of unknown blocks only has one entity here, with all of them.</para>
/// </remarks>
public sealed record UnknownBound
{
    private UnknownBound() { }

    /// <summary>Number of entities with a block, 1 or more.</summary>
    public required int Entities { get; init; }

    /// <summary>Share of the n largest for n = 1..<see cref="WindowMeasures.MaxTop"/>, at index n − 1; above 0, up to 1, never falling.</summary>
    public required ImmutableArray<double> TopShares { get; init; }

    /// <summary>Effective number of entities; 1 or more.</summary>
    public required EffectiveFigures Effective { get; init; }

    /// <summary>Shannon entropy in bits; 0 or more.</summary>
    public required double EntropyBits { get; init; }

    /// <summary>Gini coefficient over the entities with a block, 0 up to but not including 1.</summary>
    public required double Gini { get; init; }

    /// <summary>Theil index over the entities with a block, in nats: 0 to ln of their number.</summary>
    public required double Theil { get; init; }

    /// <summary>What the largest could do if every unknown block were its own, one row for each of <see cref="WindowMeasures.Confirmations"/>.</summary>
    public required ImmutableArray<DoubleSpendRisk> DoubleSpends { get; init; }

    /// <summary>Measures a window.</summary>
    /// <exception cref="ArgumentException">A distribution without a block: no measure exists.</exception>
    public static UnknownBound Of(ShareDistribution distribution)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        if (distribution.Total == 0)
        {
            throw new ArgumentException("A window has at least 1 block.", nameof(distribution));
        }

        var (counts, singles) = distribution.WithUnknownInLargest();
        return new UnknownBound
        {
            Entities = ConcentrationMeasures.Entities(counts, singles),
            TopShares = WindowMeasures.TopSharesOf(counts, singles),
            Effective = new EffectiveFigures(
                ConcentrationMeasures.EffectiveByHhi(counts, singles)!.Value,
                ConcentrationMeasures.EffectiveByEntropy(counts, singles)!.Value),
            EntropyBits = ConcentrationMeasures.EntropyBits(counts, singles)!.Value,
            Gini = ConcentrationMeasures.Gini(counts, singles)!.Value,
            Theil = ConcentrationMeasures.Theil(counts, singles)!.Value,
            DoubleSpends = WindowMeasures.DoubleSpendsOf(counts, distribution.Total),
        };
    }
}
