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

    private readonly TagAutomaton _tags;

    /// <summary>Compiles a list; a few milliseconds for the bundled one.</summary>
    /// <param name="list">The pools and their rules.</param>
    public PoolWatchAttributor(PoolList list)
        : base(list, bareKeys: true) =>
        _tags = new TagAutomaton(TagRules);

    /// <inheritdoc/>
    public override string Algorithm => Name;

    private protected override void FindTags(ReadOnlySpan<byte> scriptSig, int height, ref Hits hits) => _tags.Find(scriptSig, height, ref hits);

    private protected override Attribution Judge(ReadOnlySpan<byte> scriptSig, int height, Span<Hit> payments, long total, Span<Hit> tags) =>
        new Evidence(AddressRules, payments, total, TagRules, _tags, tags, height).Judge(scriptSig);
}
