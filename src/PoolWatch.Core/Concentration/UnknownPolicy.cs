namespace PoolWatch.Core.Concentration;

/// <summary>How a measure treats blocks that are attributed to nobody. They are never one entity of their own.</summary>
public enum UnknownPolicy
{
    /// <summary>
    /// Every unknown block has its own miner: the primary figures, and the least concentration that the window allows
    /// (lowest HHI, highest Nakamoto coefficient of all ways to hand the unknown blocks out).
    /// </summary>
    Separate,

    /// <summary>
    /// Unknown blocks count in the window's total and nowhere else. No real assignment gives this figure; it lies below
    /// <see cref="Separate"/> by unknown / total². Offered for comparison with publishers who compute it so.
    /// </summary>
    Excluded,

    /// <summary>
    /// All unknown blocks belong to the largest known entity, or to one entity where none is known: the most concentration that the
    /// window allows.
    /// </summary>
    Largest,
}
