using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>Attributes coinbases to pools by the rule <c>poolwatch/1</c>, described in docs/adr/0001-attribution-rule.md.</summary>
/// <remarks>
/// Immutable, safe for use by many threads.
/// The pool whose listed addresses receive more than half of the coinbase's value; else the pool of the longest tag in the scriptSig,
/// the earlier in the list where two are equally long; else none. A tag is a claim that anybody can write, a payment costs its value.
/// </remarks>
public sealed class PoolAttributor
{
    /// <summary>Name of the rule, stored with each attribution.</summary>
    public const string Algorithm = "poolwatch/1";

    private readonly RuleBook _addressRules;
    private readonly RuleBook _tagRules;
    private readonly AddressIndex _addresses;
    private readonly TagAutomaton _tags;

    /// <summary>Compiles a list; a few milliseconds for the bundled one.</summary>
    /// <param name="list">The pools and their rules.</param>
    public PoolAttributor(PoolList list)
    {
        List = list;
        _addressRules = new RuleBook(list, pool => pool.Addresses);
        _tagRules = new RuleBook(list, pool => pool.Tags);
        _addresses = new AddressIndex(_addressRules);
        _tags = new TagAutomaton(_tagRules);
    }

    /// <summary>The list in use.</summary>
    public PoolList List { get; }

    /// <summary>Attributes a coinbase.</summary>
    /// <param name="coinbase">The coinbase transaction.</param>
    /// <param name="height">Height of its block as the chain has it, not as the coinbase says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The height is negative.</exception>
    public Attribution Attribute(Coinbase coinbase, int height) => Attribute(coinbase.ScriptSig.Span, coinbase.Outputs, height);

    /// <summary>Attributes a coinbase by the only parts of it that count.</summary>
    /// <param name="scriptSig">The scriptSig of its input.</param>
    /// <param name="outputs">All its outputs.</param>
    /// <param name="height">Height of its block as the chain has it, not as the coinbase says.</param>
    /// <exception cref="ArgumentOutOfRangeException">The height is negative.</exception>
    /// <exception cref="OverflowException">The outputs have more value than fits 64 bits; those of a decoded coinbase never do.</exception>
    public Attribution Attribute(ReadOnlySpan<byte> scriptSig, IReadOnlyList<TxOut> outputs, int height)
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

        var evidence = new Evidence(_addressRules, payments.Span, total, _tagRules, _tags, tags.Span);
        return evidence.Judge();
    }
}
