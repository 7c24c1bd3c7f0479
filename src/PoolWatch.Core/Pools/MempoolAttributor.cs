using PoolWatch.Core.Bitcoin;
using PoolWatch.Core.Pools.Mempool;

namespace PoolWatch.Core.Pools;

/// <summary>The rule <c>mempool/1</c>: what mempool.space does, described in docs/adr/0009-mempool-rule.md.</summary>
/// <remarks>
/// Pool by pool in the order of the list, of each pool first its addresses, then its tags: the first that matches decides. An address matches if any
/// output with value pays it, however little; a tag is a JavaScript regular expression that ignores case, searched in the scriptSig read as Latin-1.
/// <see cref="PoolRule.From"/> and <see cref="PoolRule.To"/> hold here too, <see cref="PoolRule.Exact"/> does not: ignoring case is part of the rule.
/// </remarks>
public sealed class MempoolAttributor : PoolAttributor
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "mempool/1";

    private readonly RuleBook _addressRules;
    private readonly RuleBook _tagRules;
    private readonly AddressIndex _addresses;
    private readonly TagPatterns _tags;

    /// <summary>Compiles a list; a few milliseconds for the bundled one.</summary>
    /// <param name="list">The pools and their rules; each tag is read as a regular expression.</param>
    /// <exception cref="PoolListException">
    /// A tag is no regular expression, or one that can't be searched for in bounded time: with lookaround, a reference to a group or
    /// enormous repetitions. Every such tag is named, up to a hundred.
    /// </exception>
    public MempoolAttributor(PoolList list)
        : base(list)
    {
        _addressRules = new RuleBook(list, pool => pool.Addresses);
        _tagRules = new RuleBook(list, pool => pool.Tags);
        _addresses = new AddressIndex(_addressRules, bareKeys: false);
        _tags = new TagPatterns(_tagRules);
    }

    /// <inheritdoc/>
    public override string Algorithm => Name;

    /// <inheritdoc/>
    public override Attribution Attribute(ReadOnlySpan<byte> scriptSig, IReadOnlyList<TxOut> outputs, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(height);
        Span<Hit> paymentRoom = stackalloc Hit[8];
        Span<Hit> tagRoom = stackalloc Hit[16];
        var payments = new Hits(paymentRoom);
        var tags = new Hits(tagRoom);
        var total = _addresses.Find(outputs, height, ref payments);
        _tags.Find(scriptSig, height, ref tags);
        if (payments.Count + tags.Count == 0)
        {
            return Attribution.Unknown;
        }

        var evidence = new MempoolEvidence(_addressRules, payments.Span, total, _tagRules, _tags, tags.Span, height);
        return evidence.Judge(scriptSig);
    }
}
