using PoolWatch.Core.Bitcoin;

namespace PoolWatch.Core.Inspection;

/// <summary>What of a coinbase says who made it: its free text, whom it pays, and how its outputs are laid out. Small, so that many can be kept.</summary>
/// <remarks>Immutable. Takes time in proportion to the coinbase and keeps at most <see cref="MaxPayouts"/> of its payments, however many it has.</remarks>
public sealed class CoinbaseTraces
{
    /// <summary>Most payments that are kept, the largest. A pool that pays its miners in the coinbase can have hundreds.</summary>
    public const int MaxPayouts = 128;

    private CoinbaseTraces(byte[] scriptSig, IReadOnlyList<Payout> payouts, long value, int outputCount, string structure)
    {
        ScriptSig = scriptSig;
        Payouts = payouts;
        Value = value;
        OutputCount = outputCount;
        Structure = structure;
    }

    /// <summary>The scriptSig of the input.</summary>
    public ReadOnlyMemory<byte> ScriptSig { get; }

    /// <summary>
    /// Payments to scripts that have an address, one for each script, the largest first; equal ones by output. Scripts without an address pay nobody
    /// that could be met again: commitments, and scripts that everybody can spend.
    /// </summary>
    public IReadOnlyList<Payout> Payouts { get; }

    /// <summary>Satoshi of all outputs together.</summary>
    public long Value { get; }

    /// <summary>Number of outputs, commitments included.</summary>
    public int OutputCount { get; }

    /// <summary>Kinds of the outputs in their order, as <c>p2wpkh op_return op_return</c>; from the seventh on only their number: <c>+12</c>.</summary>
    public string Structure { get; }

    /// <summary>The payment of more than half of the value; null where there is none.</summary>
    public Payout? Majority => Payouts.Count > 0 && IsMajority(Payouts[0]) ? Payouts[0] : null;

    /// <summary>Takes the traces of a coinbase.</summary>
    /// <exception cref="OverflowException">The outputs have more value than fits 64 bits; those of a decoded coinbase never do.</exception>
    public static CoinbaseTraces Of(Coinbase coinbase) => Of(coinbase.ScriptSig.Span, coinbase.Outputs);

    /// <summary>Takes the traces of a coinbase by the only parts of it that count.</summary>
    /// <param name="scriptSig">The scriptSig of its input; copied.</param>
    /// <param name="outputs">All its outputs; kept scripts are copied.</param>
    /// <exception cref="OverflowException">The outputs have more value than fits 64 bits; those of a decoded coinbase never do.</exception>
    public static CoinbaseTraces Of(ReadOnlySpan<byte> scriptSig, IReadOnlyList<TxOut> outputs)
    {
        var byScript = new Dictionary<ReadOnlyMemory<byte>, int>(ByteComparer.Instance);
        var payouts = new List<Payout>(Math.Min(outputs.Count, 4));
        var total = 0L;
        for (var i = 0; i < outputs.Count; i++)
        {
            var (value, script) = outputs[i];
            total = checked(total + value);
            if (value <= 0 || !OutputKind.HasAddress(script.Span))
            {
                continue;
            }

            script = WithKeyHash(script);
            if (byScript.TryAdd(script, payouts.Count))
            {
                payouts.Add(new Payout(script, value, i));
            }
            else
            {
                payouts[byScript[script]] = payouts[byScript[script]] with { Value = payouts[byScript[script]].Value + value };
            }
        }

        return new CoinbaseTraces(scriptSig.ToArray(), Largest(payouts), total, outputs.Count, OutputKind.Describe(outputs));
    }

    /// <summary>Whether a payment is more than half of the value.</summary>
    public bool IsMajority(Payout payout) => payout.Value > Value - payout.Value;

    private static Payout[] Largest(List<Payout> payouts)
    {
        payouts.Sort((a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : a.Index.CompareTo(b.Index));
        return [.. payouts.Take(MaxPayouts).Select(p => p with { Script = p.Script.ToArray() })];
    }

    /// <summary>A bare key is paid under the address of its hash too, so both are one payee.</summary>
    private static ReadOnlyMemory<byte> WithKeyHash(ReadOnlyMemory<byte> script)
    {
        var keyHashScript = new byte[OutputScript.KeyHashSize];
        return OutputScript.TryGetKeyHashScript(script.Span, keyHashScript) ? keyHashScript : script;
    }
}

/// <summary>What a coinbase pays to one script, in however many outputs.</summary>
/// <param name="Script">The output script; that of a bare public key is given as the script of its hash.</param>
/// <param name="Value">Satoshi, above 0.</param>
/// <param name="Index">Index of the first of the outputs.</param>
public readonly record struct Payout(ReadOnlyMemory<byte> Script, long Value, int Index);
