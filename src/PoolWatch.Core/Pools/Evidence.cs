namespace PoolWatch.Core.Pools;

/// <summary>Everything in one coinbase that speaks for a pool, and the judgement on it.</summary>
/// <param name="addressRules">The address rules.</param>
/// <param name="payments">One hit for each listed address that is paid.</param>
/// <param name="total">Satoshi of all outputs together.</param>
/// <param name="tagRules">The tag rules.</param>
/// <param name="automaton">Knows how long tags are.</param>
/// <param name="tags">One hit for each place where a tag stands.</param>
/// <param name="height">Height of the block.</param>
internal readonly ref struct Evidence(
    RuleBook addressRules, Span<Hit> payments, long total, RuleBook tagRules, TagAutomaton automaton, Span<Hit> tags, int height)
{
    private readonly Span<Hit> _payments = payments;
    private readonly Span<Hit> _tags = tags;

    public Attribution Judge(ReadOnlySpan<byte> scriptSig)
    {
        // Sorted, the first hit of a rule is the place to report, and the others come out in their documented order.
        _payments.Sort(Hit.ByPlace);
        _tags.Sort(Hit.ByPlace);
        var payment = FindMajority();
        var tag = payment < 0 ? FindLongestTag() : -1;
        var winner = payment >= 0 ? addressRules.ToCandidate(_payments[payment])
            : tag >= 0 ? tagRules.ToCandidate(_tags[tag])
            : null;
        return new Attribution(winner, ListOthers(payment, tag), FindConflicts(winner?.Pool, payment >= 0, tag) | FindDoubt(winner))
        {
            Miners = MinerText.Read(winner?.Pool, scriptSig),
        };
    }

    /// <summary>The largest payment to the pool that is paid more than half, the earliest rule among equals; -1 if there is no such pool.</summary>
    private int FindMajority()
    {
        var best = -1;
        for (var i = 0; i < _payments.Length; i++)
        {
            var larger = best < 0 || _payments[i].Value > _payments[best].Value
                || (_payments[i].Value == _payments[best].Value && _payments[i].Rule < _payments[best].Rule);
            if (larger && IsMajority(PaidTo(addressRules.PoolOf(_payments[i].Rule))))
            {
                best = i;
            }
        }

        return best;
    }

    private bool IsMajority(long paid) => paid > total - paid;

    private long PaidTo(Pool pool)
    {
        var sum = 0L;
        foreach (var payment in _payments)
        {
            sum += addressRules.PoolOf(payment.Rule) == pool ? payment.Value : 0;
        }

        return sum;
    }

    /// <summary>The first place of the longest tag, the earliest rule among equals; -1 if there is no tag.</summary>
    private int FindLongestTag()
    {
        var best = -1;
        for (var i = 0; i < _tags.Length; i++)
        {
            var longer = best < 0 ? 1 : LengthOf(i).CompareTo(LengthOf(best));
            if (longer > 0 || (longer == 0 && _tags[i].Rule < _tags[best].Rule))
            {
                best = i;
            }
        }

        return best;
    }

    private Candidate[] ListOthers(int winningPayment, int winningTag)
    {
        if (_payments.Length + _tags.Length == 1 && (winningPayment == 0 || winningTag == 0))
        {
            return [];
        }

        List<Candidate> others = [];
        for (var i = 0; i < _payments.Length; i++)
        {
            if (i != winningPayment)
            {
                others.Add(addressRules.ToCandidate(_payments[i]));
            }
        }

        for (var i = 0; i < _tags.Length; i++)
        {
            var reported = winningTag >= 0 && _tags[i].Rule == _tags[winningTag].Rule;
            if (!reported && IsFirstOfItsRule(i))
            {
                others.Add(tagRules.ToCandidate(_tags[i]));
            }
        }

        return [.. others];
    }

    private bool IsFirstOfItsRule(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (_tags[i].Rule == _tags[index].Rule)
            {
                return false;
            }
        }

        return true;
    }

    private AttributionConflicts FindConflicts(Pool? winner, bool byAddress, int winningTag)
    {
        if (_payments.Length + _tags.Length == 1)
        {
            return winner is null ? AttributionConflicts.MinorAddress : AttributionConflicts.None;
        }

        var conflicts = AttributionConflicts.None;
        foreach (var payment in _payments)
        {
            var pool = addressRules.PoolOf(payment.Rule);
            if (pool != winner)
            {
                conflicts |= AttributionConflicts.MinorAddress
                    | (winner is null || byAddress ? AttributionConflicts.None : AttributionConflicts.AddressAgainstTag);
            }

            if (pool != addressRules.PoolOf(_payments[0].Rule))
            {
                conflicts |= AttributionConflicts.AddressAgainstAddress;
            }
        }

        return conflicts | FindTagConflicts(winner, byAddress, winningTag);
    }

    private AttributionConflicts FindDoubt(Candidate? winner) =>
        winner is not null && winner.IsToDoubt(height, total, PaidTo(winner.Pool)) ? AttributionConflicts.ClaimToDoubt : AttributionConflicts.None;

    private AttributionConflicts FindTagConflicts(Pool? winner, bool byAddress, int winningTag)
    {
        var conflicts = AttributionConflicts.None;
        Pool? first = null;
        for (var i = 0; i < _tags.Length; i++)
        {
            var pool = tagRules.PoolOf(_tags[i].Rule);
            if (IsShadowed(i))
            {
                continue;
            }

            first ??= pool;
            conflicts |= pool != first ? AttributionConflicts.TagAgainstTag : AttributionConflicts.None;
            if (pool != winner)
            {
                conflicts |= byAddress ? AttributionConflicts.AddressAgainstTag
                    : LengthOf(i) == LengthOf(winningTag) ? AttributionConflicts.TagTie
                    : AttributionConflicts.None;
            }
        }

        return conflicts;
    }

    private int LengthOf(int index) => automaton.LengthOf(_tags[index].Rule);

    /// <summary>Whether this place lies within a longer tag of another pool, as <c>/ViaBTC/</c> does within <c>/ViaBTC/TATMAS Pool/</c>.</summary>
    private bool IsShadowed(int index)
    {
        var (start, end) = (_tags[index].Index, _tags[index].Index + LengthOf(index));
        foreach (var other in _tags)
        {
            var length = automaton.LengthOf(other.Rule);
            if (length > end - start && other.Index <= start && other.Index + length >= end
                && tagRules.PoolOf(other.Rule) != tagRules.PoolOf(_tags[index].Rule))
            {
                return true;
            }
        }

        return false;
    }
}
