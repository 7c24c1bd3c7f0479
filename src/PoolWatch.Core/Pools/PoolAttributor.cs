using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Pools;

/// <summary>Attributes coinbases to pools by the rule <c>poolwatch/1</c> (docs/adr/0001-attribution-rule.md). Safe for use by many threads.</summary>
/// <param name="list">The pools and their rules; compiled once.</param>
public sealed class PoolAttributor(PoolList list)
{
    /// <summary>Name of the rule, stored with each attribution.</summary>
    public const string Algorithm = "poolwatch/1";

    /// <summary>The list in use.</summary>
    public PoolList List { get; } = list;

    /// <summary>Attributes a coinbase.</summary>
    /// <param name="coinbase">The coinbase transaction.</param>
    /// <param name="height">Height of its block as the chain has it, not as the coinbase says; 0 or more.</param>
    public Attribution Attribute(Coinbase coinbase, int height) => Attribute(coinbase.ScriptSig.Span, coinbase.Outputs, height);

    /// <summary>Attributes a coinbase by the only parts of it that count.</summary>
    /// <param name="scriptSig">The scriptSig of its input.</param>
    /// <param name="outputs">All its outputs.</param>
    /// <param name="height">Height of its block as the chain has it, not as the coinbase says; 0 or more.</param>
    public Attribution Attribute(ReadOnlySpan<byte> scriptSig, IReadOnlyList<TxOut> outputs, int height) => throw new NotImplementedException();
}
