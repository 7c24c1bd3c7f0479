using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Inspection;

/// <summary>A pool list that takes part in a comparison.</summary>
public enum ListName
{
    /// <summary>Our active list.</summary>
    Ours,

    /// <summary>mempool/mining-pools, <c>pools-v2.json</c>.</summary>
    Mempool,

    /// <summary>bitcoin-data/mining-pools.</summary>
    BitcoinData,
}

/// <summary>Three answers for one block that are not all the same.</summary>
/// <param name="Ours">Slug of the pool by our list; <c>unknown</c> for none.</param>
/// <param name="Mempool">The same by mempool's list: our slug of that pool, or its own name where our list does not know it.</param>
/// <param name="BitcoinData">The same by bitcoin-data's list.</param>
/// <param name="Reasons">Why; one at least.</param>
public sealed record ListDifference(string Ours, string Mempool, string BitcoinData, IReadOnlyList<ListReason> Reasons);

/// <summary>Why two lists give two answers.</summary>
public enum DifferenceKind
{
    /// <summary>The list does not have a rule that decided by another list; perhaps not for this height.</summary>
    MissingRule,

    /// <summary>The list has the rule, for another pool.</summary>
    OtherOwner,

    /// <summary>Both lists have the rules that decided; their order decided differently, or the case in which a tag is written.</summary>
    Order,
}

/// <summary>One reason.</summary>
/// <param name="Kind">What is different.</param>
/// <param name="List">In which list.</param>
/// <param name="Rule">The rule that it is about.</param>
/// <param name="Owner">Whose the rule is in that list; null unless the kind is <see cref="DifferenceKind.OtherOwner"/>.</param>
public sealed record ListReason(DifferenceKind Kind, ListName List, PoolRule Rule, string? Owner);
