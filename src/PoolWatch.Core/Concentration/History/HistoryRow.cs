namespace PoolWatch.Core.Concentration.History;

/// <summary>The measures of the window that ends at one height, as <see cref="WindowMeasures"/> has them: the same numbers, from a sliding window.</summary>
/// <remarks>Unknown blocks are separate miners where nothing else is said. Made of integers; floating point starts at the last division.</remarks>
public readonly record struct HistoryRow
{
    private const double LnOfTwo = 0.693147180559945309;

    /// <summary>Height of the window's last block.</summary>
    public required int Height { get; init; }

    /// <summary>Length of the window; at least 1.</summary>
    public required int Blocks { get; init; }

    /// <summary>Blocks that no entity is known for.</summary>
    public required int Unknown { get; init; }

    /// <summary>Blocks with an entity each.</summary>
    public required int Singles { get; init; }

    /// <summary>Entities with a block, unknown blocks and singles included; at least 1.</summary>
    public required int Entities { get; init; }

    /// <summary>Blocks of the n largest.</summary>
    public required HistoryTop Top { get; init; }

    /// <summary>Nakamoto coefficients.</summary>
    public required NakamotoFigures Nakamoto { get; init; }

    /// <summary>Shannon entropy in bits; 0 or more. <see cref="ConcentrationMeasures.EntropyBits"/> but for 1e-12.</summary>
    public required double EntropyBits { get; init; }

    /// <summary>Share of unknown blocks, 0..1.</summary>
    public double UnknownShare => (double)Unknown / Blocks;

    /// <summary>Share of blocks with an entity each, 0..1.</summary>
    public double SinglesShare => (double)Singles / Blocks;

    /// <summary>HHI, 0..1: <see cref="HhiFigures.Separate"/>.</summary>
    public double HhiSeparate => (Squares + Unknown + Singles) / SquareOfBlocks;

    /// <summary>HHI, 0..1: <see cref="HhiFigures.Excluded"/>.</summary>
    public double HhiExcluded => (Squares + Singles) / SquareOfBlocks;

    /// <summary>HHI, 0..1: <see cref="HhiFigures.Largest"/>.</summary>
    public double HhiLargest => (Squares + Singles + (((2L * Largest) + Unknown) * Unknown)) / SquareOfBlocks;

    /// <summary>HHI without the bias of a sample, 0..1: <see cref="HhiFigures.Unbiased"/>. Null for a window of one block.</summary>
    public double? HhiUnbiased => Blocks < 2 ? null : (Squares + Unknown + Singles - Blocks) / (double)((long)Blocks * (Blocks - 1));

    /// <summary>Effective number of entities, 1/HHI; 1 or more.</summary>
    public double EffectiveByHhi => SquareOfBlocks / (Squares + Unknown + Singles);

    /// <summary>Effective number of entities with all unknown blocks given to the largest; 1 or more.</summary>
    public double EffectiveByHhiLargest => 1 / HhiLargest;

    /// <summary>Effective number of entities, 2^entropy; 1 or more.</summary>
    public double EffectiveByEntropy => Math.Exp(EntropyBits * LnOfTwo);

    /// <summary>Gini coefficient over the entities with a block, 0 up to but not including 1.</summary>
    public double Gini => Spread / (double)((long)Entities * Blocks);

    /// <summary>Theil index in nats, ln n − entropy: 0 (all equal) to ln n. The same over all entities with a block as that of the Edinburgh Decentralization Index.</summary>
    public double Theil => Math.Max(0, Math.Log(Entities) - (EntropyBits * LnOfTwo));

    /// <summary>Entropy over that of as many equal entities, 0 to 1; 0 for one entity. <see cref="ConcentrationMeasures.Evenness"/>.</summary>
    public double Evenness => Entities == 1 ? 0 : Math.Min(1, EntropyBits / Math.Log2(Entities));

    /// <summary>Rényi entropy of order 0 in bits, log2 n (Hartley): 0 or more. <see cref="ConcentrationMeasures.RenyiBits"/>.</summary>
    public double HartleyBits => Math.Log2(Entities);

    /// <summary>Rényi entropy of order 2 in bits, −log2 HHI: 0 to <see cref="EntropyBits"/>. <see cref="ConcentrationMeasures.RenyiBits"/>.</summary>
    public double CollisionBits => Math.Log2(EffectiveByHhi);

    /// <summary>Rényi entropy of order ∞ in bits, −log2 of the largest share: 0 to <see cref="CollisionBits"/>. <see cref="ConcentrationMeasures.RenyiBits"/>.</summary>
    public double MinEntropyBits => Math.Log2((double)Blocks / Top[1]);

    /// <summary>Σ x² over the known entities.</summary>
    internal long Squares { get; init; }

    /// <summary>Blocks of the entity that unknown blocks are given to; 0 where there is none.</summary>
    internal int Largest { get; init; }

    /// <summary>Σ (2i − n − 1)·x_i over the counts in ascending order.</summary>
    internal long Spread { get; init; }

    private double SquareOfBlocks => (long)Blocks * Blocks;

    /// <summary>Share of the <paramref name="n"/> largest together, above 0, up to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not 1..<see cref="WindowMeasures.MaxTop"/>.</exception>
    public double TopShare(int n) => (double)Top[n] / Blocks;
}
