namespace PoolWatch.Core.Pools.Mempool;

/// <summary>Everything in one coinbase that speaks for a pool, and the judgement on it by mempool.space's rule.</summary>
/// <param name="addressRules">The address rules.</param>
/// <param name="payments">One hit for each listed address that is paid.</param>
/// <param name="total">Satoshi of all outputs together.</param>
/// <param name="tagRules">The tag rules.</param>
/// <param name="patterns">Knows how long tags are.</param>
/// <param name="tags">One hit for each tag that is found.</param>
/// <param name="height">Height of the block.</param>
internal readonly ref struct MempoolEvidence(
    RuleBook addressRules, Span<Hit> payments, long total, RuleBook tagRules, TagPatterns patterns, Span<Hit> tags, int height)
{
    private readonly Span<Hit> _payments = payments;
    private readonly Span<Hit> _tags = tags;

    public Attribution Judge(ReadOnlySpan<byte> scriptSig)
    {
        _payments.Sort(Hit.ByPlace);
        _tags.Sort(Hit.ByPlace);
        var (payment, tag) = (Earliest(_payments), Earliest(_tags));

        // Of a pool that has both, the address is looked at first.
        var byAddress = payment >= 0
            && (tag < 0 || addressRules.PositionOf(_payments[payment].Rule) <= tagRules.PositionOf(_tags[tag].Rule));
        var winner = byAddress ? addressRules.ToCandidate(_payments[payment]) : tagRules.ToCandidate(_tags[tag]);
        return new Attribution(winner, ListOthers(byAddress ? payment : -1, byAddress ? -1 : tag), FindConflicts(winner))
        {
            Miners = MinerText.Read(winner.Pool, scriptSig),
        };
    }

    /// <summary>The hit whose rule stands first in the list; -1 if there is none.</summary>
    private static int Earliest(Span<Hit> hits)
    {
        var first = hits.Length - 1;
        for (var i = hits.Length - 2; i >= 0; i--)
        {
            first = hits[i].Rule < hits[first].Rule ? i : first;
        }

        return first;
    }

    private Candidate[] ListOthers(int winningPayment, int winningTag)
    {
        var others = new Candidate[_payments.Length + _tags.Length - 1];
        var count = 0;
        for (var i = 0; i < _payments.Length; i++)
        {
            if (i != winningPayment)
            {
                others[count++] = addressRules.ToCandidate(_payments[i]);
            }
        }

        for (var i = 0; i < _tags.Length; i++)
        {
            if (i != winningTag)
            {
                others[count++] = tagRules.ToCandidate(_tags[i]);
            }
        }

        return others;
    }

    private AttributionConflicts FindConflicts(Candidate winner)
    {
        var byAddress = winner.Kind == RuleKind.Address;
        var conflicts = winner.IsToDoubt(height, total, PaidTo(winner.Pool)) ? AttributionConflicts.ClaimToDoubt : AttributionConflicts.None;
        foreach (var payment in _payments)
        {
            var pool = addressRules.PoolOf(payment.Rule);
            conflicts |= pool != winner.Pool && !byAddress ? AttributionConflicts.AddressAgainstTag : AttributionConflicts.None;
            conflicts |= pool != addressRules.PoolOf(_payments[0].Rule) ? AttributionConflicts.AddressAgainstAddress : AttributionConflicts.None;
            conflicts |= IsMinor(pool, winner.Pool) ? AttributionConflicts.MinorAddress : AttributionConflicts.None;
        }

        return conflicts | FindTagConflicts(winner);
    }

    private AttributionConflicts FindTagConflicts(Candidate winner)
    {
        var byAddress = winner.Kind == RuleKind.Address;
        var all = AttributionConflicts.TagAgainstTag | (byAddress ? AttributionConflicts.AddressAgainstTag : AttributionConflicts.None);
        var conflicts = AttributionConflicts.None;
        var first = byAddress ? null : winner.Pool;
        for (var i = 0; i < _tags.Length && conflicts != all; i++)
        {
            var pool = tagRules.PoolOf(_tags[i].Rule);
            if (pool != first && !IsShadowed(_tags[i]))
            {
                first ??= pool;
                conflicts |= pool != first ? AttributionConflicts.TagAgainstTag : AttributionConflicts.None;
                conflicts |= byAddress && pool != winner.Pool ? AttributionConflicts.AddressAgainstTag : AttributionConflicts.None;
            }
        }

        return conflicts;
    }

    /// <summary>Whether a tag lies within a longer one of another pool, as <c>/ViaBTC/</c> does within <c>/ViaBTC/TATMAS Pool/</c>.</summary>
    private bool IsShadowed(Hit tag)
    {
        var length = patterns.LengthOf(tag.Rule);
        foreach (var other in _tags)
        {
            var longer = patterns.LengthOf(other.Rule);
            if (length > 0 && longer > length && other.Index <= tag.Index && other.Index + longer >= tag.Index + length
                && tagRules.PoolOf(other.Rule) != tagRules.PoolOf(tag.Rule))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a pool is paid half of the value or less, and there is nothing else to say that it mined the block.</summary>
    private bool IsMinor(Pool pool, Pool winner)
    {
        var paid = PaidTo(pool);
        return paid <= total - paid && !(pool == winner && HasTag(pool));
    }

    private long PaidTo(Pool pool)
    {
        var paid = 0L;
        foreach (var payment in _payments)
        {
            paid += addressRules.PoolOf(payment.Rule) == pool ? payment.Value : 0;
        }

        return paid;
    }

    private bool HasTag(Pool pool)
    {
        foreach (var tag in _tags)
        {
            if (tagRules.PoolOf(tag.Rule) == pool)
            {
                return true;
            }
        }

        return false;
    }
}
