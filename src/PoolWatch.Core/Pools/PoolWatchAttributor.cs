using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>The rule <c>poolwatch/1</c>, described in docs/adr/0001-attribution-rule.md.</summary>
/// <remarks>
/// The pool whose listed addresses receive more than half of the coinbase's value; else the pool of the longest tag in the scriptSig,
/// the earlier in the list where two are equally long; else none. A tag is a claim that anybody can write, a payment costs its value.
/// </remarks>
public sealed class PoolWatchAttributor : PoolAttributor
{
    /// <summary>Name of the rule.</summary>
    public const string Name = "poolwatch/1";

    private readonly RuleBook _addressRules;
    private readonly RuleBook _tagRules;
    private readonly AddressIndex _addresses;
    private readonly TagAutomaton _tags;

    /// <summary>Compiles a list; a few milliseconds for the bundled one.</summary>
    /// <param name="list">The pools and their rules.</param>
    public PoolWatchAttributor(PoolList list)
        : base(list)
    {
        _addressRules = new RuleBook(list, pool => pool.Addresses);
        _tagRules = new RuleBook(list, pool => pool.Tags);
        _addresses = new AddressIndex(_addressRules, bareKeys: true);
        _tags = new TagAutomaton(_tagRules);
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

        var evidence = new Evidence(_addressRules, payments.Span, total, _tagRules, _tags, tags.Span, height);
        return evidence.Judge(scriptSig);
    }
}
