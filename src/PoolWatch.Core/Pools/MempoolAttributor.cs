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

    private readonly TagPatterns _tags;

    /// <summary>Compiles a list; a few milliseconds for the bundled one.</summary>
    /// <param name="list">The pools and their rules; each tag is read as a regular expression.</param>
    /// <exception cref="PoolListException">
    /// A tag is no regular expression, or one that can't be searched for in bounded time: with lookaround, a reference to a group or
    /// enormous repetitions. Every such tag is named, up to a hundred.
    /// </exception>
    public MempoolAttributor(PoolList list)
        : base(list, bareKeys: false) =>
        _tags = new TagPatterns(TagRules);

    /// <inheritdoc/>
    public override string Algorithm => Name;

    private protected override void FindTags(ReadOnlySpan<byte> scriptSig, int height, ref Hits hits) => _tags.Find(scriptSig, height, ref hits);

    private protected override Attribution Judge(ReadOnlySpan<byte> scriptSig, int height, Span<Hit> payments, long total, Span<Hit> tags) =>
        new MempoolEvidence(AddressRules, payments, total, TagRules, _tags, tags, height).Judge(scriptSig);
}
