using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools;

namespace PoolWatch.Core.Inspection;

/// <summary>Attributes blocks by three pool lists with one and the same rule, and says where and why they disagree.</summary>
/// <remarks>
/// The rule is the same for all three: what is compared are the lists, not what each of their users does with them
/// (docs/adr/0011-two-list-check.md). Immutable, safe for use by many threads.
/// </remarks>
public sealed class ListComparison
{
    private readonly ComparedList _ours;
    private readonly ComparedList[] _theirs;

    /// <summary>Prepares the comparison; some milliseconds.</summary>
    /// <param name="ours">Our active list, compiled. Its ids of the public lists tell which of their pools are which of ours.</param>
    /// <param name="mempool">mempool's list in our form, with its ids, compiled.</param>
    /// <param name="bitcoinData">bitcoin-data's list in our form, with its ids, compiled.</param>
    /// <exception cref="ArgumentException">The three were compiled for different rules.</exception>
    public ListComparison(PoolAttributor ours, PoolAttributor mempool, PoolAttributor bitcoinData)
    {
        if (ours.Algorithm != mempool.Algorithm || ours.Algorithm != bitcoinData.Algorithm)
        {
            throw new ArgumentException("Lists are compared by one rule, or their differences would be those of the rules.", nameof(ours));
        }

        var names = new SharedNames(ours.List);
        _ours = new ComparedList(ListName.Ours, ours, names);
        _theirs = [new ComparedList(ListName.Mempool, mempool, names), new ComparedList(ListName.BitcoinData, bitcoinData, names)];
    }

    /// <summary>Our list.</summary>
    public PoolList Ours => _ours.List;

    /// <summary>Attributes a coinbase by all three lists.</summary>
    /// <returns>How they disagree; null where all three give the same answer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The height is negative.</exception>
    public ListDifference? Compare(Coinbase coinbase, int height)
    {
        var ours = _ours.Attribute(coinbase, height);
        var mempool = _theirs[0].Attribute(coinbase, height);
        var bitcoinData = _theirs[1].Attribute(coinbase, height);
        var answers = (Ours: _ours.NameOf(ours), Mempool: _theirs[0].NameOf(mempool), BitcoinData: _theirs[1].NameOf(bitcoinData));
        if (answers.Ours == answers.Mempool && answers.Ours == answers.BitcoinData)
        {
            return null;
        }

        List<ListReason> reasons = [];
        Explain(reasons, ours, mempool, _theirs[0], height);
        Explain(reasons, ours, bitcoinData, _theirs[1], height);
        return new ListDifference(answers.Ours, answers.Mempool, answers.BitcoinData, [.. reasons.Distinct()]);
    }

    private void Explain(List<ListReason> reasons, Attribution ours, Attribution theirs, ComparedList list, int height)
    {
        if (_ours.NameOf(ours) == list.NameOf(theirs))
        {
            return;
        }

        var before = reasons.Count;
        Explain(reasons, _ours, ours, list, height);
        Explain(reasons, list, theirs, _ours, height);
        if (reasons.Count == before)
        {
            // Each list has the rule that decided in the other, for the same pool: only their order, or the case of a tag, is left.
            reasons.Add(new ListReason(DifferenceKind.Order, list.Name, (theirs.Winner ?? ours.Winner)!.Rule, null));
        }
    }

    /// <summary>What the other list makes of the rule that decided in this one.</summary>
    private static void Explain(List<ListReason> reasons, ComparedList list, Attribution attribution, ComparedList other, int height)
    {
        if (attribution.Winner is not { } winner)
        {
            return;
        }

        var owner = other.OwnerOf(winner.Rule, height);
        if (owner is null)
        {
            reasons.Add(new ListReason(DifferenceKind.MissingRule, other.Name, winner.Rule, null));
        }
        else if (owner != list.NameOf(attribution))
        {
            reasons.Add(new ListReason(DifferenceKind.OtherOwner, other.Name, winner.Rule, owner));
        }
    }
}
